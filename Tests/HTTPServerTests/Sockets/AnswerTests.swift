import Synchronization
import Testing

@testable import HTTPServer

@Suite("Answers over a socket")
struct AnswerTests {
  @Test("are compressed for clients that accept it, and only for them")
  func gzip() async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      for path in ["/large", "/large-at-once"] {
        let compressed = try client.request("GET", path, headers: ["Accept-Encoding: gzip"])
        #expect(compressed.headers["content-encoding"] == "gzip")
        #expect(compressed.headers["vary"] == "Accept-Encoding")
        #expect(try Gzip.inflate(compressed.body) == Array(TestHandler.large.utf8))
        let plain = try client.request("GET", path)
        #expect(plain.headers["content-encoding"] == nil)
        #expect(plain.text == TestHandler.large)
      }
      let tagged = try client.request("GET", "/etag", headers: ["Accept-Encoding: gzip"])
      #expect(tagged.headers["content-encoding"] == "gzip" && tagged.headers["etag"] == "\"7-gzip\"")
    }
  }

  @Test("are not compressed where that is switched off")
  func off() async throws {
    try await TestServer.run({ $0.compression = false }) { test throws in
      let answer = try test.client().request("GET", "/large", headers: ["Accept-Encoding: gzip"])
      #expect(answer.headers["content-encoding"] == nil && answer.headers["vary"] == nil)
    }
  }

  @Test("from a file are the part that was asked for")
  func file() async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      for _ in 0..<20 {
        #expect(try client.request("GET", "/file").text == TestHandler.large)
        #expect(try client.request("GET", "/file-part").text == TestHandler.large.dropFirst(1000))
      }
    }
  }

  @Test("from parts of a file have the text between them, their length, and no compression")
  func parts() async throws {
    let large = Array(TestHandler.large.utf8)
    func part(_ range: Range<Int>) -> [UInt8] {
      Array("[\(range.lowerBound)".utf8) + large[range] + Array("\(range.upperBound)]".utf8)
    }
    let expected = part(1..<5) + part(100..<100_000) + part(7..<8)
    try await TestServer.run { test throws in
      let client = try test.client()
      for _ in 0..<20 {
        let answer = try client.request("GET", "/parts", headers: ["Accept-Encoding: gzip"])
        #expect(answer.status == 206 && answer.body == expected)
        #expect(answer.headers["content-encoding"] == nil)
        #expect(answer.headers["content-type"] == "multipart/byteranges; boundary=x")
      }
      let head = try client.request("HEAD", "/parts")
      #expect(head.headers["content-length"] == "\(expected.count)" && head.body.isEmpty)
      #expect(try client.request("GET", "/count").text == "0")
    }
  }

  @Test("may have no body")
  func nothing() async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      #expect(try client.request("GET", "/nothing").status == 204)
      #expect(try client.request("GET", "/count").text == "0")
    }
  }

  @Test("may come late, and hold up no other connection")
  func late() async throws {
    try await TestServer.run { test throws in
      let waiting = try (0..<50).map { _ in try test.client() }
      for client in waiting { client.send("GET /gate HTTP/1.1\r\nHost: a\r\n\r\n") }
      #expect(test.eventually { test.handler.gate.withLock { $0.waiting.count } == 50 })
      #expect(try test.client().request("GET", "/suspended").text == "suspended 0")
      test.handler.openGate()
      for client in waiting { #expect(try client.answer().text == "through") }
      #expect(try waiting[0].request("GET", "/count").text == "0")
    }
  }

  @Test("reach a client that has closed its sending side", arguments: ["/count", "/suspended"])
  func halfClosed(path: String) async throws {
    try await TestServer.run { test throws in
      let clients = try (0..<64).map { _ in try test.client() }
      for client in clients {
        client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
        client.endSending()
      }
      for client in clients { #expect(try client.answer().status == 200) }
    }
  }

  @Test("that nobody waits for any more do no harm")
  func abandoned() async throws {
    try await TestServer.run { test throws in
      for _ in 0..<20 {
        let client = try test.client()
        client.send("GET /gate HTTP/1.1\r\nHost: a\r\n\r\n")
      }
      #expect(test.eventually { test.handler.gate.withLock { $0.waiting.count } == 20 })
      test.handler.openGate()
      #expect(test.eventually { test.server.connectionCount == 0 })
      #expect(try test.client().request("GET", "/count").text == "0")
    }
  }

  /// Each answer may come before, while or after its connection is suspended.
  @Test("and their connections meet, whichever comes first")
  func race() async throws {
    try await TestServer.run { test throws in
      try post("/suspended", by: 16, rounds: 300, answer: "suspended 1", to: test)
    }
  }

  /// An answer that was announced may be there before the connection's thread is, in time, or so late that
  /// the thread stops waiting for it.
  @Test("that are announced are waited for a moment, and sent whenever they come", arguments: [0, 30, 300, 5000])
  func announced(microseconds: Int) async throws {
    try await TestServer.run { test throws in
      let clients = try post("/announced/\(microseconds)", by: 8, rounds: 40, answer: "announced 1", to: test)
      let gone = try (0..<8).map { _ in try test.client() }
      for client in gone { client.send("GET /announced/\(microseconds) HTTP/1.1\r\nHost: a\r\n\r\n") }
      withExtendedLifetime(gone) {}
      #expect(try clients[0].request("GET", "/count").text == "0")
    }
  }

  /// All clients at once, round after round. The clients, still connected.
  @discardableResult
  private func post(_ path: String, by count: Int, rounds: Int, answer: String, to test: TestServer) throws
    -> [TestClient]
  {
    let clients = try (0..<count).map { _ in try test.client() }
    for round in 0..<rounds {
      for client in clients {
        client.send("POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
      }
      for client in clients where try client.answer().text != answer {
        Issue.record("wrong answer in round \(round)")
      }
    }
    return clients
  }
}
