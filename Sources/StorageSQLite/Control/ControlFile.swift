import Storage

/// The tables of a control file.
struct ControlFile: ControlTables {
  let connection: Connection

  static var prefix: String { "" }

  func run(_ sql: String, _ values: [SQLValue]) throws { try connection.run(sql, values) }

  func rows<Result>(_ sql: String, _ values: [SQLValue], _ row: (Row) throws -> Result) throws -> [Result] {
    try connection.rows(sql, values) { try row(Row(statement: $0)) }
  }

  struct Row: TableRow {
    let statement: Statement

    func isNull(_ column: Int) -> Bool { statement.isNull(Int32(column)) }
    func integer(_ column: Int) -> Int64 { statement.integer(Int32(column)) }
    func text(_ column: Int) -> String { statement.text(Int32(column)) }
    func blob(_ column: Int) -> [UInt8] { Array(statement.bytes(Int32(column))) }
  }
}
