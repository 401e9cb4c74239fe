import Storage

extension Connection {
  /// Runs a statement to its end.
  func run(_ sql: String, _ values: [SQLValue]) throws {
    let statement = try statement(sql)
    statement.bind(values)
    try statement.run()
  }

  /// All rows, each read by `row`.
  func rows<Row>(_ sql: String, _ values: [SQLValue] = [], _ row: (Statement) throws -> Row) throws -> [Row] {
    let statement = try statement(sql)
    defer { statement.reset() }
    statement.bind(values)
    var rows: [Row] = []
    while try statement.step() { rows.append(try row(statement)) }
    return rows
  }
}

extension Statement {
  fileprivate func bind(_ values: [SQLValue]) {
    for (index, value) in values.enumerated() {
      let parameter = Int32(index + 1)
      switch value.bound {
      case .integer(let integer?): bind(parameter, integer: integer)
      case .text(let text?): bind(parameter, text: text)
      case .blob(let bytes?): bytes.withUnsafeBytes { bind(parameter, blob: $0) }
      case .integer(nil), .text(nil), .blob(nil): bindNull(parameter)
      }
    }
  }
}
