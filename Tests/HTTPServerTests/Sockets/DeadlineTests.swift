import Glibc
import Testing

@testable import HTTPServer

@Suite("Deadlines over a socket")
struct DeadlineTests {
  private func quick(_ configuration: inout ServerConfiguration) {
    configuration.limits.headMilliseconds = 300
    configuration.limits.bodyWindowMilliseconds = 300
  }

  /// Sends a byte every 20 ms until the other side is gone; false when it never is.
  private static func drip(_ client: TestClient, _ text: String) -> Bool {
    for byte in text.utf8 {
      if client.hasBytes() || !client.send([byte]) { return client.isClosed() }
      usleep(20_000)
    }
    return false
  }

  @Test("A head that drips is cut off")
  func head() async throws {
    try await TestServer.run(quick) { test throws in
      let client = try test.client()
      client.send("GET / HTTP/1.1\r\n")
      #expect(DeadlineTests.drip(client, String(repeating: "X-A: b\r\n", count: 100)))
    }
  }

  @Test("A connection that sends nothing at all is cut off")
  func silent() async throws {
    try await TestServer.run(quick) { test throws in #expect(try test.client().isClosed()) }
  }

  @Test("The next head on a connection has the same deadline, while an idle connection stays")
  func nextHead() async throws {
    try await TestServer.run(quick) { test throws in
      let client = try test.client()
      for _ in 0..<2 {
        #expect(try client.request("GET", "/count").status == 200)
        usleep(600_000)
      }
      #expect(try client.request("GET", "/count").status == 200)
      usleep(100_000)
      #expect(DeadlineTests.drip(client, "GET / HTTP/1.1\r\n" + String(repeating: "X-A: b\r\n", count: 100)))
    }
  }

  @Test("A body that drips is cut off, in chunks too")
  func body() async throws {
    try await TestServer.run(quick) { test throws in
      let client = try test.client()
      client.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
      #expect(DeadlineTests.drip(client, String(repeating: "a", count: 500)))
      let chunked = try test.client()
      chunked.send("POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n")
      #expect(DeadlineTests.drip(chunked, String(repeating: "a", count: 500)))
      #expect(test.eventually { test.server.bodyBytesInUse == 0 })
    }
  }

  @Test("A body that is refused has the same deadline")
  func refused() async throws {
    try await TestServer.run(quick) { test throws in
      let client = try test.client()
      client.send("POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
      #expect(DeadlineTests.drip(client, String(repeating: "a", count: 500)))
    }
  }

  @Test("A slow handler has no deadline")
  func handler() async throws {
    try await TestServer.run(quick) { test throws in
      let client = try test.client()
      client.send("POST /gate HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
      usleep(800_000)
      test.handler.openGate()
      #expect(try client.answer().text == "through")
    }
  }

  @Test("Two hundred clients that drip hold up nobody")
  func crowd() async throws {
    try await TestServer.run { test throws in
      let crowd = try (0..<200).map { _ in try test.client() }
      for (index, client) in crowd.enumerated() {
        client.send(
          index % 2 == 0
            ? "GET / HTTP/1.1\r\nX" : "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nx")
      }
      let client = try test.client()
      for round in 0..<50 {
        for index in stride(from: round % 10, to: crowd.count, by: 10) { crowd[index].send("a") }
        #expect(try client.request("GET", "/suspended").status == 200)
        #expect(try test.client().request("POST", "/count", body: [1, 2]).text == "2")
      }
    }
  }
}
