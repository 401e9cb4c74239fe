import Wire

/// One change of one object, as the oplog keeps it.
package struct OplogEntry: Sendable {
  package enum Operation: Int, Sendable { case create = 1, update, delete }

  package var sequence: Int64
  /// The number of the model, which may no longer be deployed.
  package var model: Int
  package var operation: Operation
  package var id: ObjectID
  package var updatedAt: Int64
  package var origin: String
  /// The state after the operation by column number; for a delete the last state. Nulls are left out.
  package var values: [(column: Int, value: StoredValue)]

  package init(
    sequence: Int64, model: Int, operation: Operation, id: ObjectID, updatedAt: Int64, origin: String,
    values: [(column: Int, value: StoredValue)]
  ) {
    self.sequence = sequence
    self.model = model
    self.operation = operation
    self.id = id
    self.updatedAt = updatedAt
    self.origin = origin
    self.values = values
  }
}
