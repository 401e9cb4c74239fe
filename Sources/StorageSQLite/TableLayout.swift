import DataModel
import Storage

/// All columns that a model's table has, also those that no deployed data model shows: of removed fields,
/// and of types that a field has had.
struct TableLayout {
  struct Column {
    let number: Int
    /// The name in the data model.
    let name: String
    /// As `StoredColumn.storedType`.
    let storedType: String
  }

  let columns: [Column]

  /// As the file has it now.
  init(ofModel number: Int, on connection: Connection) throws {
    let statement = try connection.statement("SELECT number, name, type FROM columns WHERE model = ? ORDER BY number")
    statement.bind(1, integer: Int64(number))
    defer { statement.reset() }
    var columns: [Column] = []
    while try statement.step() {
      columns.append(
        Column(number: Int(statement.integer(0)), name: statement.text(1), storedType: statement.text(2)))
    }
    self.columns = columns
  }

  init(columns: [Column]) { self.columns = columns }

  /// The columns that a field has under other types, the latest first. A field and a relationship of one
  /// name are two things: neither holds values of the other.
  func earlier(than number: Int, of field: Field) -> [EarlierColumn] {
    columns.reversed().compactMap { column in
      guard column.number != number, column.name == field.name, let type = FieldType(rawValue: column.storedType)
      else { return nil }
      return EarlierColumn(number: column.number, type: type, now: field.type)
    }
  }
}
