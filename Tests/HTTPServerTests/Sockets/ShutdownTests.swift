import Glibc
import Testing
import Wire

@testable import HTTPServer

@Suite("Shutdown")
struct ShutdownTests {
  /// Stops a server on a thread of its own, and answers a function that waits for its end.
  private static func stop(_ test: TestServer, graceMilliseconds: Int) -> OwnThread? {
    try? OwnThread(named: "stop") { test.server.stop(graceMilliseconds: graceMilliseconds) }
  }

  @Test("lets what runs finish, closes what is idle at once, and accepts no more")
  func drains() async throws {
    try await TestServer.run { test throws in
      let busy = try test.client()
      busy.send("GET /gate HTTP/1.1\r\nHost: a\r\n\r\n")
      let sending = try test.client()
      sending.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na")
      let idle = try test.client()
      #expect(try idle.request("GET", "/count").status == 200)
      #expect(test.eventually { test.handler.gate.withLock { $0.waiting.count } == 1 })
      #expect(test.eventually { test.server.bodyBytesInUse > 0 })
      let stopping = ShutdownTests.stop(test, graceMilliseconds: 10_000)
      #expect(idle.isClosed())
      #expect(throws: TestClient.Failure.self) { try test.client() }
      sending.send("bc")
      let late = try sending.answer()
      #expect(late.text == "3" && late.headers["connection"] == "close")
      test.handler.openGate()
      let answer = try busy.answer()
      #expect(answer.text == "through" && answer.headers["connection"] == "close")
      #expect(busy.isClosed())
      stopping?.join()
      #expect(test.server.connectionCount == 0)
    }
  }

  @Test("answers what does not finish in time, and survives its late answer")
  func grace() async throws {
    try await TestServer.run { test throws in
      let busy = try (0..<20).map { _ in try test.client() }
      for client in busy { client.send("GET /gate HTTP/1.1\r\nHost: a\r\n\r\n") }
      #expect(test.eventually { test.handler.gate.withLock { $0.waiting.count } == 20 })
      let stopping = ShutdownTests.stop(test, graceMilliseconds: 200)
      for client in busy {
        let answer = try client.answer()
        #expect(answer.status == 503 && answer.text == "draining")
        #expect(answer.headers["connection"] == "close")
      }
      stopping?.join()
      test.handler.openGate()
      #expect(test.server.connectionCount == 0)
    }
  }

  @Test("loses no request that was accepted, under load")
  func load() async throws {
    try await TestServer.run { test throws in
      let clients = try (0..<64).map { _ in try test.client() }
      for client in clients { #expect(try client.request("GET", "/count").status == 200) }
      for client in clients { client.send("GET /suspended HTTP/1.1\r\nHost: a\r\n\r\n") }
      let stopping = ShutdownTests.stop(test, graceMilliseconds: 5000)
      for client in clients { #expect(try client.answer().text == "suspended 0") }
      stopping?.join()
    }
  }

  @Test("may be asked for twice, and by a task")
  func twice() async throws {
    let server = try HTTPServer(
      configuration: ServerConfiguration(listeners: [Listener(scheme: .http, host: "localhost", port: 0)]),
      handler: TestHandler())
    #expect(server.addresses.first?.host == "127.0.0.1")
    #expect(Set(server.addresses.map(\.port)).count == 1)
    await server.shutdown(grace: 1)
    await server.shutdown(grace: 1)
  }
}

@Suite("Starting")
struct StartTests {
  private func start(_ host: String, _ port: UInt16, _ scheme: Listener.Scheme = .http) throws(ServerError) {
    _ = try HTTPServer(
      configuration: ServerConfiguration(listeners: [Listener(scheme: scheme, host: host, port: port)]),
      handler: TestHandler())
  }

  @Test("says in plain words what is wrong with an address")
  func addresses() async throws {
    #expect(throws: ServerError.badHost("nonsense")) { try start("nonsense", 0) }
    #expect(throws: ServerError.certificateMissing) { try start("127.0.0.1", 0, .https) }
    #expect(throws: ServerError.noListener) {
      try HTTPServer(configuration: ServerConfiguration(listeners: []), handler: TestHandler())
    }
    try await TestServer.run { test throws in
      let taken = ServerError.cannotListen(
        host: "127.0.0.1", port: test.port, reason: "another process uses this port")
      #expect(throws: taken) {
        try HTTPServer(
          configuration: ServerConfiguration(
            listeners: [Listener(scheme: .http, host: "127.0.0.1", port: test.port)]),
          handler: TestHandler())
      }
      #expect(
        taken.description == "cannot listen on 127.0.0.1 port \(test.port): another process uses this port")
    }
    #expect(
      throws: ServerError.cannotListen(
        host: "203.0.113.7", port: 0, reason: "this machine does not have that address")
    ) { try start("203.0.113.7", 0) }
  }
}
