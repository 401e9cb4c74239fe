import Testing
import Wire

@testable import HTTPServer

@Suite("Forwarded requests")
struct ForwardingTests {
  @Test(
    "come from the rightmost address that is no proxy",
    arguments: [
      ([], "10.0.0.1"), (["1.2.3.4"], "1.2.3.4"), (["6.6.6.6, 1.2.3.4"], "1.2.3.4"),
      (["6.6.6.6, 1.2.3.4, 10.0.0.9"], "1.2.3.4"), (["6.6.6.6", "1.2.3.4", "10.0.0.9"], "1.2.3.4"),
      (["10.0.0.8, 10.0.0.9"], "10.0.0.8"), (["1.2.3.4:5678"], "1.2.3.4"),
      (["[2001:db8::1]:443"], "2001:db8::1"),
      (["2001:db8::1"], "2001:db8::1"), (["6.6.6.6, nonsense"], "10.0.0.1"),
      (["6.6.6.6, nonsense, 10.0.0.9"], "10.0.0.9"),
      ([",,"], "10.0.0.1"), (["unknown"], "10.0.0.1"),
    ] as [([String], String)])
  func caller(fields: [String], expected: String) throws {
    let forwarding = Forwarding(trusted: [try NetworkRange("10.0.0.0/8")])
    let peer = try #require(NetworkAddress("10.0.0.1"))
    #expect(forwarding.caller(peer: peer, forwardedFor: fields).description == expected)
  }

  @Test(
    "have the scheme that the nearest proxy names",
    arguments: [
      (["https"], "https"), (["HTTP"], "http"), (["http, https"], "https"), (["ftp"], nil), ([], nil),
    ] as [([String], String?)])
  func scheme(fields: [String], expected: String?) {
    #expect(Forwarding(trusted: []).scheme(forwardedProto: fields) == expected)
  }
}
