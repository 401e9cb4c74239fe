import DataModel
import Storage
import Wire

// Which objects hold an attachment's id, in whatever column of whatever table.

extension AttachmentLedger {
  /// An object as it lies in its table, with all columns.
  struct Linking {
    let model: Int
    let id: ObjectID
    let updatedAt: Int64
    let row: Int64
    /// By the number of their column.
    let values: [(column: Int, value: StoredValue)]
  }

  /// Hands out every object that holds the id. It looks through all objects of models with attachments:
  /// bytes that come late for an id that is linked are rare.
  func eachLinking(_ attachment: ObjectID, _ body: (Linking) throws -> Void) throws {
    for (model, columns) in try columnsOfAttachments() {
      let layout = try TableLayout(ofModel: model, on: connection).columns
      let selection = layout.map { ", c\($0.number)" }.joined()
      let condition = columns.map { "c\($0) = ?1" }.joined(separator: " OR ")
      let find = try connection.statement(
        "SELECT id, updated_at, n\(selection) FROM m\(model) WHERE \(condition) ORDER BY n")
      find.bind(1, id: attachment)
      // All of them first: what `body` writes would move what is being walked.
      var found: [Linking] = []
      while try find.step() {
        let values = try layout.enumerated().map { ($1.number, try find.value(Int32($0 + 3))) }
        found.append(
          Linking(
            model: model, id: try find.id(0), updatedAt: find.integer(1), row: find.integer(2), values: values))
      }
      find.reset()
      for linking in found { try body(linking) }
    }
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
  func touch(_ linking: Linking, updatedAt: Int64, sequence: Int64) throws {
    let touch = try connection.statement("UPDATE m\(linking.model) SET updated_at = ?, sequence = ? WHERE n = ?")
    touch.bind(1, integer: updatedAt)
    touch.bind(2, integer: sequence)
    touch.bind(3, integer: linking.row)
    try touch.run()
  }
}
