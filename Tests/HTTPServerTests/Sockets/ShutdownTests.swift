import Glibc
import Synchronization
import Testing
import Threads

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

  @Test("answers what comes on a connection that rested, and closes it then")
  func rested() async throws {
    try await TestServer.run({ $0.restMilliseconds = 60_000 }) { test throws in
      let clients = try (0..<3).map { _ in try test.client() }
      for client in clients { #expect(try client.request("GET", "/count").status == 200) }
      let stopping = ShutdownTests.stop(test, graceMilliseconds: 60_000)
      #expect(test.eventually { (try? test.client()) == nil })
      for client in clients {
        client.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab")
        let answer = try client.answer()
        #expect(answer.status == 200 && answer.text == "2" && answer.headers["connection"] == "close")
      }
      // The last one's end is the server's: it does not wait for the rest of the minute.
      stopping?.join()
      #expect(test.server.connectionCount == 0)
    }
  }

  @Test("closes what rests on, when the time to rest is over")
  func restless() async throws {
    try await TestServer.run({ $0.restMilliseconds = 300 }) { test throws in
      let idle = try test.client()
      #expect(try idle.request("GET", "/count").status == 200)
      let begin = ContinuousClock.now
      let stopping = ShutdownTests.stop(test, graceMilliseconds: 60_000)
      #expect(idle.isClosed())
      #expect(ContinuousClock.now - begin >= .milliseconds(300))
      stopping?.join()
    }
  }

  @Test("does not wait for the body of a client that has gone")
  func broken() async throws {
    try await TestServer.run { test throws in
      let client = try test.client()
      client.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n")
      shutdown(client.descriptor, Int32(SHUT_WR))
      let begin = ContinuousClock.now
      ShutdownTests.stop(test, graceMilliseconds: 60_000)?.join()
      #expect(ContinuousClock.now - begin < .seconds(5))
      #expect(test.server.connectionCount == 0)
    }
  }

  @Test("leaves what waits at a socket that it was given to the server after it")
  func inherited() async throws {
    // As somebody who starts servers has it: open before the first of them, and after the last.
    let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listening) }
    try #require(listening >= 0 && listen(listening, 16) == 0)
    let passed = try #require(InheritedSockets.Socket(listening: listening))
    func server() throws -> HTTPServer {
      var configuration = ServerConfiguration(listeners: [Listener(scheme: .http, host: "0.0.0.0", port: passed.port)])
      configuration.restMilliseconds = 0
      let own = dup(listening)
      configuration.inherited = InheritedSockets([
        InheritedSockets.Socket(descriptor: own, address: passed.address, port: passed.port)
      ])
      return try HTTPServer(configuration: configuration, handler: TestHandler())
    }
    for _ in 0..<3 {
      // Nobody accepts yet, and nobody is refused.
      let early = try TestClient(port: passed.port)
      early.send("GET /count HTTP/1.1\r\nHost: a\r\n\r\n")
      let running = try server()
      #expect(try early.answer().status == 200)
      running.stop(graceMilliseconds: 1000)
    }
    var elsewhere = ServerConfiguration(listeners: [Listener(scheme: .http, host: "127.0.0.1", port: 0)])
    elsewhere.inherited = InheritedSockets([passed])
    #expect(throws: ServerError.inheritedSocket("0.0.0.0 port \(passed.port)")) {
      try HTTPServer(configuration: elsewhere, handler: TestHandler())
    }
  }

  @Test(
    "takes sockets that are for this process alone",
    arguments: [
      ("1", "7", 3..<4), ("3", "7", 3..<6), ("1", "8", 3..<3), (nil, "7", 3..<3), ("1", nil, 3..<3), ("0", "7", 3..<3),
      ("-1", "7", 3..<3), ("65", "7", 3..<3), ("x", "7", 3..<3), ("99999999999", "7", 3..<3),
    ] as [(String?, String?, Range<Int32>)])
  func variables(count: String?, process: String?, expected: Range<Int32>) {
    #expect(InheritedSockets.descriptors(count: count, process: process, own: 7) == expected)
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
