import Glibc
import ServerUnderTest
import Testing

@Suite("The administrative socket")
struct AdministrationTests {
  /// Connects, and sends the beginning of a request.
  private func stalled(on server: ServerUnderTest) throws -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array("\(server.dataDirectory)/sojourn.sock".utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let status = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(status == 0)
    try #require(send(descriptor, "{\"action\":", 10, Int32(MSG_NOSIGNAL)) == 10)
    return descriptor
  }

  @Test("A peer that never ends its request does not hold up a shutdown")
  func stalledPeers() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    let peers = try (0..<3).map { _ in try stalled(on: server) }
    defer { for peer in peers { close(peer) } }
    usleep(100_000)
    let begin = ContinuousClock.now
    #expect(try server.stop() == 0)
    #expect(ContinuousClock.now - begin < .seconds(4))
  }

  @Test("Bytes that are no request are refused, and the next command is served")
  func noRequest() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    let peer = try stalled(on: server)
    shutdown(peer, Int32(SHUT_WR))
    var answer = [UInt8](repeating: 0, count: 200)
    let count = recv(peer, &answer, answer.count, 0)
    close(peer)
    #expect(String(decoding: answer.prefix(max(count, 0)), as: UTF8.self).hasPrefix("refused\n"))
    #expect(try server.command("deployment", "list").exitCode == 0)
  }
}
