import Crypto
import Glibc
import Synchronization
import Testing
import Wire

@testable import HTTPServer

@Suite("Bodies that are streamed")
struct StreamTests {
  private static func bytes(_ count: Int) -> [UInt8] {
    var generator = SplitMix(seed: 7)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count { withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) } }
    return Array(bytes.prefix(count))
  }

  private static func summary(_ bytes: [UInt8]) -> String { "\(bytes.count) \(Hex.encode(SHA256.hash(bytes)))" }

  private static func chunked(_ bytes: [UInt8], size: Int) -> [UInt8] {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      let chunk = bytes[start..<min(start + size, bytes.count)]
      text += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [13, 10]
    }
    return text + Array("0\r\n\r\n".utf8)
  }

  @Test("arrive whole and in order, and the connection goes on", arguments: [0, 1, 262_143, 262_144, 3_999_999])
  func whole(count: Int) async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      let body = StreamTests.bytes(count)
      for _ in 0..<3 {
        #expect(try client.request("PUT", "/stream", body: body).text == StreamTests.summary(body))
      }
      #expect(try client.request("POST", "/count", body: [1]).text == "1")
      #expect(test.eventually { test.server.bodyBytesInUse == 0 })
    }
  }

  @Test("arrive in chunks of any size too", arguments: [7, 1000, 70_000, 2_000_000])
  func chunks(size: Int) async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      let body = StreamTests.bytes(size < 100 ? 600_000 : 3_000_000)
      for _ in 0..<2 {
        client.send("POST /stream HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.send(StreamTests.chunked(body, size: size))
        #expect(try client.answer().text == StreamTests.summary(body))
      }
    }
  }

  @Test("are decompressed only where the head says so")
  func compressed() async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      let body = Array(String(repeating: "flight UA 1545, ", count: 240_000).utf8)
      let packed = Gzip.compress(body)
      let inflated = try client.request("PUT", "/stream", headers: ["Content-Encoding: gzip"], body: packed)
      #expect(inflated.text == StreamTests.summary(body))
      #expect(try client.request("PUT", "/stream", body: packed).text == StreamTests.summary(packed))
      let cut = try client.request(
        "PUT", "/stream", headers: ["Content-Encoding: gzip"], body: Array(packed.dropLast(9)))
      #expect(cut.status == 400)
      #expect(try client.request("PUT", "/stream", headers: ["Content-Encoding: br"], body: packed).status == 415)
    }
  }

  @Test("have a limit of their own, by what the head says, what comes, and what that swells to")
  func limits() async throws {
    try await TestServer.run({ $0.limits.body = 1_000_000 }) { test throws in
      let body = StreamTests.bytes(4_000_001)
      #expect(try test.client().request("PUT", "/stream", body: body).text == "stream")
      let chunked = try test.client()
      chunked.send("PUT /stream HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
      chunked.send(StreamTests.chunked(body, size: 50_000))
      #expect(try chunked.answer().text == "stream")
      let bomb = Gzip.compress([UInt8](repeating: 0, count: 100_000_000))
      let client = try test.client()
      #expect(try client.request("PUT", "/stream", headers: ["Content-Encoding: gzip"], body: bomb).text == "stream")
      #expect(try client.request("PUT", "/stream", body: Array(body.dropLast())).status == 200)
      #expect(try client.request("PUT", "/count", body: body).status == 413)
    }
  }

  @Test("may be answered before their end, also when the rest is far too long to wait for")
  func early() async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      let body = StreamTests.bytes(2_000_000)
      #expect(try client.request("PUT", "/stream-refused", body: body).text == "full")
      #expect(try client.request("PUT", "/stream-refused", body: [1]).status == 200)
      let endless = try test.client()
      endless.send("PUT /stream-refused HTTP/1.1\r\nHost: a\r\nContent-Length: 299999999\r\n\r\n")
      endless.send(body)
      #expect(try endless.answer().text == "full")
    }
  }

  @Test("do not run into a deadline while it is the server that takes long, but do when they drip")
  func deadlines() async throws {
    try await TestServer.run({ $0.limits.bodyWindowMilliseconds = 300 }) { test throws in
      let body = StreamTests.bytes(700_000)
      #expect(try test.client().request("PUT", "/stream-slowly", body: body).text == StreamTests.summary(body))
      let client = try test.client()
      client.send("PUT /stream-gone HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
      for _ in 0..<200 where !client.hasBytes() {
        client.send([1])
        usleep(20_000)
      }
      #expect(client.isClosed())
      #expect(test.eventually { test.handler.abandoned.withLock { $0 } == 1 })
    }
  }

  @Test("are let go of when their client goes away, whatever had come", arguments: [0, 1, 300_000, 900_000])
  func gone(count: Int) async throws {
    // An end that comes together with the head is only seen by its deadline.
    try await TestServer.run({ $0.limits.bodyWindowMilliseconds = 300 }) { test throws in
      do {
        let client = try test.client()
        client.send("PUT /stream-gone HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
        client.send(StreamTests.bytes(count))
      }
      #expect(test.eventually { test.handler.abandoned.withLock { $0 } == 1 })
      #expect(test.eventually { test.server.connectionCount == 0 && test.server.bodyBytesInUse == 0 })
    }
  }

  @Test("cost the same memory however long they are")
  func memory() async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      let piece = StreamTests.bytes(1 << 20)
      let count = 200
      client.send("PUT /stream-long HTTP/1.1\r\nHost: a\r\nContent-Length: \(count << 20)\r\n\r\n")
      let before = StreamTests.resident
      var most = before
      for _ in 0..<count {
        client.send(piece)
        most = max(most, StreamTests.resident)
      }
      #expect(try client.answer().text.hasPrefix("\(count << 20) "))
      #expect(most - before < 24 << 20)
    }
  }

  /// In bytes.
  private static var resident: Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 100)
    guard fgets(&line, 100, file) != nil else { return 0 }
    let words = String(decoding: line.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
    return words.count > 1 ? (Int(words[1]) ?? 0) * 4096 : 0
  }

  @Test("many at once neither mix nor hold up others")
  func many() async throws {
    try await TestServer.run { test throws in
      let body = StreamTests.bytes(1_000_000)
      let clients = try (0..<16).map { _ in try test.client() }
      for client in clients {
        client.send("PUT /stream HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n")
      }
      for start in stride(from: 0, to: body.count, by: 100_000) {
        for client in clients { client.send(Array(body[start..<(start + 100_000)])) }
      }
      for client in clients { #expect(try client.answer().text == StreamTests.summary(body)) }
    }
  }

  @Test("wait for leave to send where the client asks for it")
  func expecting() async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      client.send("PUT /stream HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
      #expect(try client.answer().status == 100)
      client.send("abc")
      #expect(try client.answer().text == StreamTests.summary(Array("abc".utf8)))
    }
  }
}
