import Storage

/// How the tables of models are declared in the file, in SQL.
enum TableText {
  /// Up to the columns that models have by themselves.
  private static func head(_ table: String) -> String {
    // `n` is the order of creation. It is declared, and not left as the hidden rowid, so that an index
    // can name it last and descending: then one index serves a sort with its ties both ways.
    "CREATE TABLE \(table) (n INTEGER PRIMARY KEY, id BLOB NOT NULL, updated_at INTEGER NOT NULL,\n"
      + "  sequence INTEGER NOT NULL"
  }

  /// What makes the table of a model, with a column for each of its own.
  static func making(_ model: StoredModel) -> String { head(model.table) + declared(model.columns) + ")" }

  /// The same text with more columns at its end, which is all that `ALTER TABLE … ADD COLUMN` does for columns
  /// without default and constraint. Nil for a text that is not like ours, which may not be continued that way.
  static func adding(_ columns: [StoredColumn], to text: String, of table: String) -> String? {
    let head = head(table)
    guard text.utf8.starts(with: head.utf8), text.utf8.last == UInt8(ascii: ")") else { return nil }
    // Our columns are numbered and have one word each for their type, so there is nothing else in ours.
    let isOurs = text.utf8.dropFirst(head.utf8.count).dropLast().allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ","), UInt8(ascii: " "):
        true
      default: false
      }
    }
    return isOurs ? String(text.dropLast()) + declared(columns) + ")" : nil
  }

  /// As they stand behind other columns.
  private static func declared(_ columns: [StoredColumn]) -> String {
    columns.reduce(into: "") { $0 += ", \(declared($1))" }
  }

  static func declared(_ column: StoredColumn) -> String { "\(column.ownName) \(column.type.affinity)" }
}

extension ColumnType {
  var affinity: String {
    switch self {
    case .integer: "INTEGER"
    case .real: "REAL"
    case .text: "TEXT"
    case .id: "BLOB"
    }
  }
}
