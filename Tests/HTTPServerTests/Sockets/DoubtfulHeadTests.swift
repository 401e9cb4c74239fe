import Glibc
import Synchronization
import Testing

@testable import HTTPServer

/// Heads that proxies and servers read in different ways. Each is sent with a second request behind it, which
/// would be served if the first one ended elsewhere than a proxy takes it to.
@Suite("Heads that leave something in doubt")
struct DoubtfulHeadTests {
  private static let behind = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"

  /// What stands between `POST /count HTTP/1.1` with its `Host` and the end of the head, the status, and a part
  /// of the answer.
  private static let fields: [(fields: String, status: Int, part: String)] = [
    ("Content-Length: 3\r\nContent-Length: 4", 400, "bodyLength"),
    ("Content-Length: 3\r\nTransfer-Encoding: chunked", 400, "bodyLength"),
    ("Transfer-Encoding: gzip, chunked", 400, "bodyLength"), ("Transfer-Encoding: gzip", 400, "bodyLength"),
    ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400, "bodyLength"),
    ("Content-Length : 38", 400, "fieldName"), ("Content-Length\t: 38", 400, "fieldName"),
    ("Transfer-Encoding : chunked", 400, "fieldName"), ("X A: 1", 400, "fieldName"),
    // The library takes such a line for the end of the head.
    (": 1", 400, "hiddenBytes"), (":", 400, "hiddenBytes"), (": 1\r\nContent-Length: 38", 400, "hiddenBytes"),
    ("X(A): 1", 400, "fieldName"), ("X-Ä: 1", 400, "fieldName"), ("\u{b}Content-Length: 38", 400, "fieldName"),
    ("Host: a", 400, "severalHosts"), ("Host: b", 400, "severalHosts"), ("hOST:", 400, "severalHosts"),
    ("X-A: 1\r\n Content-Length: 38", 400, "hiddenBytes"), ("X-A: 1\r\n\t2", 400, "hiddenBytes"),
    ("Content-Length:\r\n 38", 400, "hiddenBytes"), ("Transfer-Encoding:\r\n chunked", 400, "hiddenBytes"),
    ("Content-Length: 3\r\n 8", 400, "hiddenBytes"), ("X-A: 1\r\n 2\r\n 3\r\nX-B: 4", 400, "hiddenBytes"),
    ("X-A: 1\0Content-Length: 38", 400, "hiddenBytes"), ("Content-Length: 38\0", 400, "hiddenBytes"),
    ("X-A:\0\r\nX-B: 1", 400, "hiddenBytes"), ("X-A: 1\0\0\r\nX-B: 1", 400, "hiddenBytes"),
    ("X-A: 1\rContent-Length: 38", 400, "fieldValue"), ("Content-Length: 38\r\r", 400, ""),
    ("X-A: \r1", 400, "fieldValue"),
    // What the library refuses.
    ("X\0A: 1", 400, "unreadable"), ("X-A", 400, "unreadable"), ("X-A\0: 1", 400, "unreadable"),
    ("Content-Length: -1", 400, "unreadable"), ("Content-Length: +38", 400, "unreadable"),
    ("Content-Length: 0x26", 400, "unreadable"), ("Content-Length: 38, 38", 400, "unreadable"),
    ("Content-Length:", 400, "unreadable"), ("Content-Length: 38 8", 400, "unreadable"),
    ("Content-Length: 99999999999999999999", 413, "unreadable"),
  ]

  private static func check(
    _ bytes: String, _ status: Int, _ part: String, in test: TestServer, _ client: TestClient
  ) throws {
    client.send(bytes)
    let answer = try client.answer()
    #expect(answer.status == status && answer.text.contains(part), "\(bytes.debugDescription): \(answer)")
    #expect(
      answer.headers["connection"] == "close" && answer.headers["x-request-id"] != nil, "\(bytes.debugDescription)")
    #expect(Int(answer.headers["content-length"] ?? "") == answer.body.count && !answer.body.isEmpty)
    // A body that may still come is waited for a while.
    client.endSending()
    #expect(client.isClosed(), "\(bytes.debugDescription) has more than one answer")
  }

  @Test("are refused with one whole answer, and nothing behind them is served")
  func refused() async throws {
    try await TestServer.run { test throws in
      for row in Self.fields {
        let head = "POST /count HTTP/1.1\r\nHost: a\r\n\(row.fields)\r\n\r\n"
        try Self.check(head + Self.behind, row.status, row.part, in: test, try test.client())
        // The same as the second request of a connection.
        let client = try test.client()
        #expect(try client.request("GET", "/count").status == 200)
        try Self.check(head + Self.behind, row.status, row.part, in: test, client)
      }
      #expect(test.eventually { test.server.connectionCount == 0 })
      let served = test.handler.exchanges.withLock { $0.map(\.head.rawPath) }
      #expect(!served.contains("/smuggled") && served.contains("/count"))
    }
  }

  @Test(
    "are refused for their request lines too",
    arguments: [
      ("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target"),
      ("GET /a?b c HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target"),
      ("GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target"),
      ("GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target"),
      ("GET /a HTTP/1.1 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target"),
      ("GET / HTTP/1.1\r\n\r\n", 400, "noHost"), ("GET / HTTP/1.1\r\nX-A: b\r\n\r\n", 400, "noHost"),
      ("GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400, "fieldName"), ("GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n", 400, ""),
      ("GET / HTTP/1.1\r\n: 1\r\nHost: a\r\n\r\n", 400, "fieldName"),
      ("GET / HTTP/9.1\r\nHost: a\r\n\r\n", 505, "unreadable"), ("GET / HTTP/1.x\r\nHost: a\r\n\r\n", 400, ""),
    ])
  func lines(head: String, status: Int, part: String) async throws {
    try await TestServer.run { test throws in
      try Self.check(head + Self.behind, status, part, in: test, try test.client())
      #expect(!test.handler.exchanges.withLock { $0.contains { $0.head.rawPath == "/smuggled" } })
    }
  }

  @Test(
    "are not those that are only unusual",
    arguments: [
      "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost:\r\n\r\n",
      "GET / HTTP/1.1\r\nhost:a\r\nX-A:\t b \t\r\nX-B:\r\n\r\n",
      "GET / HTTP/1.1\nHost: a\nX-A: b\n\n", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nCookie: a=b; c=\"d e\"\r\nX!#$%&'*+.^_`|~: 1\r\nX-A: \u{e4}\r\n\r\n",
      "GET / HTTP/1.1\r\nX-A: 1\r\nX-A: 2\r\nHost: a\r\nX-B: a:b: c\r\n\r\n",
    ])
  func unusual(head: String) async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      client.send(head)
      #expect(try client.answer().status == 200)
      // And in two parts, cut anywhere.
      for cut in stride(from: 1, to: head.utf8.count, by: 3) {
        let client = try test.client()
        client.send(Array(head.utf8.prefix(cut)))
        usleep(500)
        client.send(Array(head.utf8.dropFirst(cut)))
        #expect(try client.answer().status == 200, "\(cut)")
      }
    }
  }

  @Test(
    "Chunks that cannot be read are answered once, by what is known of the request",
    arguments: [
      ("/count", "zz\r\nabc\r\n", 400), ("/count", "3\r\nabcd\r\n", 400), ("/count", "ffffffffffffffffff\r\n", 413),
      ("/stream", "3\r\nabc\r\n-1\r\n", 400), ("/refused", "3\r\nabc\r\nzz\r\n", 401),
    ])
  func chunks(path: String, body: String, status: Int) async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      client.send("POST \(path) HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)\(Self.behind)")
      let answer = try client.answer()
      #expect(answer.status == status && answer.headers["x-request-id"] != nil)
      client.endSending()
      #expect(client.isClosed())
      #expect(test.eventually { test.handler.exchanges.withLock { $0.count } == 1 })
      let exchange = try #require(test.handler.exchanges.withLock { $0.first })
      #expect(exchange.status == status && exchange.head.rawPath == path && exchange.completed)
      #expect(test.eventually { test.server.connectionCount == 0 && test.server.bodyBytesInUse == 0 })
    }
  }

  @Test("Chunks that cannot be read while a piece before them is being kept end the connection, once that is done")
  func chunksMeanwhile() async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      client.send("POST /stream-slowly HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
      for _ in 0..<20 { client.send("4000\r\n\(String(repeating: "a", count: 0x4000))\r\n") }
      client.send("zz\r\n")
      #expect(try client.answer().status == 400)
      client.endSending()
      #expect(client.isClosed())
      #expect(test.eventually { test.server.connectionCount == 0 && test.server.bodyBytesInUse == 0 })
      #expect(try test.client().request("GET", "/count").status == 200)
    }
  }
}
