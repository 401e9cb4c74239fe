/// A list with what is to be known beside its objects: all in one call of `Snapshot.list`.
package struct ListWant: Sendable {
  package var plan: ReadPlan
  /// Where it goes on; nil for a list from its beginning.
  package var position: ListPosition?
  /// Whether the number of all objects that match is wanted, without position, skip and limit.
  package var hasTotal: Bool
  /// Models whose state versions are wanted.
  package var versioned: [StoredModel]

  package init(_ plan: ReadPlan, after position: ListPosition?, hasTotal: Bool, versioned: [StoredModel]) {
    self.plan = plan
    self.position = position
    self.hasTotal = hasTotal
    self.versioned = versioned
  }
}

/// What is known of a list once its last page was handed out.
package struct ReadList {
  /// Nil where it was not wanted.
  package let total: Int?
  /// `Snapshot.nextSequence`.
  package let nextSequence: Int64

  package init(total: Int?, nextSequence: Int64) {
    self.total = total
    self.nextSequence = nextSequence
  }
}
