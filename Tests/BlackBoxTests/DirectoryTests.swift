import Foundation
import Glibc
import ServerUnderTest
import Testing

/// Which directories commands take, make, and refuse.
@Suite("Data directories")
struct DirectoryTests {
  private let folder: TemporaryDirectory
  private let data: String
  private let id: String

  init() throws {
    folder = try TemporaryDirectory()
    data = folder.path + "/d"
    let schema = try folder.write(Schemas.small, to: "schema.xml")
    id = "0123456789abcdef01234567"
    let made = try SojournBinary.run([
      "deployment", "create", "--name", "n", "--environment", "testing", "--data-model", schema, "--data-dir", data,
      "--id", id,
    ])
    try #require(made.exitCode == 0, "\(made.errors)")
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  @Test("that are not there are named, exit code 2, and nothing is made", arguments: ["none", "schema.xml", ""])
  func mistyped(name: String) throws {
    // The last is a directory that is there, and is none of ours.
    let path = name.isEmpty ? folder.path : "\(folder.path)/\(name)"
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let some = ["--deployment", id]
    let schema = folder.path + "/schema.xml"
    let commands: [[String]] = [
      ["deployment", "list"], ["deployment", "show"] + some, ["deployment", "delete", "--yes"] + some,
      ["deployment", "set", "label=x"] + some, ["deployment", "get"] + some, ["password", "reset"] + some,
      ["token", "create", "--name", "n"] + some, ["token", "list"] + some, ["token", "revoke", "--name", "n"] + some,
      ["limits", "set", "--rate", "1"] + some, ["limits", "show"] + some, ["data-model", "deploy", schema] + some,
      ["data-model", "check", schema] + some, ["data-model", "history"] + some,
      ["data-model", "rollback", "--to", "1"] + some, ["oplog", "trim", "--older-than", "1d"] + some, ["fsck"],
      ["fsck"] + some, ["webhook", "list"] + some, ["webhook", "deliveries", "--name", "n"] + some,
      ["serve", "--require-existing", "--listen", "http://127.0.0.1:0"],
    ]
    for command in commands {
      let run = try SojournBinary.run(command + ["--data-dir", path])
      #expect(run.exitCode == 2, "\(command): \(run)")
      #expect(run.errors.contains(path) && run.errors.contains("no data directory"), "\(command): \(run.errors)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
    let backup = try SojournBinary.run(["backup", "--data-dir", path, "--to", folder.path + "/b"])
    #expect(backup.exitCode == 1, "\(backup)")
    #expect(!exists(folder.path + "/b"))
  }

  @Test("without deployments are nothing to back up")
  func empty() throws {
    try #require(
      try SojournBinary.run(["deployment", "delete", "--yes", "--deployment", id, "--data-dir", data]).exitCode == 0)
    let run = try SojournBinary.run(["backup", "--data-dir", data, "--to", folder.path + "/b"])
    #expect(run.exitCode == 1 && run.errors.contains("There is no deployment in"), "\(run)")
    #expect(!exists(folder.path + "/b"))
  }

  @Test("take no backup of themselves, whatever the path is called")
  func inside() throws {
    symlink(data, folder.path + "/link")
    mkdir(data + "/sub", 0o700)
    symlink(data + "/sub", folder.path + "/sub")
    for target in [
      "d/b", "d/sub/b", "link/b", "sub", "sub/b", "../\(folder.path.split(separator: "/").last ?? "")/d/b",
      "d/./x/../b",
      "link",
    ] {
      for force in [[], ["--force"]] {
        let run = try SojournBinary.run(["backup", "--data-dir", data, "--to", "\(folder.path)/\(target)"] + force)
        #expect(run.exitCode == 1, "\(target)")
        #expect(run.errors.contains("data directory") || target.contains("x/"), "\(target): \(run.errors)")
      }
    }
    #expect(!exists(data + "/b") && !exists(data + "/sub/b"))
    // A name that only begins alike is another directory.
    #expect(try SojournBinary.run(["backup", "--data-dir", data, "--to", data + "2"]).exitCode == 0)
    // By the link too.
    let linked = try SojournBinary.run(["backup", "--data-dir", folder.path + "/link", "--to", data + "/b"])
    #expect(linked.exitCode == 1)
  }

  @Test("a backup that is marked incomplete is not restored, and one that was cut off can be forced over")
  func incomplete() throws {
    let backup = folder.path + "/b"
    func run(_ words: String...) throws -> SojournBinary.Run { try SojournBinary.run(words) }
    #expect(try run("backup", "--data-dir", data, "--to", backup).exitCode == 0)
    #expect(!exists(backup + "/incomplete"))
    try "x".write(toFile: backup + "/incomplete", atomically: true, encoding: .utf8)
    let refused = try run("restore", "--from", backup, "--data-dir", folder.path + "/r")
    #expect(refused.exitCode == 1 && refused.errors.contains("cut off"), "\(refused)")
    #expect(!exists(folder.path + "/r"))
    // A mark that cannot be written anew, as on a full disk: a folder stands where its draft would be.
    mkdir(backup + "/incomplete.new", 0o700)
    #expect(try run("backup", "--data-dir", data, "--to", backup).exitCode == 1)
    let forced = try run("backup", "--data-dir", data, "--to", backup, "--force")
    #expect(forced.exitCode == 0, "\(forced.errors)")
    #expect(!exists(backup + "/incomplete"))
    #expect(try run("restore", "--from", backup, "--data-dir", folder.path + "/r").exitCode == 0)
    // Of one that could not begin there is a draft alone.
    mkdir(folder.path + "/c", 0o700)
    try "".write(toFile: folder.path + "/c/incomplete.new", atomically: false, encoding: .utf8)
    #expect(try run("backup", "--data-dir", data, "--to", folder.path + "/c", "--force").exitCode == 0)
  }

  /// Nobody, on Debian.
  private static let someone: UInt32 = 65_534

  @Test("keep their owner's files their owner's, when root runs a command", .enabled(if: geteuid() == 0))
  func owner() throws {
    let owned = folder.path + "/owned"
    mkdir(owned, 0o700)
    chown(owned, Self.someone, Self.someone)
    let schema = folder.path + "/schema.xml"
    let other = folder.path + "/other"
    try "mine".write(toFile: other, atomically: true, encoding: .utf8)
    for words in [
      ["deployment", "create", "--name", "n", "--environment", "testing", "--data-model", schema, "--id", id],
      ["token", "create", "--deployment", id, "--name", "t"], ["password", "reset", "--deployment", id],
      ["data-model", "deploy", schema, "--deployment", id], ["fsck", "--repair"],
    ] {
      let run = try SojournBinary.run(words + ["--data-dir", owned])
      #expect(run.exitCode == 0, "\(words): \(run.errors)")
    }
    try onlyOwned(owned)
    // What the owner put there leads elsewhere: it is not followed, and stays what and whose it is.
    for name in ["lock", "secret.key.new"] {
      unlink(owned + "/secret.key")
      rename("\(owned)/\(name)", "\(owned)/kept")
      symlink(other, "\(owned)/\(name)")
      let run = try SojournBinary.run(["token", "list", "--deployment", id, "--data-dir", owned])
      #expect(run.exitCode == 1 && run.errors.contains(name), "\(run)")
      unlink("\(owned)/\(name)")
      rename("\(owned)/kept", "\(owned)/\(name)")
    }
    var status = stat()
    #expect(stat(other, &status) == 0 && status.st_uid == 0)
    #expect(try String(contentsOfFile: other, encoding: .utf8) == "mine")
    let server = try ChildProcess(
      SojournBinary.path, ["serve", "--data-dir", owned, "--listen", "https://127.0.0.1:0"], environment: [],
      output: folder.path + "/output", errors: folder.path + "/log")
    for _ in 0..<5000 where !TemporaryDirectory.text(of: folder.path + "/log").contains("Listening at") { usleep(2000) }
    #expect(exists(owned + "/control.db-wal") || exists(owned + "/deployments/\(id).db-wal"))
    try onlyOwned(owned, but: ["sojourn.sock"])
    server.signal(SIGTERM)
    #expect(try server.wait(seconds: 60) == 0)
    try onlyOwned(owned)
  }

  private func onlyOwned(_ path: String, but exempt: Set<String> = []) throws {
    let names = try FileManager.default.subpathsOfDirectory(atPath: path)
    #expect(names.count > 5)
    for name in names where !exempt.contains(name) {
      var status = stat()
      // Links are the test's own.
      guard lstat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT != S_IFLNK else { continue }
      #expect(status.st_uid == Self.someone && status.st_gid == Self.someone, "\(name) is \(status.st_uid)'s")
    }
  }

  @Test("of mirrors are their owner's alone, also where a file was left over that others could read")
  func mirrorModes() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    let mirror = folder.path + "/mirror"
    mkdir(mirror, 0o755)
    try "".write(toFile: mirror + "/state.json.new", atomically: false, encoding: .utf8)
    chmod(mirror + "/state.json.new", 0o666)
    let run = try SojournBinary.run(
      ["mirror", "--base-url", "http://127.0.0.1:\(server.port)\(server.base)", "--to", mirror, "--once"],
      environment: ["SOJOURN_TOKEN=\(server.token)"])
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.contains("0 objects loaded"), "\(run.output)")
    let names = try FileManager.default.contentsOfDirectory(atPath: mirror)
    #expect(names.count > 2)
    for name in names {
      var status = stat()
      #expect(stat("\(mirror)/\(name)", &status) == 0 && status.st_mode & 0o777 == 0o600, "\(name)")
    }
  }

  @Test("of a server are no place for a mirror", arguments: ["d", "d/deployments", "d/mirror", "link"])
  func mirror(name: String) throws {
    symlink(data, folder.path + "/link")
    let before = try FileManager.default.contentsOfDirectory(atPath: data).sorted()
    let run = try SojournBinary.run(
      ["mirror", "--base-url", "http://127.0.0.1:9/api/v4/\(id)", "--to", "\(folder.path)/\(name)", "--once"],
      environment: ["SOJOURN_TOKEN=O:x"])
    #expect(run.exitCode == 1 && run.errors.contains("data directory of a server"), "\(run)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: data).sorted() == before)
  }
}
