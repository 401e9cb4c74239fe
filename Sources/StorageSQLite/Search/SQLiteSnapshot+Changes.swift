import Storage
import Wire

// What the search index asks of a snapshot.

extension SQLiteSnapshot {
  /// One oplog entry, as far as it says which object changed.
  struct Change {
    var sequence: Int64
    var model: Int
    var operation: OplogEntry.Operation
    var id: ObjectID
  }

  func changes(after sequence: Int64, limit: Int) throws -> [Change] {
    let statement = try reader.connection.statement(
      "SELECT sequence, model, operation, id FROM oplog WHERE sequence > ? ORDER BY sequence LIMIT ?")
    defer { statement.reset() }
    statement.bind(1, integer: sequence)
    statement.bind(2, integer: Int64(limit))
    var changes: [Change] = []
    while try statement.step() {
      changes.append(
        Change(
          sequence: statement.integer(0), model: Int(statement.integer(1)),
          operation: OplogEntry.Operation(rawValue: Int(statement.integer(2))) ?? .update, id: try statement.id(3)))
    }
    return changes
  }

  /// Whether the oplog has the entry with exactly this sequence.
  func holdsEntry(_ sequence: Int64) throws -> Bool {
    let statement = try reader.connection.statement("SELECT 1 FROM oplog WHERE sequence = ?")
    defer { statement.reset() }
    statement.bind(1, integer: sequence)
    return try statement.step()
  }

  /// Of the newest entry; nil where there is none.
  func lastSequence() throws -> Int64? {
    let statement = try reader.connection.statement("SELECT sequence FROM oplog ORDER BY sequence DESC LIMIT 1")
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : nil
  }

  /// Whether no object of the model has a value there. Reads the whole table at worst.
  func isEmpty(_ column: String, of model: StoredModel) throws -> Bool {
    let statement = try Statement(
      "SELECT 1 FROM \(model.table) WHERE \(column) IS NOT NULL LIMIT 1", on: reader.connection)
    return try !statement.step()
  }
}
