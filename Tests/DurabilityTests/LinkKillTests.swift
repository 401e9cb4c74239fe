import CSQLite
import Foundation
import Glibc
import ServerUnderTest
import Testing
import Wire

/// `kill -9` while entries are linked that are older than the chain of histories.
@Suite(.serialized) struct LinkKillTests {
  private static let objects = 500

  @Test func everyHistoryIsExactWheneverTheServerDies() throws {
    let environment = ProcessInfo.processInfo.environment
    let most = environment["SOJOURN_LINK_KILLS"].flatMap { Int($0) } ?? 30
    var random = SplitMix(seed: UInt64(environment["SOJOURN_SEED"].flatMap { Int($0) } ?? 1))
    let folder = try TemporaryDirectory()
    let server = try Server(data: folder.path + "/d", log: folder.path + "/log")
    var isThere = [Bool](repeating: false, count: Self.objects)
    try server.start()
    for _ in 0..<40 { try Self.write(1000, to: server, &isThere, &random) }
    #expect(server.stop() == 0)
    try Self.makeOld(server.databasePath)

    var (kills, partly) = (0, 0)
    while kills < most, try Self.isLinking(server) {
      if kills.isMultiple(of: 3) {
        // Also while the file is opened and gets its new columns.
        try server.launch()
        usleep(UInt32.random(in: 0...250_000, using: &random))
      } else {
        try server.start()
        try Self.write(20, to: server, &isThere, &random)
        usleep(UInt32.random(in: 0...30_000, using: &random))
      }
      server.kill()
      kills += 1
      let file = try OplogFile(server.databasePath)
      #expect(try file.integrity() == "ok", "kill \(kills)")
      guard try Self.hasChain(file) else { continue }
      #expect(try Self.wrongLinks(file) == [], "kill \(kills)")
      if try !file.rows("SELECT 1 FROM oplog_links LIMIT 1", { _ in 1 }).isEmpty { partly += 1 }
    }
    #expect(partly > 0, "it was never killed in the middle")
    try server.start()
    for _ in 0..<3000 where try Self.isLinking(server) { usleep(20_000) }
    #expect(try !Self.isLinking(server))
    try Self.write(200, to: server, &isThere, &random)
    #expect(server.stop() == 0)

    let file = try OplogFile(server.databasePath)
    #expect(try file.integrity() == "ok")
    #expect(try Self.wrongHistories(file) == [])
    #expect(try file.entries().count > 40_000)
    print("Kills while entries were linked: \(kills), of which \(partly) left some linked and some not.")
  }

  // MARK: Writing.

  private static func id(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }

  /// Creates, changes and deletes objects, some of them again and again.
  private static func write(
    _ count: Int, to server: Server, _ isThere: inout [Bool], _ random: inout SplitMix
  ) throws {
    var operations: [String] = []
    for _ in 0..<count {
      let number = Int.random(in: 0..<objects, using: &random)
      let dies = isThere[number] && Int.random(in: 0..<5, using: &random) == 0
      let method = dies ? "DELETE" : isThere[number] ? "PATCH" : "POST"
      let value = dies ? "" : ",\"number\":\(Int.random(in: 0...1000, using: &random) * 1000 + operations.count)"
      operations.append(
        "{\"method\":\"\(method)\",\"object\":{\"type\":\"item\",\"id\":\"\(id(number))\"\(value)}}")
      isThere[number] = !dies
    }
    let answer = try server.connection().request(
      "POST", server.path("batch.json"), authorization: server.authorization,
      body: "{\"operations\":[\(operations.joined(separator: ","))]}")
    #expect(answer.status == 200 && !answer.text.contains("\"success\":false"), "\(answer.text.prefix(300))")
  }

  /// The file as the version before the chain left it.
  private static func makeOld(_ path: String) throws {
    var handle: OpaquePointer?
    defer { sqlite3_close(handle) }
    let sql = """
      DROP INDEX oplog_gone; DROP INDEX oplog_gone_ids; DROP TABLE oplog_links;
      ALTER TABLE oplog DROP COLUMN previous; PRAGMA user_version = 9
      """
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK,
      sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK
    else { throw TestFault(String(cString: sqlite3_errmsg(handle))) }
  }

  // MARK: Looking.

  private static func hasChain(_ file: OplogFile) throws -> Bool {
    try !file.rows("SELECT 1 FROM pragma_table_info('oplog') WHERE name = 'previous'") { _ in 1 }.isEmpty
  }

  /// Whether entries are still to be linked; also before the file is what this version makes of it.
  private static func isLinking(_ server: Server) throws -> Bool {
    let file = try OplogFile(server.databasePath)
    return try !hasChain(file) || !file.rows("SELECT 1 FROM meta WHERE key = 'linking'", { _ in 1 }).isEmpty
  }

  /// Each entry with what it is told to follow, and what it does follow.
  private static let told = """
    SELECT sequence, coalesce(oplog.previous, oplog_links.previous) AS told,
      coalesce(lag(sequence) OVER (PARTITION BY model, id ORDER BY sequence), 0) AS follows
    FROM oplog LEFT JOIN oplog_links USING (sequence)
    """

  private static func wrongLinks(_ file: OplogFile) throws -> [Int64] {
    try file.rows("SELECT sequence FROM (\(told)) WHERE told != follows LIMIT 5") { OplogFile.integer($0, 0) }
  }

  private static func wrongHistories(_ file: OplogFile) throws -> [Int64] {
    try file.rows("SELECT sequence FROM (\(told)) WHERE coalesce(told, 0) != follows LIMIT 5") {
      OplogFile.integer($0, 0)
    }
  }
}
