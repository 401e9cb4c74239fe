import Storage
import Wire

/// A model's table with the statements of its writes kept ready.
final class ObjectTable {
  let table: WrittenTable
  private let connection: Connection
  private let insert: Statement
  private let select: Statement
  private let delete: Statement

  init(_ model: StoredModel, on connection: Connection) throws {
    let table = WrittenTable(model, layout: try TableLayout(ofModel: model.number, on: connection))
    let marks = String(repeating: ", ?", count: model.columns.count)
    let own = model.columns.reduce(into: StoredModel.leading) { $0 += ", \($1.ownName)" }
    let all = table.hidden.reduce(into: own) { $0 += ", c\($1.number)" }
    self.table = table
    self.connection = connection
    insert = try Statement("INSERT INTO \(model.table) (\(own)) VALUES (?, ?, ?, ?\(marks))", on: connection)
    select = try Statement("SELECT \(all) FROM \(model.table) WHERE id = ?", on: connection)
    delete = try Statement("DELETE FROM \(model.table) WHERE n = ?", on: connection)
  }

  func object(_ id: ObjectID) throws -> FoundObject? {
    select.bind(1, id: id)
    defer { select.reset() }
    guard try select.step() else { return nil }
    var own: [StoredValue] = []
    own.reserveCapacity(table.model.types.count)
    for (position, type) in table.model.types.enumerated() {
      own.append(try select.value(Int32(position + 4), as: type))
    }
    let hidden = try table.hidden.indices.map { try select.value(Int32($0 + own.count + 4)) }
    return FoundObject(
      id: id, row: select.integer(2), updatedAt: select.integer(1), sequence: select.integer(3), own: own,
      hidden: hidden)
  }

  /// False where the id of a new object is in use.
  func store(_ change: ObjectChange) throws -> Bool {
    switch change.operation {
    case .create: return try create(change)
    case .update: try update(change)
    case .delete:
      delete.bind(1, integer: change.row)
      try delete.run()
    }
    return true
  }

  private func create(_ change: ObjectChange) throws -> Bool {
    insert.bind(1, id: change.id)
    insert.bind(2, integer: change.updatedAt)
    insert.bind(3, integer: change.row)
    insert.bind(4, integer: change.sequence)
    for (position, value) in change.own.enumerated() { insert.bind(Int32(position + 5), value) }
    return try insert.runUnlessTaken()
  }

  /// Only what changes is named: SQLite then leaves the other columns' indexes alone.
  private func update(_ change: ObjectChange) throws {
    let columns = table.model.columns
    var assignments = ""
    for position in change.changed { assignments += ", \(columns[position].ownName) = ?" }
    for index in change.cleared { assignments += ", c\(table.hidden[index].number) = NULL" }
    let update = try connection.statement(
      "UPDATE \(table.model.table) SET updated_at = ?, sequence = ?\(assignments) WHERE n = ?")
    update.bind(1, integer: change.updatedAt)
    update.bind(2, integer: change.sequence)
    for (index, position) in change.changed.enumerated() { update.bind(Int32(index + 3), change.own[position]) }
    update.bind(Int32(change.changed.count + 3), integer: change.row)
    try update.run()
  }
}
