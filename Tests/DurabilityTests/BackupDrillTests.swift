import Foundation
import Glibc
import JSON
import ServerUnderTest
import Storage
import Synchronization
import Testing
import Threads
import Wire

/// The drill: a backup is taken under load, restored elsewhere and served.
@Suite(.serialized) struct BackupDrillTests {
  @Test func aBackupUnderLoadHoldsOneMomentAndGoesOnAboveIt() throws {
    let folder = try TemporaryDirectory()
    let server = try Server(data: folder.path + "/d", log: folder.path + "/log")
    try server.start()
    try Self.fill(server, batches: 60)
    let token = try Self.made(
      ["token", "create", "--data-dir", server.data, "--deployment", server.deployment, "--name", "drill", "--json"],
      "token")
    try Self.furnish(server.data)

    // Writes, deletes and a deploy go on while the backup is made.
    let prober = try Prober(server)
    let load = try Load((1...4).map { Author($0, seed: 7) }, on: server)
    usleep(500_000)
    let deploy = try ChildProcess(
      [
        ChildProcess.binary, "data-model", "deploy", try Self.widerSchema(folder), "--data-dir", server.data,
        "--deployment", server.deployment,
      ], output: folder.path + "/deploy")
    let begin = ContinuousClock.now
    let backup = try ChildProcess.sojourn(
      "backup", "--data-dir", server.data, "--to", folder.path + "/b", "--json")
    let end = ContinuousClock.now
    #expect(backup.code == 0, "\(backup.output)")
    #expect(deploy.end() == 0, "\(deploy.output)")
    usleep(500_000)
    let work = load.end(stop: true)
    let waits = prober.end()
    #expect(work.problems == [])
    #expect(work.refusals == 0)

    // Beside the server it can be checked by a program that is everywhere.
    let check = try ChildProcess.run(["bash", "-c", "cd '\(folder.path)/b' && sha256sum --quiet -c files.sha256"])
    #expect(check.code == 0, "\(check.output)")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/b/incomplete"))
    let manifest = try JSONDocument.read(
      Array(try String(contentsOfFile: folder.path + "/b/manifest.json", encoding: .utf8).utf8)
    ).root
    let last = try #require(
      manifest["deployments"]?.elements.map({ $0 }).first?["last_sequence"]?.string.flatMap { Int64($0) })

    let restored = Server(server, restoredTo: folder.path + "/r", log: folder.path + "/restored")
    let outcome = try ChildProcess.sojourn("restore", "--from", folder.path + "/b", "--data-dir", restored.data)
    #expect(outcome.code == 0, "\(outcome.output)")
    try restored.start()

    // The oplog is that of the moment, and the objects are what it says.
    let all = try OplogFile(server.databasePath).entries()
    let kept = try OplogFile(restored.databasePath).entries()
    #expect(all.count > kept.count, "the load went on after the backup")
    #expect(kept.last?.sequence == last)
    #expect(kept == all.filter { $0.sequence <= last })
    var live: [String: Int64] = [:]
    for entry in kept {
      live[entry.change.id] = entry.change.operation == .delete ? nil : entry.change.number
    }
    #expect(try restored.objects(checkingNotes: false) == live)
    #expect(try OplogFile(restored.databasePath).integrity() == "ok")

    // Readers are told, and no sequence is given twice, whatever the original went on to give.
    let connection = try restored.connection()
    let id = "ffffffff-0000-4000-8000-000000000001"
    let made = try connection.request(
      "PUT", restored.path("objects/item/\(id).json"), authorization: "Bearer \(token)", body: #"{"item":{"number":1}}"#
    )
    #expect(made.status == 200, "the token is good: \(made.text)")
    let next = try #require(try OplogFile(restored.databasePath).entries().last?.sequence)
    #expect(next > (all.last?.sequence ?? .max))
    let old = try server.connection().request(
      "GET", server.path("info.json"), authorization: server.authorization)[header: "x-sojourn-feed"]
    let new = made[header: "x-sojourn-feed"]
    #expect(old != nil && new != nil && old != new)

    // Keys, certificates and blobs came along; what belongs to the running server did not.
    for file in ["secret.key", "blobs/ab/cd/abcd"] {
      #expect(FileManager.default.contentsEqual(atPath: "\(server.data)/\(file)", andPath: "\(restored.data)/\(file)"))
      #expect(FileManager.default.fileExists(atPath: "\(folder.path)/b/\(file)"))
    }
    for file in ["blobs/incoming/half", "lock", "sojourn.sock", "deployments/\(server.deployment).marker"] {
      #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/b/\(file)"), "\(file)")
    }
    #expect(restored.stop() == 0)
    #expect(server.stop() == 0)
    // Once renewed it stands.
    try restored.start()
    let again = try restored.connection().request(
      "GET", restored.path("info.json"), authorization: restored.authorization)[header: "x-sojourn-feed"]
    #expect(again == new)
    #expect(restored.stop() == 0)

    let during = waits.filter { $0.begin < end && $0.end > begin }.map(\.milliseconds)
    let beside = waits.filter { $0.end <= begin || $0.begin >= end }.map(\.milliseconds)
    #expect(!during.isEmpty)
    let worst = during.max() ?? .infinity
    print(
      """
      Backup under load: \(manifest["bytes"]?.rawText ?? "?") bytes in \(end - begin), \(kept.count) of \(all.count) \
      changes. Writes meanwhile: \(during.count), worst wait \(worst.rounded()) ms; without it \(beside.count), worst \
      \((beside.max() ?? 0).rounded()) ms.
      """)
    // 50 ms is the aim on a machine of one's own; tests share theirs.
    #expect(worst < 1500)
  }

  /// Beside the load's own objects, so that the copy takes a while.
  private static func fill(_ server: Server, batches: Int) throws {
    let connection = try server.connection()
    let note = String(repeating: "what fills a page of the file. ", count: 20)
    for batch in 0..<batches {
      let operations = (0..<500).map { index in
        #"{"method":"post","object":{"type":"item","number":\#(batch * 500 + index),"note":"\#(note)"}}"#
      }
      _ = try connection.request(
        "POST", server.path("batch.json"), authorization: server.authorization,
        body: "{\"operations\":[\(operations.joined(separator: ","))]}"
      ).json(expecting: 200)
    }
  }

  /// What else may lie in a data directory.
  private static func furnish(_ data: String) throws {
    for folder in ["blobs/ab/cd", "blobs/incoming"] {
      try FileManager.default.createDirectory(atPath: "\(data)/\(folder)", withIntermediateDirectories: true)
    }
    for (file, bytes) in [("secret.key", 32), ("blobs/ab/cd/abcd", 3_000_000), ("blobs/incoming/half", 10)]
    where !FileManager.default.fileExists(atPath: "\(data)/\(file)") {
      try Data(repeating: 7, count: bytes).write(to: URL(filePath: "\(data)/\(file)"))
    }
  }

  private static func widerSchema(_ folder: TemporaryDirectory) throws -> String {
    try folder.write(
      Server.schema.replacingOccurrences(
        of: "<display>", with: "<field name=\"more\" label=\"More\" type=\"text\"/><display>"), to: "wider.xml")
  }

  private static func made(_ words: [String], _ member: String) throws -> String {
    let run = try ChildProcess.run([ChildProcess.binary] + words)
    guard run.code == 0, let text = try JSONDocument.read(Array(run.output.utf8)).root[member]?.string else {
      throw TestFault(run.output)
    }
    return text
  }
}

/// One who writes again and again, and notes how long each write took.
private final class Prober {
  struct Wait {
    let begin: ContinuousClock.Instant
    let end: ContinuousClock.Instant
    var milliseconds: Double {
      Double((end - begin).components.attoseconds) / 1e15 + Double((end - begin).components.seconds) * 1000
    }
  }

  private final class Notes: Sendable {
    let waits = Mutex<[Wait]>([])
    let isOver = Atomic(false)
  }

  private let notes = Notes()
  private let thread: OwnThread

  init(_ server: Server) throws {
    let (port, authorization) = (server.port, server.authorization)
    let path = server.path("objects/item/fffffffe-0000-4000-8000-000000000001.json")
    thread = try OwnThread { [notes] in
      guard let connection = try? HTTPConnection(port: port) else { return }
      var number = 0
      while !notes.isOver.load(ordering: .relaxed) {
        number += 1
        let begin = ContinuousClock.now
        guard
          let answer = try? connection.request(
            "PUT", path, authorization: authorization, body: #"{"item":{"number":\#(number)}}"#), answer.status == 200
        else { return }
        notes.waits.withLock { $0.append(Wait(begin: begin, end: .now)) }
      }
    }
  }

  func end() -> [Wait] {
    notes.isOver.store(true, ordering: .relaxed)
    thread.join()
    return notes.waits.withLock { $0 }
  }
}
