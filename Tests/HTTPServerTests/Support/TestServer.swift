import Glibc
import Testing
import Threads

@testable import HTTPServer

/// A server on a free port, for the length of one test.
struct TestServer: Sendable {
  let server: HTTPServer
  let handler: TestHandler
  /// The first listener's.
  let port: UInt16

  /// Runs `body` on a thread of its own, as it waits on sockets, and stops the server after.
  /// `beside` are sites that stand beside its handler.
  static func run(
    _ configure: (inout ServerConfiguration) -> Void = { _ in }, beside: [Site] = [],
    _ body: @escaping @Sendable (TestServer) throws -> Void
  ) async throws {
    var configuration = ServerConfiguration(listeners: [Listener(scheme: .http, host: "127.0.0.1", port: 0)])
    configuration.restMilliseconds = 0
    configure(&configuration)
    let handler = TestHandler()
    let server = try HTTPServer(
      configuration: configuration, sites: Sites(beside, rest: handler), watchdogMilliseconds: 20)
    let test = TestServer(server: server, handler: handler, port: server.boundPorts[0])
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      let thread = try? OwnThread(named: "test") {
        let result = Result { try body(test) }
        handler.openGate()
        server.stop(graceMilliseconds: 2000)
        continuation.resume(with: result)
      }
      if thread == nil { continuation.resume(throwing: TestClient.Failure.noThread) }
    }
  }

  func client() throws -> TestClient { try TestClient(port: port) }

  /// Waits until `isSo`, for what happens on another thread soon after.
  func eventually(_ isSo: () -> Bool) -> Bool {
    for _ in 0..<1000 {
      if isSo() { return true }
      usleep(5000)
    }
    return false
  }
}
