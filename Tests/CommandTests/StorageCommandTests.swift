import Glibc
import JSON
import PostgresUnderTest
import ServerUnderTest
import Testing

/// `sojourn storage` with the real binary and a real database.
@Suite struct StorageCommandTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func run(_ words: String..., address: String) throws -> SojournBinary.Run {
    let result = try SojournBinary.run(["storage"] + words, environment: ["SOJOURN_STORAGE=\(address)"])
    #expect(!result.output.contains("secret") && !result.errors.contains("secret"))
    return result
  }

  @Test func preparesADatabaseAndItsKeyOnce() throws {
    let database = try PostgresCluster.shared().database()
    let key = folder.path + "/key"
    let before = try run("check", address: database.address)
    #expect(before.exitCode == 1 && before.output.contains("sojourn storage init"))
    let first = try run("init", "--key-file", key, address: database.address)
    #expect(first.exitCode == 0 && first.output.contains("The key file is \(key)"), "\(first)")
    var file = stat()
    #expect(stat(key, &file) == 0 && file.st_size == 32 && file.st_mode & 0o777 == 0o600)
    let second = try run("init", "--key-file", key, address: database.address)
    #expect(second.exitCode == 0 && second.output.hasPrefix("The database is prepared already: postgresql://owner@127"))
    let upgrade = try run("upgrade", address: database.address)
    #expect(upgrade.output.hasPrefix("The database has the latest layout already"))
    let after = try run("check", "--key-file", key, "--json", address: database.address)
    #expect(after.exitCode == 0 && after.output.contains("\"layout\":1"), "\(after)")
  }

  @Test func aKeyThatIsAnotherOrMissingIsASentence() throws {
    let database = try PostgresCluster.shared().database()
    let key = folder.path + "/key"
    let made = try run("init", "--key-file", key, address: database.address)
    #expect(made.exitCode == 0)
    let missing = try run("init", "--key-file", folder.path + "/other", address: database.address)
    #expect(missing.exitCode == 1 && missing.errors.contains("Copy it from another node"))
    #expect(access(folder.path + "/other", F_OK) != 0)
    _ = try folder.write(String(repeating: "x", count: 32), to: "wrong")
    let wrong = try run("check", "--key-file", folder.path + "/wrong", address: database.address)
    #expect(wrong.exitCode == 1 && wrong.output.contains("All nodes of a database need the same file"))
  }

  @Test func whatIsWrongIsSaid() throws {
    let database = try PostgresCluster.shared().database()
    let none = try run(
      "check", address: "postgresql://owner:secret@127.0.0.1:\(database.cluster.port)/\(database.name)")
    #expect(none.exitCode == 1 && none.errors.contains("does not take this password of the user «owner»"))
    let address = try run("check", address: "mysql://owner:secret@h/app")
    #expect(address.exitCode == 2 && address.errors.contains("must begin with postgresql://"))
    let key = try run("init", address: database.address)
    #expect(key.exitCode == 2 && key.errors.contains("SOJOURN_KEY_FILE"))
    let early = try run("upgrade", address: database.address)
    #expect(early.exitCode == 1 && early.errors.contains("sojourn storage init"))
    let made = try run("init", "--key-file", folder.path + "/key", address: database.address)
    #expect(made.exitCode == 0)
    let many = try run("check", "--nodes", "4", address: database.address)
    #expect(many.exitCode == 1 && many.output.contains("set max_connections to 81 or more"))
  }
}
