import Wire

/// Objects that are wanted by their ids, with some of their columns: one question of `Snapshot.fetch`.
package struct Want: Sendable {
  /// What the caller knows it by; nothing to the engine.
  package var number: Int
  package var model: StoredModel
  package var ids: [ObjectID]
  /// Positions of columns.
  package var columns: [Int]

  package init(number: Int, model: StoredModel, ids: [ObjectID], columns: [Int]) {
    self.number = number
    self.model = model
    self.ids = ids
    self.columns = columns
  }
}

/// What one call of `Snapshot.fetch` brought.
package struct Fetched {
  /// One for the first of the wants, and each behind it as far as `rest` does not begin with it untouched: the objects
  /// that exist, in any order.
  package var pages: [RowPage] = []
  /// Those of the wanted attachments that there are.
  package var attachments: [ObjectID: AttachmentRecord]
  /// What is still to be asked for: large objects come in several calls, each of bounded size.
  package var rest: [Want] = []

  package init(attachments: [ObjectID: AttachmentRecord] = [:]) { self.attachments = attachments }
}

/// An object, and of which state of the deployment it is.
package struct ReadObject {
  /// One row with all columns.
  package let page: RowPage
  /// `Snapshot.nextSequence`.
  package let nextSequence: Int64
  /// Of the models that were asked for, in their order; these are final for the snapshot.
  package let stateVersions: [Int?]

  package init(page: RowPage, nextSequence: Int64, stateVersions: [Int?]) {
    self.page = page
    self.nextSequence = nextSequence
    self.stateVersions = stateVersions
  }
}

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
