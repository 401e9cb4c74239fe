import Storage

/// One change of one object: what one entry of the oplog must say.
struct Change: Equatable, Sendable {
  let id: String
  let operation: OplogEntry.Operation
  /// After the change; of a delete the last one. Every write has a number of its own.
  let number: Int64
}
