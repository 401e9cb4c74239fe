import CPostgres

/// What one statement brought: all its rows, in memory.
///
/// `@unchecked Sendable` is safe: nobody writes to a result.
package final class PostgresResult: @unchecked Sendable {
  let pointer: OpaquePointer
  /// The rows.
  package let count: Int
  let columnCount: Int

  init(_ pointer: OpaquePointer) {
    self.pointer = pointer
    count = Int(PQntuples(pointer))
    columnCount = Int(PQnfields(pointer))
  }

  deinit { PQclear(pointer) }

  package subscript(row: Int) -> PostgresRow {
    precondition(row >= 0 && row < count, "a row that is not there")
    return PostgresRow(result: self, row: Int32(row))
  }

  package var first: PostgresRow? { count > 0 ? self[0] : nil }

  /// The rows that the statement inserted, changed, deleted or read.
  package var affected: Int { PQcmdTuples(pointer).flatMap { Int(String(cString: $0)) } ?? 0 }

  /// What the server calls what it did: `COMMIT`, `INSERT 0 1`.
  package var tag: String { PQcmdStatus(pointer).map { String(cString: $0) } ?? "" }

  /// Calls `body` with each row.
  package func each<E: Error>(_ body: (PostgresRow) throws(E) -> Void) throws(E) {
    for row in 0..<count { try body(self[row]) }
  }

  /// One value of each row.
  package func map<Value, E: Error>(_ body: (PostgresRow) throws(E) -> Value) throws(E) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(count)
    for row in 0..<count { values.append(try body(self[row])) }
    return values
  }
}
