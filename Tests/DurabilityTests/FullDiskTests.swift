import Foundation
import Glibc
import JSON
import ServerUnderTest
import Testing

/// A disk that takes no more: writes are refused, reads go on, and nothing is lost when there is room
/// again.
@Suite(.serialized) struct FullDiskTests {
  @Test func filesThatMayNotGrowRefuseWritesUntilTheyMay() throws {
    let folder = try TemporaryDirectory()
    let server = try Server(data: folder.path + "/d", log: folder.path + "/log")
    // In KiB, for each file by itself.
    try server.start(limits: "ulimit -Sf 3000;")
    try Self.attend(server) {
      guard let process = server.process else { throw TestFault("no server") }
      let lifted = try ChildProcess.run(["prlimit", "--pid", "\(process.id)", "--fsize=unlimited:unlimited"])
      guard lifted.code == 0 else { throw TestFault("prlimit: \(lifted.output)") }
    }
  }

  @Test func aFullFileSystemRefusesWritesUntilThereIsRoom() throws {
    let folder = try TemporaryDirectory()
    guard let disk = SmallDisk(at: folder.path + "/disk", megabytes: 40) else { return }
    try disk.addBallast(megabytes: 34)
    let server = try Server(data: disk.path + "/d", log: folder.path + "/log")
    try server.start()
    try Self.attend(server) { disk.removeBallast() }
    withExtendedLifetime(disk) {}
  }

  @Test func largeAnswersOnAFullFileSystemTakeNoMoreMemoryThanIsSet() throws {
    let folder = try TemporaryDirectory()
    guard let disk = SmallDisk(at: folder.path + "/disk", megabytes: 40) else { return }
    try disk.addBallast(megabytes: 34)
    let server = try Server(data: disk.path + "/d", log: folder.path + "/log")
    try server.start(limits: "export SOJOURN_ANSWER_MEMORY=1MiB;")
    var filler = Filler()
    let connection = try server.connection()
    try filler.fill(server, on: connection)
    // What is left of the disk, for good.
    let rest = open(disk.path + "/rest", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    let zeros = [UInt8](repeating: 0, count: 4096)
    while write(rest, zeros, zeros.count) > 0 {}
    close(rest)
    func list(_ limit: Int) throws -> Answer {
      try connection.request(
        "GET", server.path("objects/item.json?limit=\(limit)&total=false"), authorization: server.authorization)
    }
    for _ in 0..<20 {
      let large = try list(1000)
      #expect(large.status == 503 && large[header: "retry-after"] != nil)
      #expect(large.text.contains("disk is full"), "\(large.text)")
      // What such an answer had taken is free again: soon, since the task that made an answer may outlive its
      // sending on a busy machine.
      var smaller = try list(500)
      let deadline = ContinuousClock.now + .seconds(10)
      while smaller.status == 503, ContinuousClock.now < deadline { smaller = try list(500) }
      #expect(try smaller.json(expecting: 200)["count"]?.number?.integer == 500)
    }
    #expect(server.output.contains("SOJOURN_ANSWER_MEMORY"))
    #expect(server.stop() == 0)
    withExtendedLifetime(disk) {}
  }

  /// Fills, looks, makes room, looks again.
  private static func attend(_ server: Server, makeRoom: () throws -> Void) throws {
    var filler = Filler()
    let connection = try server.connection()
    try filler.fill(server, on: connection)
    let kept = filler.kept
    print("Full after \(kept.count) objects and \(filler.refused.count) refused ones.")

    let health = try connection.request("GET", "/health/ready", authorization: nil)
    #expect(health.status == 503)
    #expect(try health.json["detail"]?.string?.hasPrefix("Writes fail in 1 deployment") == true)
    #expect(try connection.request("GET", "/health/live", authorization: nil).status == 200)

    let memory = server.process?.residentKiB ?? 0
    for turn in 0..<300 {
      // Writes of each kind: storage takes none of them now, however small, or takes it whole.
      try filler.write(server, on: connection, operations: turn % 2 == 0 ? 1 : 40)
      guard turn % 10 == 0 else { continue }
      let id = try #require(kept.keys.first)
      let one = try connection.request(
        "GET", server.path("objects/item/\(id).json"), authorization: server.authorization)
      #expect(try one.json(expecting: 200)["number"]?.number?.integer == kept[id])
      let few = try connection.request(
        "GET", server.path("objects/item.json?limit=3&sort[number]=-1"), authorization: server.authorization)
      #expect(try few.json(expecting: 200)["count"]?.number?.integer == 3)
      // Beyond 256 KiB an answer goes through a file, or through memory.
      let many = try connection.request(
        "GET", server.path("objects/item.json?limit=1000"), authorization: server.authorization)
      #expect(many.body.count > 256 << 10)
      #expect(try many.json(expecting: 200)["count"]?.number?.integer == Int64(min(filler.kept.count, 1000)))
    }
    let growth = (server.process?.residentKiB ?? 0) - memory
    #expect(growth < 16 << 10 || SojournBinary.isSanitized, "grew by \(growth) KiB while the disk was full")
    #expect(filler.refusedInARow > 0, "the disk never stayed full")

    try makeRoom()
    // Nobody writes: the server finds out by itself.
    var isReady = false
    for _ in 0..<100 where !isReady {
      usleep(100_000)
      isReady = try connection.request("GET", "/health/ready", authorization: nil).status == 200
    }
    #expect(isReady, "ready again, though nobody wrote")
    let before = filler.kept.count
    for _ in 0..<20 { try filler.write(server, on: connection, operations: 40) }
    #expect(filler.kept.count == before + 800, "writes go on at once")
    #expect(try filler.findings(server) == [])
    server.kill()
    try server.start()
    #expect(try filler.findings(server) == [])
    #expect(server.stop() == 0)
    let file = try OplogFile(server.databasePath)
    #expect(try file.integrity() == "ok")
    #expect(try Set(file.entries().map(\.change.number)) == Set(filler.kept.values))
    #expect(try file.entries().count == filler.kept.count)
  }
}

/// Creates objects that are large beside a small disk, and keeps deployment of what was acknowledged.
private struct Filler {
  private(set) var kept: [String: Int64] = [:]
  private(set) var refused: Set<String> = []
  private(set) var refusedInARow = 0
  private var last: Int64 = 0

  /// Until the server has refused again and again, whatever the size.
  mutating func fill(_ server: Server, on connection: HTTPConnection) throws {
    for _ in 0..<4000 {
      try write(server, on: connection, operations: refusedInARow > 2 ? 1 : 40)
      if refusedInARow >= 20 { return }
    }
    throw TestFault("the disk did not become full")
  }

  /// One batch. Refused means refused as a whole, with a sentence and a time to wait.
  mutating func write(_ server: Server, on connection: HTTPConnection, operations: Int) throws {
    var made: [(id: String, number: Int64)] = []
    var texts: [String] = []
    for _ in 0..<operations {
      last += 1
      let hex = String(last, radix: 16)
      let id = "00000001-0000-4000-8000-" + String(repeating: "0", count: 12 - hex.count) + hex
      made.append((id, last))
      texts.append(
        #"{"method":"post","object":{"type":"item","id":"\#(id)","number":\#(last),"note":"\#(Self.note)"}}"#)
    }
    let answer = try connection.request(
      "POST", server.path("batch.json"), authorization: server.authorization,
      body: "{\"operations\":[\(texts.joined(separator: ","))]}")
    if answer.status == 503 {
      refusedInARow += 1
      refused.formUnion(made.map(\.id))
      guard answer[header: "retry-after"] != nil, answer.text.contains("SERVICE_UNAVAILABLE") else {
        throw TestFault("a refusal that does not say enough: \(answer.headers) \(answer.text)")
      }
      return
    }
    refusedInARow = 0
    for operation in try answer.json(expecting: 200)["operations"]?.elements.map({ $0 }) ?? [] {
      guard operation["success"]?.bool == true else { throw TestFault("refused alone: \(operation.rawText)") }
    }
    for (id, number) in made { kept[id] = number }
  }

  private static let note = String(repeating: "a note that takes room. ", count: 60)

  /// Everything acknowledged is there, and nothing that was refused.
  func findings(_ server: Server) throws -> [String] {
    let found = try server.objects(checkingNotes: false)
    return [
      kept.filter { found[$0.key] != $0.value }.isEmpty ? nil : "acknowledged objects are gone",
      refused.filter { found[$0] != nil }.isEmpty ? nil : "refused objects are there",
      found.count == kept.count ? nil : "\(found.count) objects instead of \(kept.count)",
    ].compactMap(\.self)
  }
}
