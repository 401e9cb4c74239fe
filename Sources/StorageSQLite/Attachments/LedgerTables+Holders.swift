import DataModel
import Storage
import Wire

// Which objects hold an attachment's id, in whatever column of whatever table.

extension LedgerTables {
  /// Every object that holds the id. It looks through all objects of models with attachments: bytes that come late
  /// for an id that is linked are rare.
  func holders(of attachment: ObjectID) throws -> [LinkingObject] {
    var holders: [LinkingObject] = []
    for (model, columns) in try columnsOfAttachments() {
      let layout = try TableLayout(ofModel: model, on: connection).columns
      let selection = layout.map { ", c\($0.number)" }.joined()
      let condition = columns.map { "c\($0) = ?1" }.joined(separator: " OR ")
      let find = try connection.statement(
        "SELECT id, updated_at, n, sequence\(selection) FROM m\(model) WHERE \(condition) ORDER BY n")
      defer { find.reset() }
      find.bind(1, id: attachment)
      while try find.step() {
        let values = try layout.enumerated().map { ($1.number, try find.value(Int32($0 + 4))) }
        holders.append(
          LinkingObject(
            model: model, id: try find.id(0), row: find.integer(2), updatedAt: find.integer(1),
            previous: find.integer(3), values: values))
      }
    }
    return holders
  }

  /// By the number of the model.
  func columnsOfAttachments() throws -> [(model: Int, columns: [Int])] {
    let statement = try connection.statement("SELECT model, number, type FROM columns ORDER BY model, number")
    defer { statement.reset() }
    var found: [(model: Int, columns: [Int])] = []
    while try statement.step() {
      guard FieldType.isAttachment(statement.text(2)) else { continue }
      let (model, column) = (Int(statement.integer(0)), Int(statement.integer(1)))
      if found.last?.model == model {
        found[found.count - 1].columns.append(column)
      } else {
        found.append((model, [column]))
      }
    }
    return found
  }

  /// Says that the object was written.
  func touch(_ object: LinkingObject) throws {
    let touch = try connection.statement("UPDATE m\(object.model) SET updated_at = ?, sequence = ? WHERE n = ?")
    touch.bind(1, integer: object.updatedAt)
    touch.bind(2, integer: object.sequence)
    touch.bind(3, integer: object.row)
    try touch.run()
  }
}
