import Glibc
import ServerUnderTest
import Synchronization
import Testing
import Threads

@Suite("The memory of a server")
struct MemoryTests {
  /// As much as a legal body can cost: many small values with escapes, in 50 MB.
  private static let body: [UInt8] = {
    let element = Array(#""\n12","#.utf8)
    var body = Array(#"{"values":["#.utf8)
    body.reserveCapacity(50_000_000)
    while body.count < 49_999_900 { body += element }
    return body + Array("0]}".utf8)
  }()

  @Test("stays within its bounds while clients send the largest bodies all at once")
  func largeBodies() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    let alone = try server.send("POST", "/batch.json", headers: ["Content-Type: application/json"], body: Self.body)
    #expect(alone.type == "INVALID_API_REQUEST" && alone.detail.contains("operations"))
    let answers = Mutex<[Answer]>([])
    let threads = try (0..<5).map { _ in
      try OwnThread {
        let answer = try? server.send(
          "POST", "/batch.json", headers: ["Content-Type: application/json"], body: Self.body)
        answers.withLock { $0.append(answer ?? Answer(status: 0, headers: [], body: [])) }
      }
    }
    for thread in threads { thread.join() }
    // Each is answered as it would be alone, or told to come again.
    for answer in answers.withLock({ $0 }) {
      #expect(answer.status == 400 || answer.status == 503 && answer[header: "retry-after"] != nil, "\(answer.status)")
    }
    // 240 MiB of bodies, one of them being read at a time, and what a server is without them. Two at a time
    // come to 620 MiB.
    let peak = try #require(server.peakMemoryKiB)
    print("Six bodies of 50 MB, five at once: at most \(peak >> 10) MiB.")
    #expect(peak < 560 << 10 || SojournBinary.isSanitized)
    #expect(try server.json("GET", "/objects/note/count.json").text == #"{"count":0}"#)
  }

  @Test("of program and libraries is let go of after the start, and comes back for who asks")
  func programPages() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    var least = Int.max
    for _ in 0..<100 where least > 16 << 10 {
      least = min(least, server.memoryKiB("RssFile") ?? .max)
      usleep(20_000)
    }
    #expect(least < 16 << 10, "\(least) KiB")
    #expect(try server.json("GET", "/objects/note/count.json").text == #"{"count":0}"#)
  }
}
