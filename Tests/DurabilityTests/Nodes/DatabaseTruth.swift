import Glibc
import PostgresUnderTest
import ServerUnderTest
import Storage

/// A deployment's tables, read past all nodes.
struct DatabaseTruth: Sendable {
  let database: PostgresDatabase
  let schema: String
  private let number: Int

  init(_ database: PostgresDatabase, deployment: String) throws {
    self.database = database
    schema = "d_\(deployment)"
    let text = try database.run("SELECT number FROM \(schema).columns WHERE name = 'number'")
    guard let number = Int(text.filter(\.isNumber)) else { throw TestFault("no column of the field number: \(text)") }
    self.number = number
  }

  /// All objects, or those of one author, when nothing that was sent before can come any more: whoever writes has the
  /// lock of `head`, so who gets that after them sees all of it.
  func objects(of author: Author? = nil) throws -> [String: Int64] {
    let sql = """
      BEGIN; SELECT FROM \(schema).head FOR UPDATE; SELECT id, c\(number) FROM \(schema).m1
      \(author.map { "WHERE id::text LIKE '\($0.prefix)%'" } ?? ""); COMMIT
      """
    let text = try Fleet.patiently { try database.run(sql) }
    var found: [String: Int64] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "|")
      guard parts.count == 2, let number = Int64(parts[1]) else { throw TestFault("a row that is none: \(line)") }
      found[String(parts[0])] = number
    }
    return found
  }

  /// The oplog, in the order of its sequences.
  func entries() throws -> [LoggedEntry] {
    let text = try database.run(
      "SELECT sequence, updated_at, operation, id, encode(state, 'hex') FROM \(schema).oplog ORDER BY sequence")
    return try text.split(separator: "\n").map { line in
      let parts = line.split(separator: "|", omittingEmptySubsequences: false)
      guard parts.count == 5, let sequence = Int64(parts[0]), let updatedAt = Int64(parts[1]),
        let operation = Int64(parts[2])
      else { throw TestFault("an entry that is none: \(line)") }
      let state = Self.bytes(parts[4])
      return state.withUnsafeBytes {
        LoggedEntry(
          sequence: sequence, updatedAt: updatedAt, operation: operation, id: String(parts[3]), state: $0,
          column: number)
      }
    }
  }

  private static func bytes(_ hex: Substring) -> [UInt8] {
    func value(_ digit: UInt8) -> UInt8 { digit < 58 ? digit - 48 : digit - 87 }
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).map { value(digits[$0]) << 4 | value(digits[$0 + 1]) }
  }

  /// What contradicts itself: groups with a gap between them, sequences that no group has, counts and orders of
  /// creation that are not those of the rows.
  func findings() throws -> [String] {
    let text = try database.run(
      """
      SELECT 'a gap behind group ' || number FROM (
        SELECT number, lead(number) OVER (ORDER BY number) AS next FROM \(schema).commits) AS c WHERE next <> number + 1
      UNION ALL SELECT 'group ' || number || ' goes back' FROM (
        SELECT number, last_sequence, lag(last_sequence) OVER (ORDER BY number) AS before FROM \(schema).commits) AS c
        WHERE before > last_sequence
      UNION ALL SELECT 'entries go on beyond the last group' FROM (SELECT max(sequence) AS last FROM \(schema).oplog) AS o
        WHERE last <> (SELECT last_sequence FROM \(schema).commits ORDER BY number DESC LIMIT 1)
      UNION ALL SELECT 'the count says ' || count || ', ' || n || ' are there' FROM (
        SELECT count, last_row FROM \(schema).counters WHERE model = 1 ORDER BY number DESC LIMIT 1) AS c,
        (SELECT count(*) AS n FROM \(schema).m1) AS m WHERE count <> n
      UNION ALL SELECT 'a row beyond the last one' FROM (
        SELECT last_row FROM \(schema).counters WHERE model = 1 ORDER BY number DESC LIMIT 1) AS c
        WHERE last_row < (SELECT max(n) FROM \(schema).m1)
      UNION ALL SELECT 'an object whose last entry says otherwise: ' || m.id FROM \(schema).m1 AS m
        WHERE NOT EXISTS (SELECT FROM \(schema).oplog AS o WHERE o.sequence = m.sequence AND o.id = m.id
          AND o.updated_at = m.updated_at)
      UNION ALL SELECT 'feeds: ' || n FROM (SELECT count(DISTINCT feed) AS n FROM \(schema).commits) AS f WHERE n <> 1
      """)
    return text.split(separator: "\n").prefix(10).map(String.init)
  }
}
