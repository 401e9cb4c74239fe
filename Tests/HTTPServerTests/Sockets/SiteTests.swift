import Synchronization
import Testing

@testable import HTTPServer

@Suite("Sites over a socket")
struct SiteTests {
  /// Answers with the kind of its requests, and tells errors in words of its own.
  private final class Pages: Handler {
    let exchanges = Mutex<[FinishedExchange]>([])

    func verdict(on head: RequestHead) -> Verdict { .answer(.text(500, "kinds are asked for")) }

    func verdict(on head: RequestHead, kind: inout UInt8) -> Verdict {
      kind = 3
      if head.rawPath == "/pages/refused" { return .answer(.text(403, "page: refused")) }
      return .read { body in .text(200, "page: \(body.bytes.count)") }
    }

    func response(to failure: TransportFailure, of head: RequestHead) -> Response { .text(400, "page: \(failure)") }

    func finished(_ exchange: FinishedExchange) { exchanges.withLock { $0.append(exchange) } }
  }

  private static var small: SiteLimits {
    var limits = SiteLimits()
    (limits.requestLine, limits.head, limits.body, limits.refusedBody) = (100, 500, 1000, 0)
    return limits
  }

  private func run(_ body: @escaping @Sendable (TestServer, Pages) throws -> Void) async throws {
    let pages = Pages()
    try await TestServer.run(beside: [Site("/pages", pages, limits: Self.small, firstKind: 40)]) { test throws in
      try body(test, pages)
    }
  }

  private func text(_ count: Int) -> String { String(repeating: "a", count: count) }

  @Test("each path is answered, and its errors are told, by its own site")
  func answers() async throws {
    try await run { test, pages in
      let client = try test.client()
      #expect(try client.request("POST", "/pages/x", body: [1, 2]).text == "page: 2")
      #expect(try client.request("GET", "/pag%65s").text == "page: 0")
      #expect(try client.request("POST", "/count", body: [1, 2, 3]).text == "3")
      #expect(try client.request("GET", "/pagesx").text.hasPrefix("get /pagesx"))
      client.send("GET /pages HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
      #expect(try client.answer().text == "page: malformed(HTTPServer.HeadFault.severalHosts)")
      // What the HTTP library refuses by itself is told by the site too.
      let other = try test.client()
      other.send("POST /pages HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
      #expect(try other.answer().text == "page: unreadable(status: 400)")
    }
  }

  @Test("a site takes less of a request than the others where it says so")
  func limits() async throws {
    try await run { test, _ in
      let client = try test.client()
      #expect(try client.request("GET", "/pages/" + text(100)).text == "page: requestLineTooLong(limit: 100)")
      #expect(try client.request("GET", "/count?" + text(100)).status == 200)
      #expect(
        try client.request("GET", "/pages", headers: ["X-A: " + text(500)]).text == "page: headTooLarge(limit: 500)")
      #expect(try client.request("GET", "/count", headers: ["X-A: " + text(500)]).status == 200)
      #expect(try client.request("POST", "/pages", body: [UInt8](repeating: 0, count: 1000)).text == "page: 1000")
      #expect(try client.request("POST", "/count", body: [UInt8](repeating: 0, count: 1001)).text == "1001")
      let long = try client.request("POST", "/pages", body: [UInt8](repeating: 0, count: 1001))
      #expect(long.text == "page: bodyTooLarge(limit: 1000)")
    }
  }

  @Test("a site can answer before a refused body has come")
  func refusedBody() async throws {
    try await run { test, _ in
      let early = try test.client()
      early.send("POST /pages/refused HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
      let answer = try early.answer()
      #expect(answer.text == "page: refused" && answer.headers["connection"] == "close")
      let late = try test.client()
      late.send("POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n")
      late.send("12345")
      #expect(try late.answer().status == 401)
      // The connection goes on.
      #expect(try late.request("GET", "/count").status == 200)
    }
  }

  @Test("sites are told of their own requests alone, with kinds that are numbers of one table")
  func finished() async throws {
    try await run { test, pages in
      let client = try test.client()
      _ = try client.request("GET", "/pages/x")
      _ = try client.request("GET", "/count")
      client.send("GET /pages HTTP/1.1\r\n\r\n")
      _ = try client.answer()
      #expect(test.eventually { pages.exchanges.withLock { $0.count } == 2 })
      // A request that is refused before the verdict is the site's first kind.
      #expect(pages.exchanges.withLock { $0.map(\.kind) } == [43, 40])
      #expect(test.handler.exchanges.withLock { $0.map { [$0.head.rawPath, "\($0.kind)"] } } == [["/count", "0"]])
    }
  }
}
