import CSQLite
import Foundation
import Glibc
import ServerUnderTest
import Testing

/// `deployment create`, and what it leaves in the data directory.
@Suite(.serialized) struct CreationTests {
  private static func run(_ sql: String, on path: String) throws {
    var handle: OpaquePointer?
    defer { sqlite3_close(handle) }
    // A server that was just started may be writing.
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK,
      sqlite3_busy_timeout(handle, 10_000) == SQLITE_OK,
      sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK
    else { throw TestFault("\(sql): \(String(cString: sqlite3_errmsg(handle)))") }
  }

  @Test(arguments: [false, true]) func aCreationThatCannotBeRegisteredLeavesNothingBehind(isServed: Bool) throws {
    let folder = try TemporaryDirectory()
    let server = try Server(data: folder.path + "/d", log: folder.path + "/log")
    if isServed { try server.start() }
    let control = server.data + "/control.db"
    try Self.run(
      "CREATE TRIGGER refusal BEFORE INSERT ON deployments BEGIN SELECT RAISE(ABORT, 'refused'); END", on: control)
    let id = "cccccccccccccccccccccccc"
    func create() throws -> (code: Int32?, output: String) {
      try ChildProcess.sojourn(
        "deployment", "create", "--data-dir", server.data, "--name", "n", "--environment", "testing", "--data-model",
        folder.path + "/log.schema.xml", "--id", id, "--json")
    }
    #expect(try create().code == 1)
    let files = try FileManager.default.contentsOfDirectory(atPath: server.data + "/deployments")
    #expect(!files.contains { $0.hasPrefix(id) }, "\(files)")
    if let process = server.process {
      let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.id)/fd").filter { name in
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process.id)/fd/\(name)")
        return target?.contains(id) ?? false
      }
      #expect(open.isEmpty, "the file is gone and still open")
    }
    try Self.run("DROP TRIGGER refusal", on: control)
    #expect(try create().code == 0)
  }

  @Test func allFilesAreTheirOwnersAlone() throws {
    let folder = try TemporaryDirectory()
    let server = try Server(data: folder.path + "/d", log: folder.path + "/log")
    try server.start()
    _ = try server.connection().request(
      "POST", server.path("objects/item.json"), authorization: server.authorization, body: #"{"item":{}}"#)
    let names = try FileManager.default.subpathsOfDirectory(atPath: server.data)
    #expect(names.contains { $0.hasSuffix(".db-wal") } && names.contains { $0.hasSuffix(".db-shm") })
    for name in names {
      var status = stat()
      #expect(stat("\(server.data)/\(name)", &status) == 0)
      #expect(status.st_mode & 0o077 == 0, "\(name) has mode \(String(status.st_mode & 0o777, radix: 8))")
    }
  }

  @Test func filesOfNobodyAreNamedAtTheStart() throws {
    let folder = try TemporaryDirectory()
    let server = try Server(data: folder.path + "/d", log: folder.path + "/log")
    for name in ["b.db", "a.db"] {
      try FileManager.default.copyItem(atPath: server.databasePath, toPath: "\(server.data)/deployments/\(name)")
    }
    try server.start()
    let lines = server.output.split(separator: "\n").filter { $0.contains(#""level":"warning""#) }
    #expect(lines.count == 1 && lines[0].contains("a.db, b.db in"), "\(server.output)")
    #expect(!server.output.contains("\(server.deployment).db"))
  }
}
