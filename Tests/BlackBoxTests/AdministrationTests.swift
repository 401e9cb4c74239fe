import Glibc
import ServerUnderTest
import Testing

@Suite("The administrative socket")
struct AdministrationTests {
  /// Connects, and sends the beginning of a request.
  fileprivate func stalled(on server: ServerUnderTest) throws -> Int32 {
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
    #expect(
      String(decoding: answer.prefix(max(count, 0)), as: UTF8.self).hasPrefix(
        "refused\n{\"sentence\":\"The server does not know"))
    #expect(try server.command("deployment", "list").exitCode == 0)
  }
}

extension AdministrationTests {
  @Test("Commands are served beside peers that say nothing, however many")
  func idlePeers() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    for count in [8, 100] {
      let peers = try (0..<count).map { _ in try stalled(on: server) }
      defer { for peer in peers { close(peer) } }
      let begin = ContinuousClock.now
      for _ in 0..<3 { #expect(try server.command("deployment", "list").exitCode == 0) }
      #expect(ContinuousClock.now - begin < .seconds(4), "with \(count)")
    }
    #expect(try server.stop() == 0)
  }

  @Test("Many commands at once each do their own, and one of two that make the same token is refused")
  func together() async throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    let codes = try await withThrowingTaskGroup(of: Int32.self) { group in
      for number in 0..<12 {
        group.addTask {
          try server.command("token", "create", "--deployment", server.id, "--name", "t\(number / 2)").exitCode
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(codes.filter { $0 == 0 }.count == 6)
  }

  @Test("Each act has one line in the log with who and what, looking has none, and no line has a secret")
  func acts() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    let made = try server.command("token", "create", "--deployment", server.id, "--name", "etl", "--json")
    let token = try #require(made.output.split(separator: "\"").last { $0.hasPrefix("O:") })
    let reset = try server.command("password", "reset", "--deployment", server.id, "--json")
    let password = try #require(reset.output.split(separator: "\"").dropLast().last)
    #expect(try server.command("deployment", "set", "--deployment", server.id, "label=Flights").exitCode == 0)
    #expect(try server.command("token", "create", "--deployment", server.id, "--name", "etl").exitCode == 1)
    for words in [["deployment", "list"], ["token", "list", "--deployment", server.id]] {
      #expect(try SojournBinary.run(words + ["--data-dir", server.dataDirectory]).exitCode == 0)
    }
    #expect(try server.stop() == 0)
    let lines = server.log.split(separator: "\n").filter { $0.contains("Administration: ") }
    #expect(lines.count == 4, "\(lines)")
    for (line, parts) in zip(
      lines,
      [
        ["create token", "\"name\":\"etl\"", "\"outcome\":\"done\""], ["reset password"],
        ["set settings", "\"label\":\"Flights\""], ["create token", "refused: There is a token"],
      ])
    {
      for part in parts + ["\"by\":\"uid \(getuid()), process ", server.id] { #expect(line.contains(part), "\(line)") }
    }
    #expect(!server.log.contains(token) && !server.log.contains(password))
    #expect(server.log.contains("Sojourn 0.1.0 serves 1 deployment out of \(server.dataDirectory)"))
  }

  @Test("What a client's target does to a terminal is written out in the log")
  func hostileTarget() throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    let target: [UInt8] = [0x2F, 0x1B, 0x5B, 0x33, 0x31, 0x6D, 0x08, 0x7F, 0xE2, 0x80, 0xAE, 0xC2, 0x9B, 0x78]
    _ = try? server.connection().request("GET", String(decoding: target, as: UTF8.self), headers: [])
    #expect(try server.stop() == 0)
    let bytes = Array(server.log.utf8)
    #expect(!bytes.contains { $0 < 0x20 && $0 != 0x0A || $0 == 0x7F })
    #expect(!server.log.unicodeScalars.contains { $0 == "\u{202e}" || $0 == "\u{9b}" })
    #expect(server.log.contains("\\u001b[31m\\b\\u007f\\u202e\\u009bx"), "\(server.log)")
  }

  @Test("A token that is revoked ends its wait for changes within a second, with 401")
  func endedWait() async throws {
    let server = try ServerUnderTest(schema: Schemas.small)
    let wait = Task.detached { try server.send("GET", "/oplog.json?wait=20") }
    // Long enough for the wait to have begun; a wait that has not is refused as well.
    try await Task.sleep(for: .milliseconds(300))
    #expect(try server.command("token", "revoke", "--deployment", server.id, "--name", "writer").exitCode == 0)
    let revoked = ContinuousClock.now
    #expect(try await wait.value.status == 401)
    #expect(ContinuousClock.now - revoked < .seconds(1))
  }
}
