import Glibc
import PostgresUnderTest
import ServerUnderTest
import Testing

/// Commands that take `--storage` in place of `--data-dir`, with the real binary and a real database.
@Suite("Commands on a database", .serialized)
struct SharedStorageCommandTests {
  private let folder: TemporaryDirectory
  private let database: PostgresDatabase
  private var key: String { folder.path + "/key" }

  init() throws {
    folder = try TemporaryDirectory()
    database = try PostgresCluster.shared().database()
  }

  private func run(_ words: String...) throws -> SojournBinary.Run {
    try SojournBinary.run(
      words, environment: ["SOJOURN_STORAGE=\(database.address)", "SOJOURN_KEY_FILE=\(key)", "TMPDIR=\(folder.path)"])
  }

  private func prepare() throws {
    let made = try run("storage", "init")
    #expect(made.exitCode == 0, "\(made)")
  }

  @Test("reach people, and leave no folder behind")
  func people() throws {
    try prepare()
    let none = try run("person", "list")
    #expect(none.exitCode == 0 && none.output.contains("There is nobody yet"), "\(none)")
    let made = try run("person", "create", "--email", "ada@example.org", "--name", "Ada", "--operator")
    #expect(made.exitCode == 0, "\(made)")
    let listed = try run("person", "list")
    #expect(listed.output.contains("ada@example.org"), "\(listed)")
    let deployments = try run("deployment", "list")
    #expect(deployments.exitCode == 0, "\(deployments)")
    let status = try run("status")
    #expect(status.exitCode == 0 && status.output.contains("postgresql://owner@127.0.0.1"), "\(status)")
    #expect(!status.output.contains("secret"))
    #expect(Self.names(in: folder.path) == ["key"])
  }

  private static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }

  @Test("serve without a directory of their own, and leave no folder behind")
  func serve() throws {
    try prepare()
    let server = try ChildProcess(
      SojournBinary.path, ["serve", "--listen", "http://127.0.0.1:0"],
      environment: ["SOJOURN_STORAGE=\(database.address)", "SOJOURN_KEY_FILE=\(key)", "TMPDIR=\(folder.path)"],
      output: folder.path + "/log", errors: folder.path + "/log")
    for _ in 0..<10_000 where !server.output.contains("Listening at") && server.exitCode() == nil { usleep(2000) }
    #expect(server.output.contains("serves 0 deployments out of postgresql://owner@127.0.0.1"), "\(server.output)")
    server.signal(SIGTERM)
    let code = try server.wait(seconds: 60)
    #expect(code == 0, "\(server.output)")
    #expect(!server.output.contains("secret"))
    #expect(Self.names(in: folder.path) == ["key", "log"])
  }

  @Test("say what is missing: a prepared database, the key file, the right key")
  func missing() throws {
    let unprepared = try run("person", "list")
    #expect(unprepared.exitCode == 1 && unprepared.errors.contains("sojourn storage init"), "\(unprepared)")
    try prepare()
    let keyless = try SojournBinary.run(["person", "list"], environment: ["SOJOURN_STORAGE=\(database.address)"])
    #expect(keyless.exitCode == 1 && keyless.errors.contains("SOJOURN_KEY_FILE"), "\(keyless)")
    _ = try folder.write(String(repeating: "x", count: 32), to: "wrong")
    let wrong = try run("person", "list", "--key-file", folder.path + "/wrong")
    #expect(wrong.exitCode == 1 && wrong.errors.contains("All nodes of a database need the same file"), "\(wrong)")
  }

  @Test("take a directory or a database, and not both; a backup names pg_dump")
  func choice() throws {
    let both = try run("person", "list", "--data-dir", folder.path)
    #expect(both.exitCode == 2 && both.errors.contains("of which only one can be"), "\(both)")
    let neither = try SojournBinary.run(["person", "list"], environment: [])
    #expect(
      neither.exitCode == 2 && neither.errors.contains("--data-dir DIR or --storage URL is missing"), "\(neither)")
    let backup = try run("backup", "--to", folder.path + "/backup")
    #expect(backup.exitCode == 2 && backup.errors.contains("pg_dump"), "\(backup)")
    let restore = try run("restore", "--from", folder.path + "/backup")
    #expect(restore.exitCode == 2 && restore.errors.contains("pg_restore"), "\(restore)")
    let address = try SojournBinary.run(
      ["person", "list"], environment: ["SOJOURN_STORAGE=mysql://h/app", "SOJOURN_KEY_FILE=\(key)"])
    #expect(address.exitCode == 1 && address.errors.contains("must begin with postgresql://"), "\(address)")
  }
}
