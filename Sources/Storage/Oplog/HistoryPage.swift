import Wire

/// Which entries of an object's history are wanted.
package struct HistoryPlan: Sendable {
  package var model: StoredModel
  package var id: ObjectID
  /// Only entries below this sequence; quick where it is that of an entry of the object. Nil for the newest ones.
  package var before: Int64?
  /// The entry of the object to begin with, in place of `before`: it is found at once, however long the history is.
  /// Where it is not kept there are no entries.
  package var at: Int64?
  /// Entries that are handed out; fewer where their states are large.
  package var limit: Int

  package init(_ model: StoredModel, _ id: ObjectID, before: Int64? = nil, limit: Int) {
    self.model = model
    self.id = id
    self.before = before
    self.limit = limit
  }

  /// An entry, and behind it the one before as `earlier`.
  package init(_ model: StoredModel, _ id: ObjectID, at sequence: Int64) {
    self.init(model, id, limit: 1)
    at = sequence
  }
}

/// Entries of one object, newest first. A deletion ends a life of the object, and a later creation under its id goes on
/// with the same history.
package struct HistoryPage: Sendable {
  /// Where the entries of a page end.
  package enum End: Sendable, Equatable {
    /// Earlier ones follow; they are asked for with this `before`.
    case more(before: Int64)
    /// With the creation. What an earlier object left under the id may have been trimmed.
    case whole
    /// Earlier ones were trimmed.
    case trimmed
    /// Earlier ones, if there are any, are still being linked.
    case linking
  }

  package var entries: [OplogEntry]
  /// The entry before the last of them, where another page follows.
  package var earlier: OplogEntry?
  package var end: End
  /// All columns that the model's table has. States name them by number, also those that the data model no longer
  /// shows: values under another type are as they were stored.
  package var layout: TableLayout

  package init(entries: [OplogEntry], earlier: OplogEntry?, end: End, layout: TableLayout) {
    self.entries = entries
    self.earlier = earlier
    self.end = end
    self.layout = layout
  }

  /// The entry whose state was there before this one; nil for a creation, and where that is not kept or not linked yet.
  package func predecessor(of index: Int) -> OplogEntry? {
    entries[index].operation == .create ? nil : entry(before: index)
  }

  /// The entry of the object before this one, which of a creation is a deletion; nil where there is none, and where it
  /// is not kept or not linked yet.
  package func entry(before index: Int) -> OplogEntry? {
    index + 1 < entries.count ? entries[index + 1] : earlier
  }

  /// Entries that are looked at on the way to `before`; then the page ends, and its `end` says where to go on.
  package static let mostExamined = 100_000
  /// Bytes of states after which a page ends.
  package static let mostBytes = 1 << 20
}

/// Which deleted objects of a model are wanted.
package struct DeletionPlan: Sendable {
  package var model: StoredModel
  /// Only those deleted below this sequence; nil for the newest ones.
  package var before: Int64?
  /// Objects that are handed out; fewer where their states are large.
  package var limit: Int

  package init(_ model: StoredModel, before: Int64? = nil, limit: Int) {
    self.model = model
    self.before = before
    self.limit = limit
  }
}

/// Objects that were deleted and are still gone, each by its deletion, newest first.
package struct DeletionPage: Sendable {
  /// With the last states.
  package var entries: [OplogEntry]
  /// The `before` of the next page, which may be empty; nil where there is none.
  package var next: Int64?
  /// Whether deletions from before the chain cannot be told yet.
  package var isLinking: Bool

  package init(entries: [OplogEntry], next: Int64?, isLinking: Bool) {
    self.entries = entries
    self.next = next
    self.isLinking = isLinking
  }

  /// Deletions that are looked at for one page: of many objects that came again none is handed out.
  package static let mostExamined = 10_000
}
