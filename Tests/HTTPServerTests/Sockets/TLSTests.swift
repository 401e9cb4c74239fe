import Glibc
import Testing

@testable import HTTPServer

@Suite("HTTPS")
struct TLSTests {
  private static func identity(_ names: [String] = []) throws -> TLSIdentity {
    try LocalCertificate.make(hostNames: names, now: Int(time(nil)))
  }

  private func https(_ identity: TLSIdentity) -> (inout ServerConfiguration) -> Void {
    { configuration in
      configuration.listeners = [Listener(scheme: .https, host: "127.0.0.1", port: 0)]
      configuration.identity = identity
    }
  }

  private static let get = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

  @Test(
    "serves with a local certificate that is good for its names",
    arguments: ["localhost", "127.0.0.1", "::1", "sojourn.example", "10.1.2.3"])
  func served(host: String) async throws {
    let identity = try TLSTests.identity(["Sojourn.example", "10.1.2.3"])
    try await TestServer.run(https(identity)) { test throws in
      let client = try TLSClient(port: test.port, host: host, trusting: identity.certificatePEM)
      let answer = client.exchange(TLSTests.get)
      #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
      #expect(answer.hasSuffix("get / - 127.0.0.1 https"))
    }
  }

  @Test("is not trusted for other names")
  func otherName() async throws {
    let identity = try TLSTests.identity()
    try await TestServer.run(https(identity)) { test throws in
      #expect(throws: TLSClient.Failure.self) {
        try TLSClient(port: test.port, host: "elsewhere.example", trusting: identity.certificatePEM)
      }
    }
  }

  @Test(
    "speaks TLS 1.2 and 1.3 and nothing older",
    arguments: [("1.2", "TLS1.2"), ("1.3", "TLS1.3"), ("1.1", nil), ("1.0", nil)] as [(String, String?)])
  func versions(version: String, expected: String?) async throws {
    let identity = try TLSTests.identity()
    try await TestServer.run(https(identity)) { test throws in
      let client = try? TLSClient(
        port: test.port, host: "localhost", trusting: identity.certificatePEM,
        priorities: "NORMAL:-VERS-ALL:+VERS-TLS\(version)")
      #expect(client?.version == expected)
      #expect(client?.exchange(TLSTests.get).hasPrefix("HTTP/1.1 200") == (expected == nil ? nil : true))
    }
  }

  @Test("shows another certificate from one handshake to the next, and lets open connections go on")
  func exchanged() async throws {
    let first = try TLSTests.identity()
    let second = try TLSTests.identity(["sojourn.example"])
    try await TestServer.run(https(first)) { test throws in
      let open = try TLSClient(port: test.port, host: "localhost", trusting: first.certificatePEM)
      #expect(try test.server.show(second))
      #expect(open.exchange(TLSTests.get).hasPrefix("HTTP/1.1 200"))
      let later = try TLSClient(port: test.port, host: "sojourn.example", trusting: second.certificatePEM)
      #expect(later.exchange(TLSTests.get).hasPrefix("HTTP/1.1 200"))
      #expect(throws: TLSClient.Failure.self) {
        try TLSClient(port: test.port, host: "localhost", trusting: first.certificatePEM)
      }
      #expect(try !test.server.show(second))
      #expect(try test.server.show(first))
      _ = try TLSClient(port: test.port, host: "localhost", trusting: first.certificatePEM)
    }
  }

  @Test("shows each of two servers' certificates at its own port")
  func twoServers() async throws {
    let (one, other) = (try TLSTests.identity(), try TLSTests.identity())
    try await TestServer.run(https(one)) { test throws in
      let configuration = ServerConfiguration(
        listeners: [Listener(scheme: .https, host: "127.0.0.1", port: 0)], identity: other)
      let second = try HTTPServer(configuration: configuration, handler: TestHandler())
      defer { second.stop(graceMilliseconds: 0) }
      _ = try TLSClient(port: test.port, host: "localhost", trusting: one.certificatePEM)
      _ = try TLSClient(port: second.boundPorts[0], host: "localhost", trusting: other.certificatePEM)
      #expect(throws: TLSClient.Failure.self) {
        try TLSClient(port: second.boundPorts[0], host: "localhost", trusting: one.certificatePEM)
      }
    }
  }

  @Test("closes a connection that speaks plain HTTP")
  func plain() async throws {
    let identity = try TLSTests.identity()
    try await TestServer.run(https(identity)) { test throws in
      let client = try test.client()
      client.send(TLSTests.get)
      #expect(throws: TestClient.Failure.self) { try client.answer() }
      let secure = try TLSClient(port: test.port, host: "localhost", trusting: identity.certificatePEM)
      #expect(secure.exchange(TLSTests.get).hasPrefix("HTTP/1.1 200"))
    }
  }

  @Test("sends files and suspended answers, and refuses bodies while they come")
  func answers() async throws {
    let identity = try TLSTests.identity()
    try await TestServer.run({
      https(identity)(&$0)
      $0.limits.body = 1000
    }) { test throws in
      for (path, end) in [("/file", String(TestHandler.large.suffix(100))), ("/suspended", "suspended 0")] {
        let client = try TLSClient(port: test.port, host: "localhost", trusting: identity.certificatePEM)
        let answer = client.exchange("GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(answer.hasSuffix(end))
      }
      let client = try TLSClient(port: test.port, host: "localhost", trusting: identity.certificatePEM)
      let refused = client.exchange(
        "POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n"
          + String(repeating: "a", count: 5000))
      #expect(refused.hasPrefix("HTTP/1.1 413") && refused.hasSuffix("body"))
    }
  }

  @Test("cuts off a handshake that does not come to its end")
  func handshake() async throws {
    let identity = try TLSTests.identity()
    try await TestServer.run({
      https(identity)(&$0)
      $0.limits.headMilliseconds = 200
    }) { test throws in
      let client = try test.client()
      client.send([0x16, 0x03, 0x01, 0x02])
      #expect(client.isClosed())
    }
  }
}

@Suite("Certificates")
struct TLSIdentityTests {
  private func failure(_ certificate: String, _ key: String) -> String {
    do throws(ServerError) {
      _ = try TLSIdentity(certificatePEM: certificate, privateKeyPEM: key, source: "given")
      return ""
    } catch { return error.description }
  }

  @Test("that cannot be used are refused in plain words")
  func refused() throws {
    let one = try LocalCertificate.make(hostNames: [], now: 1_800_000_000)
    let other = try LocalCertificate.make(hostNames: [], now: 1_800_000_000)
    #expect(failure(one.certificatePEM, one.privateKeyPEM).isEmpty)
    #expect(
      failure(one.certificatePEM, other.privateKeyPEM)
        == "the private key does not belong to the certificate (given)")
    #expect(
      failure("", one.privateKeyPEM)
        == "the certificate (given) is not in PEM form: it has no “BEGIN CERTIFICATE” line")
    #expect(
      failure(one.certificatePEM, one.certificatePEM)
        == "the private key (given) is not in PEM form: it has no “BEGIN PRIVATE KEY” line")
    let cut = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    #expect(
      failure(cut, one.privateKeyPEM).hasPrefix("the certificate and its private key (given) cannot be used"))
  }

  @Test(
    "say whom they name",
    arguments: [
      ("localhost", true), ("LOCALHOST", true), ("127.0.0.1", true), ("::1", true), ("sojourn.example", true),
      ("10.1.2.3", true), ("10.1.2.4", false), ("::2", false), ("elsewhere.example", false), ("", false),
    ])
  func named(host: String, isNamed: Bool) throws {
    let identity = try LocalCertificate.make(hostNames: ["Sojourn.example", "10.1.2.3"], now: 1_800_000_000)
    #expect(identity.names(host) == isNamed)
  }

  @Test("are looked for where they are said to be")
  func missing() {
    #expect(
      throws: ServerError.certificate(
        "cannot read the certificate at /no/such/file: No such file or directory")
    ) { try TLSIdentity.load(certificatePath: "/no/such/file", privateKeyPath: "/no/such/key") }
  }

  @Test("are not made for names that they cannot hold", arguments: ["", "a b", "ä.example"])
  func badName(name: String) {
    #expect(throws: ServerError.self) { try LocalCertificate.make(hostNames: [name], now: 1_800_000_000) }
  }
}
