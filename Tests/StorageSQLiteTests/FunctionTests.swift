import Testing

@testable import StorageSQLite

@Suite("SQLite's own functions")
struct FunctionTests {
  @Test(
    "casefold folds texts and leaves the rest",
    arguments: [
      ("casefold('ABC')", "abc"), ("casefold('')", ""), ("casefold('ΣΊΣΥΦΟΣ')", "σίσυφοσ"),
      ("casefold('Straße')", "straße"), ("casefold(char(0x1E9E))", "ß"), ("casefold(char(0x212A))", "k"),
      ("casefold('A' || char(0) || 'B') = 'a' || char(0) || 'b'", "1"), ("casefold(NULL) IS NULL", "1"),
      ("casefold(12)", "12"), ("hex(casefold(x'41'))", "41"),
      ("instr(casefold('Größe ÄRA'), casefold('ßE äR')) > 0", "1"), ("casefold('ascii') = 'ascii'", "1"),
    ])
  func caseFold(expression: String, expected: String) throws {
    let folder = try TemporaryDirectory()
    for role in [Connection.Role.writer, .reader] {
      let connection = try Connection(path: folder.path + "/f.db", role: role, cacheKiB: 256, create: role == .writer)
      let statement = try Statement("SELECT \(expression)", on: connection)
      #expect(try statement.step())
      #expect(statement.text(0) == expected)
      statement.reset()
    }
  }

  @Test("casefold may stand in an index")
  func indexed() throws {
    let folder = try TemporaryDirectory()
    let connection = try Connection(path: folder.path + "/f.db", role: .writer, cacheKiB: 256, create: true)
    try connection.run("CREATE TABLE t (a TEXT); CREATE INDEX i ON t (casefold(a)); INSERT INTO t VALUES ('Ä')")
    let statement = try Statement("SELECT count(*) FROM t WHERE casefold(a) = 'ä'", on: connection)
    #expect(try statement.step())
    #expect(statement.integer(0) == 1)
    statement.reset()
  }
}
