import Storage
import Wire

/// Appends entries to the oplog.
final class OplogWriter {
  private let insert: Statement
  private var state = ByteWriter(capacity: 4096)

  init(_ connection: Connection) throws {
    insert = try Statement(
      """
      INSERT INTO oplog (sequence, model, operation, id, updated_at, origin, state, previous)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """, on: connection)
  }

  func append(_ change: ObjectChange, origin: String) throws {
    state.removeAll()
    let columns = change.table.model.columns
    for (position, value) in change.own.enumerated() {
      StateCoding.append(column: columns[position].number, value: value, to: &state)
    }
    if !change.hidden.isEmpty {
      for (column, value) in zip(change.table.hidden, change.hidden) {
        StateCoding.append(column: column.number, value: value, to: &state)
      }
    }
    insert.bind(2, integer: Int64(change.table.model.number))
    insert.bind(3, integer: Int64(change.operation.rawValue))
    insert.bind(8, change.previous.map(StoredValue.integer) ?? .null)
    try append(change.id, change.sequence, change.updatedAt, origin)
  }

  func append(_ object: LinkingObject, origin: String) throws {
    state.removeAll()
    for (column, value) in object.values { StateCoding.append(column: column, value: value, to: &state) }
    insert.bind(2, integer: Int64(object.model))
    insert.bind(3, integer: Int64(OplogEntry.Operation.update.rawValue))
    insert.bind(8, integer: object.previous)
    try append(object.id, object.sequence, object.updatedAt, origin)
  }

  private func append(_ id: ObjectID, _ sequence: Int64, _ updatedAt: Int64, _ origin: String) throws {
    insert.bind(1, integer: sequence)
    insert.bind(4, id: id)
    insert.bind(5, integer: updatedAt)
    insert.bind(6, text: origin)
    state.withBytes { insert.bind(7, blob: $0) }
    try insert.run()
  }
}
