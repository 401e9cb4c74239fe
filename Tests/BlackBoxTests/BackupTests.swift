import Administration
import Foundation
import ServerUnderTest
import Testing
import Wire

@testable import sojourn

@Suite("Backup and restore")
struct BackupTests {
  private let folder: TemporaryDirectory
  private let data: String
  private let backup: String

  /// A data directory that nobody serves, and one backup of it.
  init() throws {
    folder = try TemporaryDirectory()
    data = folder.path + "/d"
    backup = folder.path + "/b"
    let schema = try folder.write(Schemas.small, to: "schema.xml")
    for words in [
      ["deployment", "create", "--name", "n", "--environment", "testing", "--data-model", schema],
      ["backup", "--to", backup],
    ] {
      let run = try SojournBinary.run(words + ["--data-dir", data])
      try #require(run.exitCode == 0, "\(run.errors)")
    }
  }

  private func restore(to name: String = "r") throws -> SojournBinary.Run {
    try SojournBinary.run(["restore", "--from", backup, "--data-dir", "\(folder.path)/\(name)"])
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  @Test("A stopped server's directory is backed up and restored too")
  func stopped() throws {
    let run = try restore()
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.contains("a new feed"))
    let list = try SojournBinary.run(["deployment", "list", "--data-dir", folder.path + "/r", "--json"])
    #expect(list.output == (try SojournBinary.run(["deployment", "list", "--data-dir", data, "--json"])).output)
  }

  @Test("A target that is not empty is refused; --force replaces a backup and nothing else")
  func targets() throws {
    let again = try SojournBinary.run(["backup", "--data-dir", data, "--to", backup])
    #expect(again.exitCode == 1)
    #expect(again.errors.contains("is not empty"))
    #expect(exists(backup + "/manifest.json"))
    #expect(try SojournBinary.run(["backup", "--data-dir", data, "--to", backup, "--force"]).exitCode == 0)
    #expect(try restore().exitCode == 0)

    let other = folder.path + "/other"
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    try "mine".write(toFile: other + "/file", atomically: true, encoding: .utf8)
    let forced = try SojournBinary.run(["backup", "--data-dir", data, "--to", other, "--force"])
    #expect(forced.exitCode == 1)
    #expect(forced.errors.contains("something else than a backup"))
    #expect(try String(contentsOfFile: other + "/file", encoding: .utf8) == "mine")

    let itself = try SojournBinary.run(["backup", "--data-dir", data, "--to", data, "--force"])
    #expect(itself.exitCode == 1)
    #expect(itself.errors.contains("is a data directory"))
    let nothing = try SojournBinary.run(["backup", "--data-dir", folder.path + "/none", "--to", folder.path + "/x"])
    #expect(nothing.exitCode == 1)
    #expect(nothing.errors.contains("no control.db"))
  }

  @Test("A directory that holds something is not restored into")
  func occupied() throws {
    #expect(try restore().exitCode == 0)
    let again = try restore()
    #expect(again.exitCode == 1)
    #expect(again.errors.contains("is not empty"))
  }

  @Test("A backup that was cut off, or damaged in any of its files, is not restored, and leaves nothing behind")
  func damaged() throws {
    let names = ["manifest.json", "files.sha256", "control.db"]
    let deployments = try FileManager.default.contentsOfDirectory(atPath: backup + "/deployments")
    for name in names + deployments.map({ "deployments/\($0)" }) {
      let file = URL(filePath: "\(backup)/\(name)")
      let whole = try Data(contentsOf: file)
      var broken = whole
      // At the end of the manifest there is a hash.
      broken[name == "manifest.json" ? broken.count - 10 : broken.count / 2] ^= 1
      for change in [broken, whole.dropLast(3), nil] {
        if let change { try Data(change).write(to: file) } else { try FileManager.default.removeItem(at: file) }
        let run = try restore(to: "broken")
        #expect(run.exitCode == 1, "\(name)")
        #expect(run.errors.contains("backup"), "\(name): \(run.errors)")
        let rest = (try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/broken")) ?? []
        #expect(rest == [], "\(name)")
        try whole.write(to: file)
      }
    }
    #expect(try restore(to: "broken").exitCode == 0)
  }

  @Test(
    "Paths that lead out of a backup are refused",
    arguments: [
      "../a", "a/../b", "/etc/passwd", "a//b", "./a", "a/.", "", "a\u{1}b", String(repeating: "a", count: 1001),
    ])
  func paths(path: String) {
    #expect(!BackupList.isInside(path))
    let line = "\(String(repeating: "0", count: 64))  \(path)\n"
    #expect(throws: BackupFault.self) { try BackupList(line) }
  }

  @Test(
    "Uploads that have no name yet are no part of a backup",
    arguments: [
      ("/blobs/0123456789abcdef01234567/incoming", true), ("/blobs/incoming", true), ("/blobs", false),
      ("/blobs/0123456789abcdef01234567/ab", false), ("/blobs/0123456789abcdef01234567/ab/incoming", false),
      ("/incoming", false),
    ])
  func uploads(path: String, isUnnamed: Bool) { #expect(Backup.isUnnamedUpload(path) == isUnnamed) }

  @Test("Attachments in an object store stay there: the backup and the restore say where, and refer to them")
  func elsewhere() throws {
    let store = "the bucket attachments at https://s3.example.org"
    try "\(store)\n".write(toFile: data + "/blobs.elsewhere", atomically: true, encoding: .utf8)
    let again = try SojournBinary.run(["backup", "--data-dir", data, "--to", backup, "--force"])
    #expect(again.exitCode == 0 && again.output.contains("not in it: they lie in \(store)"), "\(again.output)")
    #expect(try String(contentsOfFile: backup + "/manifest.json", encoding: .utf8).contains("\"\(store)\""))
    let run = try restore()
    #expect(run.exitCode == 0 && run.output.contains(store), "\(run.output)")
    #expect(
      try String(contentsOfFile: folder.path + "/r/blobs.elsewhere", encoding: .utf8).hasPrefix(store))
  }

  @Test("Smaller pictures and notes of deletions are no part of a backup")
  func derived() throws {
    for folder in ["variants", "deleting"] {
      try FileManager.default.createDirectory(atPath: "\(data)/\(folder)/a", withIntermediateDirectories: true)
      try "x".write(toFile: "\(data)/\(folder)/a/b", atomically: true, encoding: .utf8)
    }
    #expect(try SojournBinary.run(["backup", "--data-dir", data, "--to", backup, "--force"]).exitCode == 0)
    #expect(!exists(backup + "/variants") && !exists(backup + "/deleting"))
    #expect(try restore().exitCode == 0)
  }

  @Test("A list and a manifest are read as they were written")
  func texts() throws {
    var list = BackupList()
    list.entries = [
      .init(path: "control.db", hash: String(repeating: "a", count: 64)),
      .init(path: "blobs/with  blanks", hash: String(repeating: "0", count: 64)),
    ]
    #expect(try BackupList(list.text) == list)
    let manifest = BackupManifest(
      version: "1", createdAt: try #require(Instant("2026-01-02T03:04:05Z")),
      deployments: [.init(id: "0123456789abcdef01234567", lastSequence: 1 << 59)], problems: ["it \"is\" gone"],
      fileCount: 2, bytes: 1 << 50, listHash: String(repeating: "b", count: 64))
    #expect(try BackupManifest(manifest.json) == manifest)
    var elsewhere = manifest
    elsewhere.attachmentsElsewhere = "the bucket \"a\""
    #expect(try BackupManifest(elsewhere.json) == elsewhere)
    for text in [
      "", "{}", "[]", "{\"sojourn_backup\":1}", manifest.json.replacingOccurrences(of: "\":1,", with: "\":2,"),
    ] {
      #expect(throws: BackupFault.self) { try BackupManifest(text) }
    }
  }
}
