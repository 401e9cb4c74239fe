import Crypto
import Foundation
import Glibc
import JSON
import ServerUnderTest
import Testing

/// A deployment that is deleted leaves nothing, wherever the deletion was cut off.
@Suite(.serialized) struct DeletionTests {
  private func uploaded() throws -> ServerUnderTest {
    let server = try ServerUnderTest(schema: CrateLoad.schema)
    let file = "{\"base64\":\"\(ServerUnderTest.base64(Array("a pass".utf8)))\"}"
    #expect(try server.json("POST", "/objects/crate.json", "{\"crate\":{\"file\":\(file)}}").status == 200)
    return server
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  @Test func oneThatWasCutOffIsFinishedAtTheNextStart() throws {
    let server = try uploaded()
    let blobs = "\(server.dataDirectory)/blobs/\(server.id)"
    let note = "\(server.dataDirectory)/deleting/\(server.id)"
    // What a crash after the control file's part leaves: the note, and everything that was to go.
    let aside = server.directory.path + "/aside"
    try FileManager.default.createDirectory(atPath: aside, withIntermediateDirectories: true)
    #expect(try server.stop() == 0)
    try FileManager.default.copyItem(atPath: blobs, toPath: "\(aside)/blobs")
    try FileManager.default.copyItem(
      atPath: "\(server.dataDirectory)/deployments/\(server.id).db", toPath: "\(aside)/db")
    #expect(try server.command("deployment", "delete", "--yes", "--deployment", server.id).exitCode == 0)
    #expect(!exists(blobs) && !exists(note))
    try FileManager.default.copyItem(atPath: "\(aside)/blobs", toPath: blobs)
    try FileManager.default.copyItem(
      atPath: "\(aside)/db", toPath: "\(server.dataDirectory)/deployments/\(server.id).db")
    try "".write(toFile: note, atomically: true, encoding: .utf8)
    try server.start()
    #expect(
      server.log.contains("What was left of the deployment \(server.id), whose deletion was cut off, is removed."))
    #expect(!exists(blobs) && !exists(note) && !exists("\(server.dataDirectory)/deployments/\(server.id).db"))
  }

  @Test func afterAKillADeploymentIsThereWholeOrGoneWithEverything() throws {
    let server = try ServerUnderTest(schema: CrateLoad.schema)
    let schema = server.directory.path + "/schema.xml"
    var (cut, done, kept) = (0, 0, 0)
    for round in 0..<10 {
      let made = try server.command(
        "deployment", "create", "--name", "n", "--environment", "testing", "--data-model", schema, "--json")
      let id = try #require(try JSONDocument.read(made.output).root["id"]?.string)
      let blobs = "\(server.dataDirectory)/blobs/\(id)"
      // Many, so that removing them takes a while.
      for number in 0..<400 {
        let name = SHA256.hash("\(number)").map { String(format: "%02x", $0) }.joined()
        let folder = "\(blobs)/\(name.prefix(2))/\(name.dropFirst(2).prefix(2))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "x".write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
      }
      let delete = try ChildProcess(
        [
          ChildProcess.binary, "deployment", "delete", "--yes", "--data-dir", server.dataDirectory, "--deployment", id,
        ], output: server.directory.path + "/deletion")
      usleep(UInt32(10_000 + round * 4_000))
      server.kill()
      _ = delete.end()
      let isBegun = exists("\(server.dataDirectory)/deleting/\(id)")
      try server.start()
      let isThere = try server.command("deployment", "list", "--json").output.contains(id)
      let files = FileManager.default.enumerator(atPath: blobs)?.allObjects.count ?? 0
      #expect(exists("\(server.dataDirectory)/deployments/\(id).db") == isThere)
      #expect(!exists("\(server.dataDirectory)/deleting/\(id)"))
      #expect(
        exists(blobs) == isThere && (files > 400) == isThere, "\(files) files, the deployment is there: \(isThere)")
      if isThere { kept += 1 } else if isBegun { cut += 1 } else { done += 1 }
    }
    print("Deletions and kills: \(kept) not begun, \(cut) cut off and finished at the start, \(done) done before.")
  }

  @Test func oneThatWasNotedAndNeverBegunChangesNothing() throws {
    let server = try uploaded()
    #expect(try server.stop() == 0)
    try FileManager.default.createDirectory(
      atPath: server.dataDirectory + "/deleting", withIntermediateDirectories: true)
    let note = "\(server.dataDirectory)/deleting/\(server.id)"
    try "".write(toFile: note, atomically: true, encoding: .utf8)
    try "".write(toFile: server.dataDirectory + "/deleting/..nothing", atomically: true, encoding: .utf8)
    try server.start()
    #expect(!exists(note))
    #expect(try server.json("GET", "/objects/crate/count.json").json["count"]?.number?.integer == 1)
    #expect(try server.command("fsck").exitCode == 0)
  }

  @Test func attachmentsOfADeploymentThatIsGoneAreFoundAndRemovedByFsck() throws {
    let server = try uploaded()
    let blobs = "\(server.dataDirectory)/blobs"
    let gone = "00000000aaaaaaaa00000000"
    try FileManager.default.copyItem(atPath: "\(blobs)/\(server.id)", toPath: "\(blobs)/\(gone)")
    // Whose database lies there may come back with its control file.
    let aside = "00000000bbbbbbbb00000000"
    try FileManager.default.copyItem(atPath: "\(blobs)/\(server.id)", toPath: "\(blobs)/\(aside)")
    try "".write(
      toFile: "\(server.dataDirectory)/deployments/\(aside).db", atomically: true, encoding: .utf8)
    for isRunning in [true, false] {
      if !isRunning { #expect(try server.stop() == 0) }
      let found = try server.command("fsck")
      #expect(found.exitCode == 0 && found.output.contains("\(gone): attachments of a deployment that is gone"))
      #expect(!found.output.contains(aside) && exists("\(blobs)/\(gone)"))
    }
    let mended = try server.command("fsck", "--repair", "--json")
    #expect(mended.exitCode == 0 && mended.output.contains("\"strays\":[\"\(gone)\"]"), "\(mended.output)")
    #expect(!exists("\(blobs)/\(gone)") && exists("\(blobs)/\(aside)") && exists("\(blobs)/\(server.id)"))
    #expect(try server.command("fsck", "--json").output.contains("\"strays\":[]"))
  }

  @Test func aCountThatWasDamagedIsFoundAndMendedByFsckWhileTheServerRuns() throws {
    let server = try uploaded()
    #expect(try server.stop() == 0)
    let damaged = try ChildProcess.run([
      "python3", "-c",
      "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('UPDATE attachments SET links=0, unlinked_since=1');"
        + "c.execute('UPDATE blobs SET attachments=0, unneeded_since=1'); c.commit()",
      "\(server.dataDirectory)/deployments/\(server.id).db",
    ])
    try #require(damaged.code == 0, "\(damaged.output)")
    try server.start()
    let found = try server.command("fsck")
    #expect(found.exitCode == 1 && found.output.contains("0 orphaned (0 bytes), 2 miscounted"), "\(found.output)")
    let mended = try server.command("fsck", "--repair")
    #expect(mended.exitCode == 1 && mended.output.contains("2 miscounted"), "\(mended.output)")
    let clean = try server.command("fsck")
    #expect(clean.exitCode == 0 && clean.output.contains("0 miscounted"), "\(clean.output)")
    print("fsck of a damaged count printed: \(found.output)fsck printed then: \(clean.output)")
  }
}
