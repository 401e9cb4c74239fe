import Foundation
import Glibc
import JSON
import ServerUnderTest
import Testing

/// Files that are damaged, gone or not to be written: `serve` says which, in plain words. Without its own
/// files it ends; without those of one deployment it serves the others.
@Suite(.serialized) struct DamagedFileTests {
  struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What `serve` must say.
    let says: [String]
    /// `%` in the path stands for the deployment's id.
    let path: String
    let make: @Sendable (_ path: String) throws -> Void

    func named(_ text: String, _ server: Server) -> String {
      text.replacingOccurrences(of: "%", with: server.deployment)
    }
  }

  private static let garbage: @Sendable (String) throws -> Void = { path in
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.write(contentsOf: Data(repeating: 0x5a, count: 4096))
    try file.close()
  }

  static let damages: [Damage] = [
    Damage(
      testDescription: "a control file with a garbage header", says: ["control.db is no database", "backup"],
      path: "control.db", make: garbage),
    Damage(
      testDescription: "a control file that was cut", says: ["control.db is no database", "backup"],
      path: "control.db", make: { truncate($0, 10_000) }),
    Damage(
      testDescription: "an empty control file", says: ["control.db", "missing or empty", "backup"],
      path: "control.db", make: { truncate($0, 0) }),
    Damage(
      testDescription: "no control file", says: ["control.db", "missing or empty", "backup"],
      path: "control.db", make: { unlink($0) }),
    Damage(
      testDescription: "a deployment's file with a garbage header", says: ["%.db is no database", "backup"],
      path: "deployments/%.db", make: garbage),
    Damage(
      testDescription: "a deployment's file that was cut", says: ["%.db is no database", "backup"],
      path: "deployments/%.db", make: { truncate($0, 20_000) }),
    Damage(
      testDescription: "a deployment's file of a hundred bytes", says: ["%.db is no database", "backup"],
      path: "deployments/%.db", make: { truncate($0, 100) }),
    Damage(
      testDescription: "an empty deployment's file", says: ["%.db is no database", "empty"],
      path: "deployments/%.db", make: { truncate($0, 0) }),
    Damage(
      testDescription: "no deployment's file", says: ["%.db is not there", "backup"],
      path: "deployments/%.db", make: { unlink($0) }),
    Damage(
      testDescription: "another database under a deployment's name",
      says: ["%.db is no database", "no deployed data model"],
      path: "deployments/%.db",
      make: { path in
        unlink(path)
        try FileManager.default.copyItem(
          atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path + "/../other.db", toPath: path)
      }),
    Damage(
      testDescription: "a directory in the place of a deployment's file", says: ["%.db", "cannot be opened"],
      path: "deployments/%.db",
      make: {
        unlink($0)
        mkdir($0, 0o700)
      }),
    Damage(
      testDescription: "a file in the place of the data directory's lock", says: ["lock cannot be opened"],
      path: "lock",
      make: {
        unlink($0)
        mkdir($0, 0o700)
      }),
  ]

  private static let ofDeployments = damages.filter { $0.path.hasPrefix("deployments/") }
  private static let ofServers = damages.filter { !$0.path.hasPrefix("deployments/") }

  /// A server with a second database in its data directory, damaged.
  private static func damaged(_ damage: Damage, in folder: TemporaryDirectory) throws -> (Server, path: String, Data?) {
    let server = try Server(data: folder.path + "/d", log: folder.path + "/log")
    let made = try ChildProcess.run([
      "python3", "-c",
      "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('CREATE TABLE t(x)'); c.commit()",
      server.data + "/other.db",
    ])
    try #require(made.code == 0)
    let path = server.data + "/" + damage.named(damage.path, server)
    try damage.make(path)
    return (server, path, try? Data(contentsOf: URL(fileURLWithPath: path)))
  }

  @Test(arguments: ofDeployments) func oneDeploymentThatIsDamagedDoesNotTakeTheOthersDown(_ damage: Damage) throws {
    let folder = try TemporaryDirectory()
    let (server, path, before) = try Self.damaged(damage, in: folder)
    let schema = folder.path + "/log.schema.xml"
    let made = try ChildProcess.sojourn(
      "deployment", "create", "--data-dir", server.data, "--name", "other", "--environment", "testing",
      "--data-model", schema, "--json")
    let other = try JSONDocument.read(made.output).root
    let (id, password) = (try #require(other["id"]?.string), try #require(other["password"]?.string))
    func status(_ id: String, _ authorization: String?) throws -> Answer {
      try server.connection().request(
        "GET", "/api/v4/\(id)/objects/item.json", authorization: authorization)
    }
    try server.start()
    for part in damage.says { #expect(server.output.contains(damage.named(part, server)), "\(server.output)") }
    #expect(try status(id, "Basic " + Data("\(id):\(password)".utf8).base64EncodedString()).status == 200)
    let refused = try status(server.deployment, server.authorization)
    #expect(refused.status == 503 && refused[header: "retry-after"] != nil)
    #expect(refused.text.contains("SERVICE_UNAVAILABLE") && !refused.text.contains(".db"), "\(refused.text)")
    #expect(try status(server.deployment, nil).status == 401)
    #expect(
      try status(server.deployment, "Basic \(Data("\(server.deployment):wrong".utf8).base64EncodedString())").status
        == 401)
    // What is left may be what a person mends it from.
    #expect((try? Data(contentsOf: URL(fileURLWithPath: path))) == before)

    let list = try ChildProcess.sojourn("deployment", "list", "--data-dir", server.data)
    #expect(list.code == 0 && list.output.contains(id))
    for part in damage.says { #expect(list.output.contains(damage.named(part, server)), "\(list.output)") }
    let set = try ChildProcess.sojourn(
      "deployment", "set", "region=eu", "--data-dir", server.data, "--deployment", server.deployment)
    #expect(set.code == 1 && set.output.contains("cannot be used"), "\(set.output)")
    // SQLite has no way to remove a directory, and we none that we would like.
    guard !damage.testDescription.hasPrefix("a directory") else { return }
    let delete = try ChildProcess.sojourn(
      "deployment", "delete", "--yes", "--data-dir", server.data, "--deployment", server.deployment)
    #expect(delete.code == 0, "\(delete.output)")
    #expect(try status(server.deployment, server.authorization).status == 404)
  }

  @Test(arguments: ofServers) func serveNamesWhatIsDamagedAndEnds(_ damage: Damage) throws {
    let folder = try TemporaryDirectory()
    let (server, path, before) = try Self.damaged(damage, in: folder)
    func named(_ text: String) -> String { damage.named(text, server) }
    try server.launch()
    let process = try #require(server.process)
    #expect(server.end(withinSeconds: 10) == 1)
    for part in damage.says { #expect(process.output.contains(named(part)), "\(process.output)") }
    #expect(!process.output.contains("Fatal error"))
    // What is left may be what a person mends it from.
    #expect((try? Data(contentsOf: URL(fileURLWithPath: path))) == before)
    // The commands say the same.
    let list = try ChildProcess.sojourn("deployment", "list", "--data-dir", server.data)
    #expect(list.code == 1)
    for part in damage.says { #expect(list.output.contains(named(part)), "\(list.output)") }
  }

  @Test func aDataDirectoryThatCannotBeUsedIsRefused() throws {
    let folder = try TemporaryDirectory()
    let file = folder.path + "/file"
    try "no directory".write(toFile: file, atomically: true, encoding: .utf8)
    for (path, says) in [
      (file, "Not a directory"), (folder.path + "/no/such", "No such file or directory"),
      (folder.path + "/" + String(repeating: "long", count: 70), "too long"),
      ("/proc/sojourn", "cannot be made"),
    ] {
      let (code, output) = try ChildProcess.sojourn(
        "serve", "--data-dir", path, "--listen", "http://127.0.0.1:0")
      #expect(code == 1, "\(path)")
      #expect(output.contains(says), "\(output)")
    }
  }

  /// Root may write everything, so this goes as another user.
  @Test(.enabled(if: getuid() == 0)) func filesOfAnotherUserAreRefused() throws {
    let folder = try TemporaryDirectory()
    let server = try Server(data: folder.path + "/d", log: folder.path + "/log")
    let binary = folder.path + "/sojourn"
    try FileManager.default.copyItem(atPath: ChildProcess.binary, toPath: binary)
    chmod(folder.path, 0o755)
    chmod(binary, 0o755)
    func serve(seconds: Int = 10) throws -> (code: Int32?, output: String) {
      try ChildProcess.run([
        "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "timeout", "\(seconds)", binary,
        "serve", "--data-dir", server.data, "--listen", "http://127.0.0.1:0",
      ])
    }
    let closed = try serve()
    #expect(closed.code == 1)
    #expect(closed.output.contains("Permission denied"), "\(closed.output)")
    for name in ["", "/lock", "/deployments", "/tmp"] { chown(server.data + name, 65534, 65534) }
    let readable = try serve()
    #expect(readable.code == 1)
    #expect(readable.output.contains("control.db may not be read and written"), "\(readable.output)")
    chown(server.data + "/control.db", 65534, 65534)
    let keyless = try serve()
    #expect(keyless.code == 1)
    #expect(keyless.output.contains("secret.key cannot be opened: Permission denied"), "\(keyless.output)")
    chown(server.data + "/secret.key", 65534, 65534)
    let half = try serve(seconds: 1)
    #expect(half.output.contains("\(server.deployment).db may not be read and written"), "\(half.output)")
  }
}
