/// Entries of the oplog as a snapshot gave them, in order, ready to be rendered under one data model.
///
/// States lie in one page of rows for each model, whose columns are those of the model now: each row is
/// the object after the operation, with `updated_at` and the sequence of the entry itself.
package struct OplogPage {
  package struct Entry {
    package let sequence: Int64
    package let operation: OplogEntry.Operation
    /// The index in `groups`, and the row there.
    package let group: Int
    package let row: Int
    /// Who made the change; nil unless the plan asked for it.
    package let origin: String?
  }

  /// The entries of one model.
  package struct Group {
    /// The number of the model, and the model where it is still deployed; rows have no columns beside the
    /// leading ones where it is not.
    package let number: Int
    package let model: StoredModel?
    package let rows: RowPage
  }

  package let entries: [Entry]
  package let groups: [Group]
}
