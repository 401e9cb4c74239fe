import Testing

@testable import HTTPServer

@Suite("Limits of size over a socket")
struct LimitTests {
  private func text(_ count: Int) -> String { String(repeating: "a", count: count) }

  @Test("A request line may be as long as the limit, and no longer")
  func requestLine() async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      // "GET " and " HTTP/1.1" are thirteen.
      let longest = "/" + text(16 * 1024 - 13 - 1)
      #expect(try client.request("GET", longest).status == 200)
      let answer = try client.request("GET", longest + "a")
      #expect(answer.status == 414 && answer.text == "line")
      #expect(answer.headers["x-request-id"] != nil)
      #expect(try client.request("GET", "/?" + text(17_000)).status == 414)
      #expect(try client.request("GET", "/count").status == 200)
    }
  }

  @Test("A header block beyond the limit is refused")
  func head() async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      #expect(try client.request("GET", "/", headers: ["X-A: " + text(65_000)]).status == 200)
      #expect(try client.request("GET", "/", headers: ["X-A: " + text(66_000)]).text == "head")
      let many = (0..<500).map { "X-\($0): " + text(150) }
      #expect(try client.request("GET", "/", headers: many).status == 431)
      #expect(try client.request("GET", "/count").status == 200)
    }
  }

  @Test("A flood of header fields is refused by one side or the other, and the server goes on")
  func flood() async throws {
    try await TestServer.run { test throws in
      for count in [2000, 10_000, 40_000] {
        let client = try test.client()
        client.send("GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "a:\r\n", count: count) + "\r\n")
        #expect(try client.answer().status == 431 || count == 2000)
      }
      let client = try test.client()
      client.send("GET /" + text(1_000_000))
      #expect(try client.answer().status == 414)
      #expect(try test.client().request("GET", "/count").status == 200)
    }
  }

  @Test("A body beyond the limit is refused, and the connection can go on")
  func body() async throws {
    try await TestServer.run({ $0.limits.body = 100_000 }) { test throws in
      let client = try test.client()
      #expect(
        try client.request("POST", "/count", body: [UInt8](repeating: 1, count: 100_000)).text == "100000")
      for count in [100_001, 200_000] {
        let answer = try client.request("POST", "/count", body: [UInt8](repeating: 1, count: count))
        #expect(answer.status == 413 && answer.text == "body")
        #expect(try client.request("GET", "/count").status == 200)
      }
      #expect(test.eventually { test.server.bodyBytesInUse == 0 })
    }
  }

  @Test("A body far beyond the limit is answered while it comes, and the connection closed")
  func farBeyond() async throws {
    try await TestServer.run({ $0.limits.body = 10_000 }) { test throws in
      let client = try test.client()
      client.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n")
      let answer = try client.answer()
      #expect(answer.status == 413 && answer.text == "body" && answer.headers["connection"] == "close")
      #expect(answer.headers["x-request-id"] != nil && answer.headers["date"] != nil)

      let chunked = try test.client()
      chunked.send("POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
      let chunk = "1000\r\n" + text(0x1000) + "\r\n"
      for _ in 0..<5 { chunked.send(chunk) }
      #expect(try chunked.answer().status == 413)
      // What is on its way still is taken in.
      #expect(chunked.send(chunk))
    }
  }

  @Test("A body in chunks beyond the limit is refused at its end")
  func chunked() async throws {
    try await TestServer.run({ $0.limits.body = 10_000 }) { test throws in
      let client = try test.client()
      client.send("POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
      for _ in 0..<3 { client.send("1000\r\n" + text(0x1000) + "\r\n") }
      client.send("0\r\n\r\n")
      #expect(try client.answer().status == 413)
      #expect(try client.request("GET", "/count").status == 200)
    }
  }

  @Test("A compressed body is held to the limit by what it becomes")
  func bomb() async throws {
    let bomb = Gzip.compress([UInt8](repeating: 0, count: 30_000_000))
    let good = Gzip.compress(Array(text(90_000).utf8))
    try await TestServer.run({ $0.limits.body = 100_000 }) { test throws in
      let client = try test.client()
      let headers = ["Content-Encoding: gzip"]
      #expect(try client.request("POST", "/count", headers: headers, body: good).text == "90000")
      #expect(try client.request("POST", "/count", headers: headers, body: bomb).status == 413)
      #expect(
        try client.request("POST", "/count", headers: headers, body: Array(bomb[..<50])).text == "broken")
      #expect(try client.request("POST", "/count", headers: headers, body: [1, 2, 3]).status == 400)
      let unknown = try client.request("POST", "/count", headers: ["Content-Encoding: br"], body: [1])
      #expect(unknown.status == 415 && unknown.text == "br")
      #expect(try client.request("GET", "/count").text == "0")
      #expect(test.eventually { test.server.bodyBytesInUse == 0 })
    }
  }

  @Test("All bodies together are held to the memory for them")
  func memory() async throws {
    try await TestServer.run({ $0.limits.bodyMemory = 150_000 }) { test throws in
      let first = try test.client()
      first.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + text(99_999))
      #expect(test.eventually { test.server.bodyBytesInUse > 90_000 })
      let second = try test.client()
      let body = [UInt8](repeating: 1, count: 100_000)
      #expect(try second.request("POST", "/count", body: body).text == "busy")
      first.send("a")
      #expect(try first.answer().text == "100000")
      #expect(test.eventually { test.server.bodyBytesInUse == 0 })
      #expect(try second.request("POST", "/count", body: body).text == "100000")
    }
  }

  @Test("A client that asks for leave to send gets it, or the refusal instead")
  func expectContinue() async throws {
    try await TestServer.run({ $0.limits.body = 100 }) { test throws in
      let client = try test.client()
      client.send("POST /count HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
      #expect(try client.answer().status == 100)
      client.send("abc")
      #expect(try client.answer().text == "3")
      client.send("POST /refused HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
      let refused = try client.answer()
      #expect(refused.status == 401 && refused.headers["connection"] == "close")
      let other = try test.client()
      other.send("POST /count HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 101\r\n\r\n")
      #expect(try other.answer().status == 413)
    }
  }

  @Test("A refused request's body is not taken for the next request")
  func refused() async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      let body = Array("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
      #expect(try client.request("POST", "/refused", body: body).status == 401)
      #expect(try client.request("GET", "/count").status == 200)
    }
  }

  @Test(
    "A request whose end is in doubt is refused, and the connection closed",
    arguments: [
      "Content-Length: 3\r\nContent-Length: 4", "Content-Length: 3\r\nTransfer-Encoding: chunked",
      "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    ])
  func smuggling(fields: String) async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      client.send("POST /count HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
      let answer = try client.answer()
      #expect(answer.status == 400 && answer.headers["connection"] == "close")
      #expect(try test.client().request("GET", "/count").status == 200)
    }
  }

  @Test("No more connections from one address than the setting allows")
  func perAddress() async throws {
    try await TestServer.run({ $0.limits.connectionsPerAddress = 3 }) { test throws in
      do {
        let clients = try (0..<3).map { _ in try test.client() }
        for client in clients { #expect(try client.request("GET", "/count").status == 200) }
        #expect(try test.client().isClosed())
      }
      #expect(test.eventually { test.server.connectionCount == 0 })
      #expect(try test.client().request("GET", "/count").status == 200)
    }
  }

  @Test("Connections beyond the limit wait for one to close")
  func connections() async throws {
    try await TestServer.run({ $0.limits.connections = 2 }) { test throws in
      var clients = try (0..<2).map { _ in try test.client() }
      for client in clients { #expect(try client.request("GET", "/count").status == 200) }
      let third = try test.client()
      third.send("GET /count HTTP/1.1\r\nHost: a\r\n\r\n")
      clients.removeLast()
      #expect(try third.answer().status == 200)
    }
  }
}
