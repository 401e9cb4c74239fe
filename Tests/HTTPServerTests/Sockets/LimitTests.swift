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
      #expect(try client.request("GET", "/count").status == 200)
      // Both a little too long.
      let both = try client.request("GET", "/" + text(17 * 1024), headers: ["X-A: " + text(65 * 1024)])
      #expect(both.status == 414 && both.text == "line")
      #expect(try client.request("GET", "/count").status == 200)
      let many = (0..<500).map { "X-\($0): " + text(150) }
      #expect(try client.request("GET", "/", headers: many).status == 431)
    }
  }

  @Test("The longest line and head that are allowed fit together", arguments: [(16, 64), (1, 1), (32, 96)])
  func longest(line: Int, head: Int) async throws {
    try await TestServer.run({
      $0.limits.requestLine = line * 1024
      $0.limits.head = head * 1024
    }) { test throws in
      let client = try test.client()
      // "Host: test" and "X-A: ", each with its line end, and those of the request line and the head.
      let fields = ["X-A: " + text(head * 1024 - 12 - 7 - 4)]
      let answer = try client.request("GET", "/" + text(line * 1024 - 13 - 1), headers: fields)
      #expect(answer.status == 200)
      #expect(try client.request("GET", "/", headers: [fields[0] + "a"]).text == "head")
    }
  }

  @Test("However many header fields there are, there is an answer, whole and once")
  func fields() async throws {
    try await TestServer.run({
      $0.limits.requestLine = 1024
      $0.limits.head = 8 * 1024
    }) { test throws in
      var statuses: [Int] = []
      for count in 1...500 {
        let client = try test.client()
        client.send("GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "a:\r\n", count: count) + "\r\n")
        let answer = try client.answer()
        #expect(answer.headers["x-request-id"] != nil && (answer.status == 200 || answer.status == 431), "\(count)")
        statuses.append(answer.status)
      }
      // Some are served, and from some number on none.
      #expect(statuses.prefix(190).allSatisfy { $0 == 200 } && statuses == statuses.sorted() && statuses.last == 431)
    }
  }

  @Test("However long a cookie is, there is one answer, and the connection is closed or goes on")
  func cookies() async throws {
    try await TestServer.run({
      $0.limits.requestLine = 1024
      $0.limits.head = 16 * 1024
    }) { test throws in
      for part in ["a", "a=b; ", ";", "a=\"b\"; "] {
        for size in stride(from: 1000, to: 17_000, by: 250) {
          let client = try test.client()
          let cookie = String(repeating: part, count: size / part.utf8.count)
          let answer = try client.request("GET", "/count", headers: ["Cookie: \(cookie)", "Cookie: x=y"])
          #expect(answer.status == 200 || answer.status == 431, "\(part) \(size)")
          // A record is kept for each part, and the text twice.
          #expect(answer.status == 200 || part != "a" || size > 10_000, "\(size)")
          if answer.status == 200 {
            #expect(try client.request("GET", "/count").status == 200)
          } else {
            #expect(answer.text == "unreadable" || answer.text == "head")
            client.endSending()
            #expect(client.isClosed())
          }
        }
      }
      // Nor is one whose body's length cannot be read either.
      let client = try test.client()
      let fields = "Cookie: \(String(repeating: ";", count: 16_000))\r\nContent-Length: -1"
      client.send("POST /count HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n")
      #expect(try client.answer().headers["x-request-id"] != nil)
      #expect(client.isClosed())
      #expect(test.eventually { test.server.connectionCount == 0 })
    }
  }

  @Test("A flood of header fields is refused by one side or the other, and the server goes on")
  func flood() async throws {
    try await TestServer.run { test throws in
      for count in [2000, 10_000, 40_000] {
        let client = try test.client()
        client.send("GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "a:\r\n", count: count) + "\r\n")
        let answer = try client.answer()
        #expect(answer.status == 431 && answer.headers["x-request-id"] != nil)
      }
      let client = try test.client()
      client.send("GET /" + text(1_000_000))
      let answer = try client.answer()
      #expect(answer.status == 414 && answer.headers["x-request-id"] != nil && answer.text == "unreadable")
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

  @Test("What refuses a request without its body refuses it whatever the body's length", arguments: [10_001, 1 << 40])
  func refusedFirst(length: Int) async throws {
    try await TestServer.run({ $0.limits.body = 10_000 }) { test throws in
      let client = try test.client()
      client.send("POST /refused HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: \(length)\r\n\r\n")
      #expect(try client.answer().status == 401)
      let other = try test.client()
      other.send("POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n")
      if length == 10_001 { other.send(text(length)) }
      #expect(try other.answer().status == 401)
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
