import Testing
import Wire

@Suite("Address ranges")
struct NetworkRangeTests {
  @Test(
    "hold their addresses",
    arguments: [
      ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.0", false),
      ("10.1.2.3/8", "10.9.9.9", true), ("192.168.1.7", "192.168.1.7", true),
      ("192.168.1.7", "192.168.1.8", false), ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "::1", false),
      ("::/0", "8.8.8.8", true), ("::/0", "2001:db8::1", true), ("fd00::/8", "fdff::1", true),
      ("fd00::/8", "fe00::1", false), ("2001:db8::/65", "2001:db8::7fff:0:0:1", true),
      ("2001:db8::/65", "2001:db8::8000:0:0:1", false), ("::1", "::1", true), ("::1/128", "::2", false),
      ("10.0.0.0/8", "::ffff:10.1.1.1", true), ("::ffff:10.0.0.0/104", "10.1.1.1", true),
      ("10.0.0.0/32", "10.0.0.0", true), ("10.0.0.0/31", "10.0.0.1", true),
    ])
  func hold(range: String, address: String, isInside: Bool) throws {
    let address = try #require(NetworkAddress(address))
    #expect(try NetworkRange(range).contains(address) == isInside)
  }

  @Test(
    "are refused when they are none",
    arguments: [
      "", "/", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8", "a/8", "::1/1x",
      "10.0.0.0/8/8",
    ]
  )
  func refused(text: String) { #expect(throws: NetworkRange.Malformed.self) { try NetworkRange(text) } }

  @Test(
    "Addresses are read to their end",
    arguments: ["127.0.0.1\0", "127.0.0.1\0x", "::1\0", "127.0.0.1 ", "+127.0.0.1", "[::1]"])
  func whole(text: String) { #expect(NetworkAddress(text) == nil) }

  @Test(
    "Hosts lead to this machine by their address or as localhost",
    arguments: [
      ("127.0.0.1", true), ("127.255.0.7", true), ("::1", true), ("::ffff:127.0.0.1", true), ("LocalHost", true),
      ("127.example.org", false), ("localhost.example.org", false), ("126.0.0.1", false), ("::2", false), ("", false),
    ])
  func loopback(host: String, isLoopback: Bool) { #expect(NetworkAddress.isLoopback(host: host) == isLoopback) }

  @Test(
    "Ports have one to five digits and nothing else",
    arguments: [
      ("0", 0), ("80", 80), ("00080", 80), ("65535", 65535), ("65536", nil), ("+80", nil), ("-0", nil), ("", nil),
      (" 80", nil), ("8٠", nil), ("000080", nil),
    ] as [(String, UInt16?)])
  func ports(text: String, port: UInt16?) { #expect(PortText.read(text) == port) }

  @Test("Addresses are printed in their own form", arguments: ["127.0.0.1", "::1", "2001:db8::a:1"])
  func printed(text: String) { #expect(NetworkAddress(text)?.description == text) }

  @Test("A mapped address is printed as IPv4")
  func mapped() { #expect(NetworkAddress("::ffff:10.1.2.3")?.description == "10.1.2.3") }
}
