import Testing
import Wire

@testable import Webhooks

@Suite("The guard of addresses")
struct GuardTests {
  @Test(
    "refuses what is not public",
    arguments: [
      "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255",
      "127.0.0.1", "127.255.255.254", "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255",
      "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.7",
      "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
      "::", "::1", "::2", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "::a00:1",
      "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:7f00:1::",
      "2001:db8::1", "2001:10::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "3fff::1", "5f00::1", "fc00::1",
      "fd00:ec2::254", "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ff0e::1",
    ])
  func refused(_ text: String) throws {
    #expect(!AddressGuard().permits(try #require(NetworkAddress(text))))
  }

  @Test(
    "permits what is",
    arguments: [
      "8.8.8.8", "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255",
      "172.32.0.0", "192.167.255.255", "198.17.255.255", "198.20.0.0", "223.255.255.255", "::ffff:8.8.8.8",
      "2001:4860:4860::8888", "2606:4700::1111", "2a00:1450::1",
    ])
  func permitted(_ text: String) throws {
    #expect(AddressGuard().permits(try #require(NetworkAddress(text))))
  }

  @Test("permits what the allow list names, and no more")
  func allowed() throws {
    let guarding = AddressGuard(allowed: [try NetworkRange("10.1.0.0/16"), try NetworkRange("::1")])
    #expect(guarding.permits(try #require(NetworkAddress("10.1.2.3"))))
    #expect(guarding.permits(try #require(NetworkAddress("::1"))))
    #expect(!guarding.permits(try #require(NetworkAddress("10.2.0.1"))))
    #expect(!guarding.permits(try #require(NetworkAddress("127.0.0.1"))))
  }

  @Test("has no malformed range in its tables")
  func tables() { #expect(AddressGuard.rangeCounts == (v4: 15, v6: 4)) }
}

@Suite("Endpoints")
struct EndpointTests {
  @Test(
    "are taken apart",
    arguments: [
      ("https://erp.example.org/hooks", true, "erp.example.org", 443), ("http://a", false, "a", 80),
      ("HTTPS://A:8443?x=1", true, "A", 8443), ("http://[2001:db8::1]:81/", false, "2001:db8::1", 81),
      ("http://[::1]", false, "::1", 80), ("http://127.1/", false, "127.1", 80), ("http://a.#b@c", false, "a.", 80),
    ] as [(String, Bool, String, UInt16)])
  func parts(_ text: String, _ isEncrypted: Bool, _ host: String, _ port: UInt16) throws {
    let endpoint = try Endpoint(text)
    #expect(endpoint.isEncrypted == isEncrypted)
    #expect(endpoint.host == host)
    #expect(endpoint.port == port)
  }

  @Test(
    "are refused with a reason",
    arguments: [
      ("", "neither"), ("erp.example.org", "neither"), ("file:///etc/passwd", "neither"), ("ftp://a/", "neither"),
      ("gopher://a/", "neither"), ("javascript:alert(1)", "neither"), ("//a/", "neither"), ("http:/a", "neither"),
      ("http://", "no host"), ("http:///a", "no host"), ("http://:80/", "no host"),
      ("http://user@a/", "user name"), ("http://u:p@127.0.0.1/", "user name"), ("http://a:0/", "port"),
      ("http://a:65536/", "port"), ("http://a:8x/", "port"), ("http://a:1:2/", "port"), ("http://a b/", "characters"),
      ("http://a\n/", "characters"), ("http://ä/", "characters"), ("http://a\\b/", "characters"),
      ("http://[::1/", "bracket"), ("http://[a]/", "IPv6"), ("http://[fe80::1%25eth0]/", "percent"),
      ("http://[::1]x/", "behind"), ("http://%31%32%37.0.0.1/", "percent"),
    ])
  func refused(_ text: String, _ reason: String) {
    do throws(Endpoint.Fault) {
      let endpoint = try Endpoint(text)
      Issue.record("\(endpoint) was read")
    } catch {
      #expect(error.description.contains(reason))
      #expect(error.description.contains("written like"))
    }
  }

  @Test("have a bound on their length")
  func long() {
    #expect(throws: Endpoint.Fault.self) { try Endpoint("http://a/" + String(repeating: "x", count: 2000)) }
  }
}

@Suite("Secrets of webhooks")
struct SecretTests {
  let start = Instant("2026-03-01T12:00:00Z")!

  private func after(_ seconds: Int64) -> Instant { Instant(secondsSince1970: start.secondsSince1970 + seconds)! }

  @Test("sign as RFC 4231 has it")
  func vector() {
    #expect(
      WebhookSecrets(current: "Jefe").signature(of: Array("what do ya want for nothing?".utf8))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }

  @Test("are rotated in two steps: both are good until the next one is promoted")
  func rotation() {
    let body = Array("{}".utf8)
    let first = WebhookSecrets.signature(of: body, under: "a")
    let second = WebhookSecrets.signature(of: body, under: "b")
    var secrets = WebhookSecrets(current: "a")
    #expect(secrets.signatures(of: body) == first)
    secrets.rotate(to: "b", at: start)
    #expect(secrets.signature(of: body) == first)
    #expect(secrets.signatures(of: body) == "\(first),\(second)")
    var promoted = secrets
    let isPromoted = promoted.promote()
    #expect(isPromoted)
    #expect(promoted == WebhookSecrets(current: "b"))
    let again = promoted.promote()
    #expect(!again)
    secrets.promoteIfDue(at: after(86_399))
    #expect(secrets.current == "a")
    secrets.promoteIfDue(at: after(86_400))
    #expect(secrets == WebhookSecrets(current: "b"))
  }

  @Test("a rotation before the promotion replaces the next secret; after a day it promotes first")
  func rotations() {
    var secrets = WebhookSecrets(current: "a")
    secrets.rotate(to: "b", at: start)
    secrets.rotate(to: "c", at: after(10))
    #expect(secrets.current == "a")
    #expect(secrets.next?.secret == "c")
    secrets.rotate(to: "d", at: after(100_000))
    #expect(secrets.current == "c")
  }

  @Test(
    "a failed delivery is tried again later and later",
    arguments: zip(1...9, [1, 5, 30, 120, 600, 3600, 3600, 3600, 3600] as [Int64]))
  func pauses(_ failures: Int, _ seconds: Int64) {
    #expect(DeliverySchedule.pause(afterFailures: failures, jitter: 0) == seconds * 1000)
    #expect(DeliverySchedule.pause(afterFailures: failures, jitter: 1) == seconds * 1200)
  }
}
