import Testing
import Wire

@testable import HTTPServer

@Suite("Forwarded requests")
struct ForwardingTests {
  @Test(
    "come from the rightmost address that is no proxy",
    arguments: [
      ([], "10.0.0.1", 1), (["1.2.3.4"], "1.2.3.4", 1), (["6.6.6.6, 1.2.3.4"], "1.2.3.4", 1),
      (["6.6.6.6, 1.2.3.4, 10.0.0.9"], "1.2.3.4", 2), (["6.6.6.6", "1.2.3.4", "10.0.0.9"], "1.2.3.4", 2),
      (["1.2.3.4, 10.0.0.8, 10.0.0.9"], "1.2.3.4", 3), (["10.0.0.8, 10.0.0.9"], "10.0.0.8", 3),
      (["1.2.3.4:5678"], "1.2.3.4", 1), (["[2001:db8::1]:443"], "2001:db8::1", 1),
      (["2001:db8::1"], "2001:db8::1", 1), (["6.6.6.6, nonsense"], "10.0.0.1", 1),
      (["6.6.6.6, nonsense, 10.0.0.9"], "10.0.0.9", 2), ([",,"], "10.0.0.1", 1), (["unknown"], "10.0.0.1", 1),
    ] as [([String], String, Int)])
  func way(fields: [String], caller: String, proxies: Int) throws {
    let forwarding = Forwarding(trusted: [try NetworkRange("10.0.0.0/8")])
    let peer = try #require(NetworkAddress("10.0.0.1"))
    let way = forwarding.way(from: peer, forwardedFor: fields)
    #expect(way.caller.description == caller && way.proxies == proxies)
  }

  private static func way(_ proxies: Int) throws -> Forwarding.Way {
    Forwarding.Way(caller: try #require(NetworkAddress("1.2.3.4")), proxies: proxies)
  }

  @Test(
    "have the scheme that stands as far from the right as there are trusted proxies",
    arguments: [
      (["https"], 1, "https"), (["HTTP"], 1, "http"), (["http, https"], 1, "https"), (["https, http"], 2, "https"),
      (["https", "http"], 2, "https"), (["http, https, http"], 2, "https"), (["https, http, http"], 2, "http"),
      // One that replaces what it got, behind one that it is alike to.
      (["https"], 2, "https"), ([" https ,\thttp"], 3, "https"), (["ftp"], 1, nil), (["https, ftp"], 1, nil),
      ([], 1, nil), ([""], 1, nil), (["ftp, https"], 2, nil),
    ] as [([String], Int, String?)])
  func scheme(fields: [String], proxies: Int, expected: String?) throws {
    #expect(try Self.way(proxies).scheme(of: fields) == expected)
  }

  @Test(
    "have the host that stands there, where it is one",
    arguments: [
      (["a.example"], 1, "a.example"), (["a.example, proxy:8080"], 2, "a.example"),
      (["evil.example, a.example, proxy:8080"], 2, "a.example"), (["evil.example, a.example"], 1, "a.example"),
      (["a.example/x"], 1, nil), (["a.example, <b>"], 1, nil), ([], 1, nil),
    ] as [([String], Int, String?)])
  func host(fields: [String], proxies: Int, expected: String?) throws {
    #expect(try Self.way(proxies).host(of: fields) == expected)
  }

  @Test(
    "name hosts with a port or without, and nothing else",
    arguments: [
      ("a.example", true), ("A-1.example:443", true), ("my_app:80", true), ("10.0.0.1", true), ("[::1]", true),
      ("[2001:db8::1]:8443", true), ("localhost", true), ("", false), (":80", false), ("a:", false), ("a:b", false),
      ("a:65535", true), ("a:65536", false), ("a:99999", false), ("a:123456", false), ("a:80:80", false),
      ("a/b", false), ("a b", false), ("a@b", false), ("a?b", false),
      ("a#b", false), ("a%20b", false), ("[::1", false), ("[::1]x", false), ("[::1]:", false), ("[10.0.0.1]", false),
      ("[]", false), ("::1", false), ("ä.example", false), ("a\"b", false), ("a\r\nb", false),
      (String(repeating: "a", count: 255), true), (String(repeating: "a", count: 256), false),
    ])
  func hosts(text: String, isHost: Bool) { #expect(HostField.isHost(text) == isHost) }
}
