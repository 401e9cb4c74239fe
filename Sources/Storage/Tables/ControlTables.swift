/// The tables of a control store in a database, as one transaction sees them.
///
/// Statements are written once for all engines, in the SQL that SQLite and PostgreSQL share: parameters are `?1`, `?2`;
/// truth is an integer, 0 or 1; `INSERT … ON CONFLICT` and `coalesce`, but no function of one engine alone. How tables
/// are made is each engine's own.
package protocol ControlTables: SendableMetatype {
  associatedtype Row: TableRow
  /// What stands before the name of a table.
  static var prefix: String { get }
  /// Does a statement of which nothing is read, now or before the next one that is read.
  func run(_ sql: String, _ values: [SQLValue]) throws
  /// All rows, each read by `row`.
  func rows<Result>(_ sql: String, _ values: [SQLValue], _ row: (Row) throws -> Result) throws -> [Result]
}

extension ControlTables {
  func finds(_ sql: String, _ values: [SQLValue]) throws -> Bool { try !rows(sql, values) { _ in }.isEmpty }

  /// Adds a row, or replaces the one with the same first columns. Another row that is in the way of a unique column
  /// stays, and it fails.
  func put(into table: String, keys: Int = 1, _ columns: [String], _ values: [SQLValue]) throws {
    assert(columns.count == values.count, "a value for each column")
    let parameters = columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
    let changes = columns.dropFirst(keys).map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
    try run(
      """
      INSERT INTO \(Self.prefix)\(table) (\(columns.joined(separator: ", "))) VALUES (\(parameters))
      ON CONFLICT (\(columns.prefix(keys).joined(separator: ", "))) DO UPDATE SET \(changes)
      """, values)
  }

  func delete(from table: String, where condition: String, _ values: [SQLValue]) throws {
    try run("DELETE FROM \(Self.prefix)\(table) WHERE \(condition)", values)
  }
}
