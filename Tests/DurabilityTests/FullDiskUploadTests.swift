import Crypto
import Foundation
import Glibc
import JSON
import ServerUnderTest
import Testing
import Wire

/// A disk that takes no more in the middle of uploads: they are refused, nothing half is linked, reads go on,
/// and uploads succeed when there is room again.
@Suite(.serialized) struct FullDiskUploadTests {
  @Test func filesThatMayNotGrowRefuseUploadsUntilTheyMay() throws {
    let folder = try TemporaryDirectory()
    let server = try Server(data: folder.path + "/d", log: folder.path + "/log", schema: CrateLoad.schema)
    // In KiB, for each file by itself.
    try server.start(limits: "ulimit -Sf 3000;")
    try Self.attend(server) {
      guard let process = server.process else { throw TestFault("no server") }
      let lifted = try ChildProcess.run(["prlimit", "--pid", "\(process.id)", "--fsize=unlimited:unlimited"])
      guard lifted.code == 0 else { throw TestFault("prlimit: \(lifted.output)") }
    }
  }

  @Test func aFullFileSystemRefusesUploadsUntilThereIsRoom() throws {
    let folder = try TemporaryDirectory()
    guard let disk = SmallDisk(at: folder.path + "/disk", megabytes: 60) else { return }
    let server = try Server(data: disk.path + "/d", log: folder.path + "/log", schema: CrateLoad.schema)
    try server.start()
    try disk.addBallast(megabytes: 48)
    try Self.attend(server) { disk.removeBallast() }
    withExtendedLifetime(disk) {}
  }

  /// Bytes that no other upload has.
  private static func bytes(_ number: Int, megabytes: Int) -> [UInt8] {
    Array("upload \(number) ".utf8) + [UInt8](repeating: UInt8(number & 127), count: megabytes << 20)
  }

  private static func attend(_ server: Server, makeRoom: () throws -> Void) throws {
    var kept: [(address: String, bytes: [UInt8])] = []
    var refused = 0
    func inline(_ number: Int, megabytes: Int) throws -> Answer {
      let bytes = bytes(number, megabytes: megabytes)
      let answer = try server.connection().request(
        "POST", server.path("objects/crate.json"), authorization: server.authorization,
        body: "{\"crate\":{\"number\":\(number),\"file\":{\"base64\":\"\(Base64.encode(bytes))\"}}}")
      if answer.status == 200, let path = try address(answer.json) { kept.append((path, bytes)) }
      return answer
    }
    func raw(_ number: Int, megabytes: Int) throws -> Answer {
      let bytes = bytes(number, megabytes: megabytes)
      let answer = try server.connection().request(
        "POST", server.path("attachments"), headers: ["Authorization: \(server.authorization)"], body: bytes)
      guard answer.status == 200, let id = try answer.json["id"]?.string else { return answer }
      let linked = try server.connection().request(
        "POST", server.path("objects/crate.json"), authorization: server.authorization,
        body: "{\"crate\":{\"number\":\(number),\"file_id\":\"\(id)\"}}")
      if linked.status == 200, let path = try address(linked.json) { kept.append((path, bytes)) }
      return linked
    }
    func address(_ object: JSONValue) throws -> String? {
      object["file"]?["original"]?.string?.split(separator: "/", maxSplits: 2).last.map { "/\($0)" }
    }
    func check(_ answer: Answer) {
      if answer.status == 200 { return }
      refused += 1
      #expect(answer.status == 503 && answer.type == "SERVICE_UNAVAILABLE", "\(answer.status) \(answer.text)")
      #expect(answer[header: "retry-after"] != nil)
      #expect(!answer.detail.contains("/"), "nothing of the disk is a client's: \(answer.text)")
    }

    #expect(try inline(0, megabytes: 0).status == 200)
    var number = 0
    while refused < 6, number < 40 {
      number += 1
      check(try number % 2 == 0 ? raw(number, megabytes: 4) : inline(number, megabytes: 4))
      // Who is refused leaves nothing, so that small ones may still fit; and reads go on.
      if let one = kept.randomElement() {
        let got = try server.connection().request("GET", one.address)
        #expect(got.status == 200 && got.body == one.bytes)
      }
    }
    #expect(refused >= 6, "the disk became full")
    let blobs = "\(server.data)/blobs/\(server.deployment)"
    func incoming() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: blobs + "/incoming") }
    // A file goes with whatever held it, which on a busy machine may be after its answer has been sent.
    for _ in 0..<100 where try !incoming().isEmpty { usleep(50_000) }
    #expect(try incoming() == [])
    let total = try server.connection().request(
      "GET", server.path("objects/crate/count.json"), authorization: server.authorization)
    #expect(try total.json(expecting: 200)["count"]?.number?.integer == Int64(kept.count))

    try makeRoom()
    let before = kept.count
    // Storage may find out only at its next look, a second later.
    for _ in 0..<50 {
      if try inline(1000, megabytes: 4).status == 200 { break }
      usleep(100_000)
    }
    #expect(try raw(1001, megabytes: 6).status == 200)
    #expect(kept.count == before + 2)
    server.kill()
    try server.start()
    for one in kept {
      let got = try server.connection().request("GET", one.address)
      #expect(got.status == 200 && got.body == one.bytes)
    }
    let check = try ChildProcess.sojourn("fsck", "--data-dir", server.data)
    #expect(check.code == 0 && check.output.contains("0 missing, 0 damaged, 0 orphaned"), "\(check.output)")
    print("Full disk: \(kept.count) uploads kept, \(refused) refused. fsck: \(check.output.dropLast())")
    #expect(server.stop() == 0)
  }
}
