import ServerUnderTest
import Testing
import Wire

@testable import APIClient

@Suite("The client, over real sockets")
struct APIClientTests {
  private func client(
    _ server: StubServer, _ credentials: Credentials = .token("O:secret"),
    change: (inout APIClient.Configuration) -> Void = { _ in }
  ) throws -> APIClient {
    var configuration = APIClient.Configuration(base: try BaseURL(server.base), credentials: credentials)
    change(&configuration)
    return try APIClient(configuration)
  }

  @Test("sends method, path, headers and body, and gets status, headers and body")
  func exchange() async throws {
    let server = try StubServer { _ in .answer(422, headers: ["X-Word:  hello "], body: "refused") }
    defer { server.stop() }
    let request = APIRequest(
      .patch, ["objects", "a b.json"], query: [("limit", "1")], headers: [("X-Request-Id", "r1")],
      body: ByteBlock(Array("{\"a\":1}".utf8)))
    let response = try await client(server).send(request)
    #expect(response.status == 422)
    #expect(response.header("x-word") == "hello")
    #expect(String(decoding: response.body, as: UTF8.self) == "refused")
    let seen = try #require(server.seen.first)
    #expect(seen.method == "PATCH")
    #expect(seen.target == "/api/v4/0123456789abcdef01234567/objects/a%20b.json?limit=1")
    #expect(seen.headers["authorization"] == "Bearer O:secret")
    #expect(seen.headers["content-type"] == "application/json")
    #expect(seen.headers["x-request-id"] == "r1")
    #expect(seen.headers["expect"] == nil)
    #expect(String(decoding: seen.body, as: UTF8.self) == "{\"a\":1}")
  }

  @Test("shows user name and password as Basic, also from code that blocks")
  func basic() throws {
    let server = try StubServer { _ in .answer(200) }
    defer { server.stop() }
    let response = try client(server, .basic(username: "u", password: "p:ä")).sendBlocking(
      APIRequest(.get, ["x"]))
    #expect(response.status == 200)
    #expect(server.seen.first?.headers["authorization"] == "Basic dTpwOsOk")
  }

  @Test("uses a connection again, and has several requests under way")
  func connections() async throws {
    let server = try StubServer { request in .answer(200, body: request.target) }
    defer { server.stop() }
    let client = try client(server)
    for number in 0..<5 { _ = try await client.send(APIRequest(.get, ["\(number)"])) }
    #expect(Set(server.seen.map(\.connection)).count == 1)
    let bodies = try await withThrowingTaskGroup(of: String.self) { group in
      for number in 0..<20 {
        group.addTask {
          String(decoding: try await client.send(APIRequest(.get, ["n\(number)"])).body, as: UTF8.self)
        }
      }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(bodies.count == 20)
  }

  @Test("does not follow a redirect, which would carry the credentials away")
  func redirect() async throws {
    let server = try StubServer { _ in .answer(302, headers: ["Location: http://127.0.0.1:1/"]) }
    defer { server.stop() }
    #expect(try await client(server).send(APIRequest(.get, ["x"])).status == 302)
    #expect(server.seen.count == 1)
  }

  @Test("says what kind of failure it was")
  func failures() async throws {
    let server = try StubServer { request in
      switch request.target.split(separator: "/").last {
      case "hang": .hangUp
      case "half": .raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
      case "noise": .raw("\u{1}\u{2}\u{3}\r\n\r\n")
      case "large": .answer(200, body: String(repeating: "x", count: 2000))
      case "silent": .silence()
      default: .answer(200, headers: ["X-A: " + String(repeating: "x", count: 70_000)])
      }
    }
    defer { server.stop() }
    let client = try client(server) {
      $0.bodyLimit = 1000
      $0.timeout = .milliseconds(300)
    }
    let expected: [(String, TransferFailure.Cause)] = [
      ("hang", .connection), ("half", .connection), ("large", .other), ("silent", .connection),
      ("headers", .other),
    ]
    for (path, cause) in expected {
      await #expect {
        try await client.send(APIRequest(.get, [path]))
      } throws: { ($0 as? TransferFailure)?.cause == cause && !"\($0)".contains("secret") }
    }
    await #expect(throws: TransferFailure.self) { try await client.send(APIRequest(.get, ["noise"])) }
    let nobody = try APIClient(.init(base: BaseURL("http://127.0.0.1:1"), credentials: .none))
    await #expect {
      try await nobody.send(APIRequest(.get, ["x"]))
    } throws: { ($0 as? TransferFailure)?.cause == .connection }
  }

  @Test("refuses what would break out of a header")
  func injection() async throws {
    let base = try BaseURL("http://127.0.0.1:1")
    for credentials: Credentials in [
      .token("O:a\r\nX: y"), .token(""), .token("a b"), .basic(username: "a:b", password: "c"),
      .basic(username: "a", password: "b\n"), .basic(username: "", password: "b"),
    ] {
      #expect(throws: TransferFailure.self) { try APIClient(.init(base: base, credentials: credentials)) }
    }
    let client = try APIClient(.init(base: base, credentials: .none))
    await #expect {
      try await client.send(APIRequest(.get, ["x"], headers: [("X-A", "b\r\nc: d")]))
    } throws: { ($0 as? TransferFailure)?.cause == .other }
  }

  @Test("never prints credentials")
  func secrecy() {
    let credentials = Credentials.basic(username: "user", password: "hidden")
    var dumped = ""
    dump(credentials, to: &dumped)
    #expect(!"\(credentials) \(String(reflecting: credentials)) \(dumped)".contains("hidden"))
  }

  @Test("sends again after 503, 429 and a broken connection, for as long as the schedule says")
  func retries() async throws {
    let server = try StubServer { request in
      switch request.headers["x-try"] ?? "" {
      case "always": .answer(503)
      default: .answer(200)
      }
    }
    defer { server.stop() }
    let client = try client(server)
    let response = try await client.send(
      APIRequest(.get, ["x"], headers: [("X-Try", "always")]), retrying: .patient, sleep: { _ in })
    #expect(response.status == 503)
    #expect(server.seen.count == 8)
  }
}
