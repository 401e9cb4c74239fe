import Synchronization
import Testing
import Wire

@testable import HTTPServer

@Suite("Requests over a socket")
struct RequestTests {
  @Test("are answered with the fields that every answer has")
  func fields() async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      let answer = try client.request("GET", "/a%2Fb?c=d?e&f")
      #expect(answer.status == 200)
      #expect(answer.text == "get /a%2Fb c=d?e&f 127.0.0.1 http")
      #expect(answer.headers["date"]?.hasSuffix("GMT") == true)
      #expect(answer.headers["x-content-type-options"] == "nosniff")
      #expect(answer.headers["x-request-id"]?.isEmpty == false)
      #expect(
        try client.request("GET", "/", headers: ["X-Request-Id: my-id"]).headers["x-request-id"] == "my-id")
      #expect(
        try client.request("GET", "/", headers: ["X-Request-Id: not fit"]).headers["x-request-id"]
          != "not fit")
    }
  }

  @Test(
    "reach the handler with any method",
    arguments: ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE", "get"])
  func methods(name: String) async throws {
    try await TestServer.run { test throws in
      let answer = try test.client().request(name, "/x")
      let known = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].contains(name)
      #expect(answer.text.hasPrefix(known ? "\(name.lowercased()) /x" : "other(\"\(name)\") /x"))
    }
  }

  @Test("with HEAD get the same fields and no body", arguments: ["/", "/large", "/suspended", "/file"])
  func head(path: String) async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      let full = try client.request("GET", path, headers: ["Accept-Encoding: gzip"])
      let head = try client.request("HEAD", path, headers: ["Accept-Encoding: gzip"])
      #expect(head.status == 200)
      #expect(head.headers["content-length"] != nil)
      if path != "/" { #expect(head.headers["content-length"] == full.headers["content-length"]) }
      #expect(head.headers["content-encoding"] == full.headers["content-encoding"])
      #expect(try client.request("GET", "/count").text == "0")
    }
  }

  @Test("may be sent without waiting for the answers", arguments: ["/count", "/suspended"])
  func pipelined(path: String) async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      let one = "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
      client.send(String(repeating: one, count: 200))
      for _ in 0..<200 { #expect(try client.answer().text.hasSuffix("3")) }
    }
  }

  @Test("with a body get it whole", arguments: [0, 1, 1000, 16_384, 16_385, 100_000, 3_000_000])
  func bodies(count: Int) async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      let body = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      for _ in 0..<3 { #expect(try client.request("POST", "/echo", body: body).body == body) }
      #expect(try client.request("POST", "/padding", body: body).text == "zeros")
      #expect(test.eventually { test.server.bodyBytesInUse == 0 })
    }
  }

  @Test("may send the body in chunks")
  func chunked() async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      for _ in 0..<3 {
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.send("3\r\nabc\r\n")
        client.send("2;x=y\r\nde\r\n0\r\nTrailer: x\r\n\r\n")
        #expect(try client.answer().text == "abcde")
      }
    }
  }

  @Test("of the absolute form mean the path")
  func absolute() async throws {
    try await TestServer.run { test throws in
      #expect(try test.client().request("GET", "http://other.example:8080/a?b").text.hasPrefix("get /a b "))
    }
  }

  @Test("with many small query parts are read")
  func query() async throws {
    try await TestServer.run { test throws in
      let query = String(repeating: "a&", count: 8000)
      #expect(try test.client().request("GET", "/?" + query).text.hasPrefix("get / \(query) "))
    }
  }

  @Test("come from the address that a trusted proxy names")
  func forwarded() async throws {
    let headers = [
      "X-Forwarded-For: 6.6.6.6, 1.2.3.4", "X-Forwarded-Proto: http, https", "X-Forwarded-Host: b.example, a.example",
    ]
    try await TestServer.run { test throws in
      #expect(try test.client().request("GET", "/", headers: headers).text == "get / - 127.0.0.1 http")
    }
    let loopback = try NetworkRange("127.0.0.0/8")
    try await TestServer.run({ $0.trustedProxies = [loopback] }) { test throws in
      #expect(try test.client().request("GET", "/", headers: headers).text == "get / - 1.2.3.4 https a.example")
      let far = headers.map { $0 + ($0.contains("-For:") ? ", 127.0.0.9" : "") }
      #expect(try test.client().request("GET", "/", headers: far).text == "get / - 1.2.3.4 http b.example")
    }
  }

  @Test("are told to the handler when their answers have gone out")
  func finished() async throws {
    try await TestServer.run { test throws in
      _ = try test.client().request("POST", "/echo", body: [1, 2, 3])
      _ = try test.client().request("HEAD", "/large")
      _ = try test.client().request("GET", "/refused")
      #expect(test.eventually { test.handler.exchanges.withLock { $0.count } == 3 })
      let exchanges = test.handler.exchanges.withLock { $0 }
      let echo = try #require(exchanges.first { $0.head.rawPath == "/echo" })
      #expect(echo.status == 200 && echo.bodyBytes == 3 && echo.completed)
      let large = try #require(exchanges.first { $0.head.rawPath == "/large" })
      #expect(large.bodyBytes == 0 && large.completed)
      #expect(exchanges.contains { $0.head.rawPath == "/refused" && $0.status == 401 })
    }
  }

  @Test("that the client gives up are told as not completed")
  func lost() async throws {
    try await TestServer.run { test throws in
      do {
        let client = try test.client()
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
        #expect(test.eventually { test.server.bodyBytesInUse > 0 })
      }
      #expect(test.eventually { test.handler.exchanges.withLock { $0.count } == 1 })
      let exchange = try #require(test.handler.exchanges.withLock { $0.first })
      #expect(exchange.status == 499 && !exchange.completed)
      #expect(test.eventually { test.server.bodyBytesInUse == 0 && test.server.connectionCount == 0 })
    }
  }
}
