/// Statements that go to the server together and are answered together: one round trip, and one transaction unless
/// they say otherwise.
///
///     var trip = PostgresPipeline()
///     trip.add("BEGIN")
///     trip.add("SELECT feed FROM d_1.head FOR UPDATE")
///     trip.add("SELECT id FROM d_1.m3 WHERE n = $1") { $0.add(integer: n) }
///     let results = try connection.perform(trip)
///
/// It is a value that is complete before anything is sent: an error while it is built reaches no server, and
/// PostgreSQL, whose timeouts do not see a pipeline that stays open, never waits for the rest of one.
package struct PostgresPipeline: Sendable {
  struct Statement: Sendable {
    let sql: String
    /// Whether the server keeps it prepared.
    let isKept: Bool
    let values: Range<Int>
  }

  private(set) var statements: [Statement] = []
  private(set) var parameters = PostgresParameters()

  /// The most values of a statement (a 16-bit number in the protocol), and the most bytes of a pipeline's.
  static let mostValues = 65_535
  static let mostBytes = 256 << 20
  /// Bytes of SQL up to which a statement is kept prepared: longer ones are filters that hardly come twice.
  private static let keptLength = 8192

  package init() {}

  package var count: Int { statements.count }
  package var isEmpty: Bool { statements.isEmpty }

  /// A statement that comes again and again; the server keeps it prepared.
  package mutating func add(_ sql: String) { add(sql, isKept: true) { _ in } }

  package mutating func add<E: Error>(
    _ sql: String, _ bind: (inout PostgresParameters) throws(E) -> Void
  ) throws(E) {
    try add(sql, isKept: true, bind)
  }

  /// A statement that hardly comes twice, or changes tables.
  package mutating func addOnce(_ sql: String) { add(sql, isKept: false) { _ in } }

  package mutating func addOnce<E: Error>(
    _ sql: String, _ bind: (inout PostgresParameters) throws(E) -> Void
  ) throws(E) {
    try add(sql, isKept: false, bind)
  }

  /// Forgets all statements, and keeps the memory.
  package mutating func removeAll() {
    statements.removeAll(keepingCapacity: true)
    parameters.removeAll()
  }

  private mutating func add<E: Error>(
    _ sql: String, isKept: Bool, _ bind: (inout PostgresParameters) throws(E) -> Void
  ) throws(E) {
    let (values, bytes) = (parameters.values.count, parameters.bytes.count)
    do throws(E) {
      try bind(&parameters)
    } catch {
      parameters.cut(values: values, bytes: bytes)
      throw error
    }
    statements.append(
      Statement(
        sql: sql, isKept: isKept && sql.utf8.count <= Self.keptLength, values: values..<parameters.values.count))
  }

  /// Why it cannot be sent; nil where it can.
  var fault: PostgresFault? {
    if parameters.bytes.count > Self.mostBytes {
      return PostgresFault(
        .refused, "its values have \(parameters.bytes.count) bytes, of up to \(Self.mostBytes)")
    }
    if let long = statements.firstIndex(where: { $0.values.count > Self.mostValues }) {
      return PostgresFault(
        .refused, "statement \(long) has \(statements[long].values.count) values, of up to \(Self.mostValues)")
    }
    return nil
  }
}
