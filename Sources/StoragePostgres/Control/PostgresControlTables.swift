import Storage

/// The tables of the schema `sojourn`, as one transaction sees them. What brings no rows is sent together with the next
/// statement that does, or with the commit.
final class PostgresControlTables: ControlTables {
  typealias Row = PostgresRow

  static var prefix: String { "sojourn." }

  private let connection: PostgresConnection
  private var waiting: PostgresPipeline

  /// - Parameter opening: what comes before the first statement.
  init(on connection: PostgresConnection, opening: PostgresPipeline = PostgresPipeline()) {
    self.connection = connection
    waiting = opening
  }

  func run(_ sql: String, _ values: [SQLValue]) { add(sql, values) }

  func rows<Result>(_ sql: String, _ values: [SQLValue], _ row: (PostgresRow) throws -> Result) throws -> [Result] {
    add(sql, values)
    return try send().last?.map(row) ?? []
  }

  @discardableResult
  func send() throws(PostgresFault) -> [PostgresResult] {
    defer { waiting.removeAll() }
    return try connection.perform(waiting)
  }

  func commit() -> PostgresCommit {
    defer { waiting.removeAll() }
    waiting.add("COMMIT")
    return connection.commit(waiting)
  }

  private func add(_ sql: String, _ values: [SQLValue]) {
    // No statement of these tables has a question mark but for its parameters.
    let own = String(
      decoding: sql.utf8.map { $0 == UInt8(ascii: "?") ? UInt8(ascii: "$") : $0 }, as: UTF8.self)
    waiting.add(own) { parameters in
      for value in values {
        switch value.bound {
        case .integer(let integer): parameters.add(integer: integer)
        case .text(let text): parameters.add(text: text)
        case .blob(let bytes): parameters.add(bytes: bytes)
        }
      }
    }
  }
}

extension PostgresRow: TableRow {
  package func blob(_ column: Int) throws -> [UInt8] { try bytes(column) }
}
