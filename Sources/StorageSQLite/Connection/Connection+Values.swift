import Wire

/// A value of a statement, where statements are few and their values many.
enum SQLValue {
  case null
  case integer(Int64)
  case text(String)
  case blob([UInt8])

  static func flag(_ flag: Bool) -> SQLValue { .integer(flag ? 1 : 0) }
  static func time(_ time: Instant?) -> SQLValue { time.map { .integer($0.secondsSince1970) } ?? .null }
  static func text(orNull text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
  static func integer(orNull integer: Int64?) -> SQLValue { integer.map { .integer($0) } ?? .null }
}

extension Connection {
  /// Runs a statement to its end.
  func run(_ sql: String, _ values: [SQLValue]) throws {
    let statement = try statement(sql)
    statement.bind(values)
    try statement.run()
  }

  /// Adds a row, or replaces the one with the same first column. Another row that is in the way of a unique column
  /// stays, and it fails.
  func put(into table: String, _ columns: [String], _ values: [SQLValue]) throws {
    assert(columns.count == values.count, "a value for each column")
    let parameters = columns.map { _ in "?" }.joined(separator: ", ")
    let changes = columns.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
    try run(
      """
      INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(parameters))
      ON CONFLICT (\(columns[0])) DO UPDATE SET \(changes)
      """, values)
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

  /// Whether the statement has a row.
  func finds(_ sql: String, _ values: [SQLValue]) throws -> Bool {
    let statement = try statement(sql)
    defer { statement.reset() }
    statement.bind(values)
    return try statement.step()
  }
}

extension Statement {
  fileprivate func bind(_ values: [SQLValue]) {
    for (index, value) in values.enumerated() {
      let parameter = Int32(index + 1)
      switch value {
      case .null: bindNull(parameter)
      case .integer(let integer): bind(parameter, integer: integer)
      case .text(let text): bind(parameter, text: text)
      case .blob(let bytes): bytes.withUnsafeBytes { bind(parameter, blob: $0) }
      }
    }
  }

  func time(_ column: Int32) -> Instant? {
    isNull(column) ? nil : Instant(secondsSince1970: integer(column))
  }

  func textOrNil(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }
  func blob(_ column: Int32) -> [UInt8] { Array(bytes(column)) }
}
