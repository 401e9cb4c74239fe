import Glibc
import ServerUnderTest
import Synchronization
import Testing
import Wire

@testable import Webhooks

/// The real sender: system look-ups, libcurl, sockets.
@Suite("Sending to endpoints", .serialized)
struct EndpointSenderTests {
  private static let body = ByteBlock(Array("{}".utf8))

  private func request(_ url: String, allowed: [String] = [], attempt: Int = 0) throws -> DeliveryRequest {
    DeliveryRequest(
      endpoint: try Endpoint(url), headers: [("X-Test", "1")], body: Self.body,
      permitted: AddressGuard(allowed: try allowed.map { try NetworkRange($0) }), attempt: attempt)
  }

  /// Spellings of addresses that nobody outside may reach through the server.
  private static func forbidden(_ port: UInt16) -> [String] {
    let hosts = [
      // Loopback as it is written, and as the C library reads it.
      "127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "127.255.255.254", "2130706433", "017700000001", "0177.0.0.1",
      "0177.1", "0x7f.0.0.1", "0x7f.1", "0x7f000001", "0X7F000001", "0x7F.0x0.0x0.0x1", "127.0.0x1", "127.000.000.001",
      "00000177.0.0.1", "127.0.0.1.", "localhost", "LOCALHOST", "localhost.", "LocalHost", "ip6-localhost",
      "ip6-loopback", "0.0.0.0", "0", "0x0", "00", "0.0", "0.0.0",
      // Private, link-local, shared, documentation, benchmarks, multicast, broadcast.
      "10.0.0.1", "10.1", "167772161", "0xa000001", "012.0.0.1", "172.16.0.1", "172.31.255.255", "2886729729",
      "192.168.0.1", "192.168.1", "3232235521", "0xc0a80001", "0300.0250.0.1", "169.254.169.254", "2852039166",
      "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518", "100.64.0.1", "100.100.100.200", "1681915904",
      "192.0.0.192",
      "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
      "255.255.255.255", "4294967295", "0xffffffff",
      // IPv6, and IPv4 inside it.
      "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::ffff:127.0.0.1]",
      "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]", "[::7f00:1]", "[::ffff:10.0.0.1]",
      "[::ffff:a9fe:a9fe]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::1]", "[2002:7f00:1::]",
      "[2002:a9fe:a9fe::1]", "[2001:0:7f00:1::]", "[2001:db8::1]", "[100::1]", "[fc00::1]", "[fd00:ec2::254]",
      "[fe80::1]", "[fe80::1%lo]", "[fe80::1%25lo]", "[::1%lo]", "[::1%25lo]", "[fec0::1]", "[ff02::1]", "[3fff::1]",
    ]
    return hosts.map { "http://\($0):\(port)/" }
      + [
        "http://user@127.0.0.1:\(port)/", "http://user:word@127.0.0.1:\(port)/",
        "http://example.org@127.0.0.1:\(port)/",
        "http://127.0.0.1:\(port)@example.org/", "http://example.org#@127.0.0.1:\(port)/",
        "http://127.0.0.1:\(port)#@example.org/", "http://127.0.0.1:\(port)?@example.org/",
        "http://127.0.0.1:\(port)\\@example.org/", "http://127.0.0.1%2f@example.org:\(port)/",
        "http://%31%32%37.0.0.1:\(port)/", "http://127%2e0%2e0%2e1:\(port)/", "http://①②⑦.0.0.1:\(port)/",
        "http://127。0。0。1:\(port)/", "http:127.0.0.1:\(port)/", "http:/127.0.0.1:\(port)/",
        "http:///127.0.0.1:\(port)/", "HTTP://127.0.0.1:\(port)/", "HtTp://0x7f.1:\(port)/",
        "https://127.0.0.1:\(port)/", " http://127.0.0.1:\(port)/", "http://127.0.0.1:\(port)/\r\nHost: a",
        "file:///etc/passwd", "gopher://127.0.0.1:\(port)/_GET", "dict://127.0.0.1:\(port)/",
        "ftp://127.0.0.1:\(port)/",
        "unix:///tmp/socket", "//127.0.0.1:\(port)/", "127.0.0.1:\(port)",
      ]
  }

  @Test("reaches none of over a hundred spellings of addresses that are not public")
  func forbidden() async throws {
    let listener = try StubServer { _ in .answer(200) }
    defer { listener.stop() }
    let sender = try EndpointSender(lookup: try SystemLookup())
    let spellings = Self.forbidden(listener.port)
    #expect(Set(spellings).count == spellings.count)
    #expect(spellings.count >= 110)
    var refusedAsText = 0
    for url in spellings {
      let asked: DeliveryRequest
      do {
        asked = try request(url)
      } catch {
        refusedAsText += 1
        continue
      }
      // Where names of the world cannot be looked up, one that hides nothing is not asked for.
      if asked.endpoint.host == "example.org" { continue }
      let result = await sender.send(asked)
      #expect(result.status == nil, "\(url)")
      #expect(!result.isSuccess, "\(url)")
    }
    #expect(listener.connectionCount == 0)
    #expect(refusedAsText > 15 && refusedAsText < 40)
    // And the listener is there: with leave it is reached, whatever the spelling.
    for host in ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "localhost"] {
      let result = await sender.send(try request("http://\(host):\(listener.port)/", allowed: ["127.0.0.0/8"]))
      #expect(result.status == 200, "\(host): \(result.problem ?? "")")
    }
    #expect(listener.connectionCount > 0)
  }

  @Test("follows no redirect, of whatever kind, to anywhere")
  func redirects() async throws {
    let inside = try StubServer(host: 2) { _ in .answer(200) }
    defer { inside.stop() }
    let target = "http://127.0.0.2:\(inside.port)/"
    for status in [300, 301, 302, 303, 305, 307, 308] {
      let outside = try StubServer { _ in .answer(status, headers: ["Location: \(target)"]) }
      defer { outside.stop() }
      let sender = try EndpointSender(lookup: try SystemLookup())
      let result = await sender.send(try request("http://127.0.0.1:\(outside.port)/", allowed: ["127.0.0.1"]))
      #expect(result.status == status)
      #expect(result.problem?.contains("redirects are not followed") == true)
    }
    #expect(inside.connectionCount == 0)
  }

  /// Answers one after the other, and the last one from then on.
  private final class ChangingLookup: HostLookup {
    private let answers: Mutex<[[String]]>
    init(_ answers: [[String]]) { self.answers = Mutex(answers) }

    func addresses(of host: String) async throws(LookupFault) -> [NetworkAddress] {
      let texts = answers.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? [] }
      return texts.compactMap { NetworkAddress($0) }
    }
  }

  @Test("goes where it was checked to go, whatever a name says the next time")
  func rebinding() async throws {
    let good = try StubServer { _ in .answer(204) }
    let bad = try StubServer(host: 2, port: good.port) { _ in .answer(204) }
    defer {
      good.stop()
      bad.stop()
    }
    let lookup = ChangingLookup([["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2", "127.0.0.1"], ["::ffff:127.0.0.2"]])
    let sender = try EndpointSender(lookup: lookup)
    let url = "http://hooks.example.org:\(good.port)/"
    var results: [DeliveryResult] = []
    for attempt in 0..<4 {
      results.append(await sender.send(try request(url, allowed: ["127.0.0.1"], attempt: attempt)))
    }
    #expect(results.map(\.status) == [204, nil, 204, nil])
    #expect(results[1].problem?.contains("127.0.0.2") == true)
    #expect(bad.connectionCount == 0)
    #expect(good.seen.allSatisfy { $0.headers["host"] == "hooks.example.org:\(good.port)" })
  }

  @Test("hears when a receiver wishes the next request: in seconds, or at a date")
  func wishes() async throws {
    // A date in half an hour: the form of RFC 9110, in the zone that it has.
    var moment = time(nil) + 1800
    var parts = tm()
    gmtime_r(&moment, &parts)
    var text = [CChar](repeating: 0, count: 64)
    strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
    let date = text.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    let rows: [(status: Int, header: String, seconds: ClosedRange<Int64>?)] = [
      (429, "Retry-After: 4", 4...4), (503, "retry-after:4", 4...4), (503, "Retry-After: \(date)", 1700...1800),
      (429, "Retry-After: 99999999999", 3600...3600), (503, "Retry-After: Thu, 01 Jan 2015 00:00:00 GMT", nil),
      (503, "Retry-After: soon", nil), (503, "Retry-After: 99999999999999999999", nil), (429, "Retry-After: -4", nil),
      (429, "X-Other: 4", nil),
      (500, "Retry-After: 4", nil), (200, "Retry-After: 4", nil),
    ]
    let sender = try EndpointSender(lookup: try SystemLookup())
    for row in rows {
      let receiver = try StubServer { _ in .answer(row.status, headers: [row.header]) }
      defer { receiver.stop() }
      let result = await sender.send(try request("http://127.0.0.1:\(receiver.port)/", allowed: ["127.0.0.1"]))
      #expect(result.status == row.status)
      let seconds = result.wish.map { $0.pause / 1000 }
      #expect((seconds == nil) == (row.seconds == nil), "\(row.header): \(seconds ?? -1)")
      if let wanted = row.seconds { #expect(wanted.contains(seconds ?? -1), "\(row.header): \(seconds ?? -1)") }
      if let wish = result.wish { #expect(wish.holdsEndpoint == (row.status == 429)) }
    }
  }

  @Test("no proxy of the environment comes between")
  func proxies() async throws {
    let proxy = try StubServer(host: 3) { _ in .answer(200) }
    let endpoint = try StubServer { _ in .answer(201) }
    defer {
      proxy.stop()
      endpoint.stop()
    }
    setenv("http_proxy", "http://127.0.0.3:\(proxy.port)", 1)
    setenv("all_proxy", "http://127.0.0.3:\(proxy.port)", 1)
    defer {
      unsetenv("http_proxy")
      unsetenv("all_proxy")
    }
    let sender = try EndpointSender(lookup: ChangingLookup([["127.0.0.1"]]))
    let result = await sender.send(try request("http://a.example.org:\(endpoint.port)/", allowed: ["127.0.0.1"]))
    #expect(result.status == 201)
    #expect(proxy.connectionCount == 0)
  }

  @Test("what an endpoint can do wrong is a failure with its reason; a long answer is cut and counts")
  func answers() async throws {
    let megabytes = String(repeating: "x", count: 10 << 20)
    let table: [(StubServer.Answer, status: Int?, problem: String?)] = [
      (.answer(200, body: "thanks"), 200, nil), (.answer(202), 202, nil), (.answer(299), 299, nil),
      (.answer(200, body: megabytes), 200, nil), (.answer(400, body: "no"), 400, "400"), (.answer(500), 500, "500"),
      (.answer(404, body: megabytes), 404, "404"), (.hangUp, nil, ""), (.reset, nil, ""),
      (.raw("nonsense\r\n"), nil, ""),
      (.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"), 200, ""),
    ]
    let sender = try EndpointSender(lookup: try SystemLookup())
    for (answer, status, problem) in table {
      let server = try StubServer { _ in answer }
      defer { server.stop() }
      let result = await sender.send(try request("http://127.0.0.1:\(server.port)/a?b=c", allowed: ["127.0.0.1"]))
      #expect(result.status == status)
      #expect((result.problem == nil) == (problem == nil), "\(result)")
      if let problem, !problem.isEmpty { #expect(result.problem?.contains(problem) == true) }
      #expect(result.answer.count <= 1024)
      #expect(server.seen.first?.target == "/a?b=c")
      #expect(server.seen.first?.headers["x-test"] == "1")
      #expect(server.seen.first?.headers["expect"] == nil)
    }
    let nobody = try StubServer { _ in .answer(200) }
    nobody.stop()
    let result = await sender.send(try request("http://127.0.0.1:1/", allowed: ["127.0.0.1"]))
    #expect(result.status == nil && !result.isSuccess)
  }

  @Test("an endpoint that does not answer in time, or not to the end, has failed by then")
  func stalls() async throws {
    #expect(EndpointSender.wholeMilliseconds == 30_000)
    let sender = try EndpointSender(lookup: try SystemLookup(), wholeMilliseconds: 200)
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
    let table: [(StubServer.Answer, status: Int?)] = [
      (.silence(), nil), (.stall(after: "HTTP/1.1 200 OK\r\n"), 200), (.stall(after: half), 200),
    ]
    for (answer, status) in table {
      let server = try StubServer { _ in answer }
      defer { server.stop() }
      let result = await sender.send(try request("http://127.0.0.1:\(server.port)/", allowed: ["127.0.0.1"]))
      #expect(!result.isSuccess && result.problem?.contains("timed out") == true, "\(result)")
      #expect(result.status == status, "\(result)")
      // Not before its time, and long before the endpoint gives up.
      #expect(result.milliseconds >= 200 && result.milliseconds < 2500, "\(result)")
    }
  }
}
