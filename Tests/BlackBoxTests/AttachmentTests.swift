import Crypto
import Foundation
import JSON
import ServerUnderTest
import Synchronization
import Testing
import Threads
import Wire

@Suite("Attachments of the real server")
struct AttachmentTests {
  private static let schema = """
    <data-model>
      <model name="crate" label="Crate">
        <field name="photo" label="Photo" type="photo"/>
        <field name="file" label="File" type="attachment" media="any"/>
        <display>Crate</display>
      </model>
    </data-model>
    """
  /// One pixel.
  private static let png =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

  private func fetch(_ server: ServerUnderTest, _ address: String?, headers: [String] = []) throws -> Answer {
    let path = address?.split(separator: "/", maxSplits: 2).last.map { "/" + $0 } ?? "/nowhere"
    return try server.connection().request("GET", path, headers: headers)
  }

  @Test("larger than its memory go in and out raw, and are there after a restart")
  func large() throws {
    let server = try ServerUnderTest(schema: Self.schema)
    var random = SplitMix(seed: 1)
    var bytes = [UInt8]()
    bytes.reserveCapacity(96 << 20)
    while bytes.count < 96 << 20 { withUnsafeBytes(of: random.next()) { bytes += $0 } }
    let before = try #require(server.peakMemoryKiB)
    let sent = try server.send("POST", "/attachments", headers: ["Content-Type: video/mp4"], body: bytes)
    #expect(sent.status == 200, "\(sent.text)")
    let id = try sent.json["id"]?.string ?? ""
    let made = try server.json("POST", "/objects/crate.json", "{\"crate\":{\"file_id\":\"\(id)\"}}").json
    let address = made["file"]?["original"]?.string
    let got = try fetch(server, address)
    #expect(got.status == 200 && got.body == bytes)
    let grown = (server.peakMemoryKiB ?? 0) - before
    print("96 MiB in and out: \(grown >> 10) MiB more than before.")
    #expect(grown < 48 << 10 || SojournBinary.isSanitized)
    try server.stop()
    try server.start()
    let part = try fetch(server, address, headers: ["Range: bytes=50000000-50000099"])
    #expect(part.status == 206 && part.body == Array(bytes[50_000_000..<50_000_100]))
  }

  @Test("are checked by fsck, while the server runs and when it is stopped")
  func check() throws {
    let server = try ServerUnderTest(schema: Self.schema)
    let made = try server.json(
      "POST", "/objects/crate.json", "{\"crate\":{\"photo\":{\"base64\":\"\(Self.png)\"}}}"
    ).json
    #expect(made["photo"]?["state"]?.string == "uploaded")
    let good = try server.command("fsck", "--json")
    #expect(good.exitCode == 0 && good.output.contains("\"blobs\":1,"), "\(good.output)\(good.errors)")
    let hash = ContentHash(of: Base64.decode(Self.png) ?? []).description
    let file = "\(server.dataDirectory)/blobs/\(server.id)/\(hash.prefix(2))/\(hash.dropFirst(2).prefix(2))/\(hash)"
    try FileManager.default.removeItem(atPath: file)
    for isRunning in [true, false] {
      if !isRunning { try server.stop() }
      let bad = try server.command("fsck")
      #expect(bad.exitCode == 1 && bad.output.contains("1 missing"), "\(bad.output)\(bad.errors)")
      #expect(bad.output.contains(hash))
    }
    let repaired = try server.command("fsck", "--repair")
    #expect(repaired.exitCode == 1 && repaired.output.contains("missing \(hash): its attachments show it"))
    try server.start()
    let id = made["id"]?.string ?? ""
    #expect(try server.json("GET", "/objects/crate/\(id).json").json["photo"]?.rawText == "{\"state\":\"missing\"}")
  }

  @Test("that were acknowledged are all there after a kill in the middle of uploads")
  func kill() throws {
    let server = try ServerUnderTest(schema: Self.schema)
    let kept = Mutex<[(id: String, text: String)]>([])
    let isOver = Atomic<Bool>(false)
    for round in 0..<3 {
      isOver.store(false, ordering: .relaxed)
      let uploads = try (0..<3).map { client in
        try OwnThread {
          for number in 0..<10_000 where !isOver.load(ordering: .relaxed) {
            let text = "round \(round), client \(client), number \(number)"
            let body = "{\"crate\":{\"file\":{\"base64\":\"\(Base64.encode(Array(text.utf8)))\"}}}"
            guard let made = try? server.json("POST", "/objects/crate.json", body), made.status == 200,
              let id = (try? made.json)?["id"]?.string
            else { continue }
            kept.withLock { $0.append((id, text)) }
          }
        }
      }
      Thread.sleep(forTimeInterval: 0.5)
      server.kill()
      isOver.store(true, ordering: .relaxed)
      for upload in uploads { upload.join() }
      try server.start()
    }
    let all = kept.withLock { $0 }
    #expect(all.count > 10)
    let checked = try server.command("fsck", "--json")
    #expect(checked.exitCode == 0, "\(checked.output)\(checked.errors)")
    for (id, text) in all.shuffled().prefix(30) {
      let file = try server.json("GET", "/objects/crate/\(id).json").json["file"]
      #expect(try fetch(server, file?["original"]?.string).text == text)
    }
    print("\(all.count) acknowledged uploads over 3 kills, none missing.")
  }
}
