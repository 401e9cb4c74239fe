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
  /// The objects that exist, in any order: a page for the first of the wants, one for the second, and so on. Those that
  /// have none stand in `rest` as they are.
  package var pages: [RowPage] = []
  /// Those of the wanted attachments that there are.
  package var attachments: [ObjectID: AttachmentRecord]
  /// What is still to be asked for: large objects come in several calls, each of bounded size.
  package var rest: [Want] = []

  package init(attachments: [ObjectID: AttachmentRecord] = [:]) { self.attachments = attachments }
}
