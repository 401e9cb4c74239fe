import Testing
import Wire

@testable import CommandLineTable

@Suite("An option's value")
struct OptionKindTests {
  @Test(
    "reads durations",
    arguments: [
      ("90", 90), ("90s", 90), ("15m", 900), ("12h", 43_200), ("30d", 2_592_000), ("2 w", 1_209_600),
      ("", nil), ("d", nil), ("-1s", nil), ("1.5h", nil), ("1y", nil), ("9223372036854775807d", nil),
      ("99999999999", nil),
    ] as [(String, Int?)])
  func durations(text: String, seconds: Int?) { #expect(Quantity.seconds(of: text) == seconds) }

  @Test(
    "reads sizes",
    arguments: [
      ("4096", 4096), ("64 KiB", 65_536), ("50 MB", 50_000_000), ("5gib", 5_368_709_120), ("1B", 1),
      ("x", nil), ("1 XB", nil), ("9223372036854775807 KB", nil),
    ] as [(String, Int?)])
  func sizes(text: String, bytes: Int?) { #expect(Quantity.bytes(of: text) == bytes) }

  @Test(
    "reads listen addresses",
    arguments: [
      ("https://127.0.0.1:8443", "https://127.0.0.1:8443", true),
      ("http://localhost:80/", "http://127.0.0.1:80", true),
      ("http://[::1]:8080", "http://[::1]:8080", true),
      ("https://0.0.0.0:0", "https://0.0.0.0:0", false),
      ("https://[::]:443", "https://[::]:443", false),
    ])
  func listen(text: String, expected: String, isLoopback: Bool) throws {
    guard case .success(.listen(let address)) = OptionKind.listen.value(of: text) else {
      Issue.record("not read")
      return
    }
    #expect(address.description == expected)
    #expect(address.isLoopback == isLoopback)
  }

  @Test(
    "refuses other addresses",
    arguments: [
      "", "127.0.0.1:80", "ftp://127.0.0.1:80", "http://127.0.0.1", "http://127.0.0.1:65536",
      "http://127.0.0.1:-1", "http://127.0.0.1:+80", "http://127.0.0.1\0:80", "http://[127.0.0.1]:80",
      "http://example.org:80", "http://::1:80", "http://[::1:80", "http://:80",
    ])
  func notListen(text: String) {
    guard case .failure(let fault) = OptionKind.listen.value(of: text) else {
      Issue.record("read \(text)")
      return
    }
    #expect(fault.message.hasPrefix("'\(text)' "))
  }

  @Test(
    "the nearest name is near",
    arguments: [
      ("--modle", "--model"), ("--MODEL", "--model"), ("crrier", "carrier"), ("xyzzy", nil), ("", nil),
      ("tai", "tail_number"), ("c", nil),
    ] as [(String, String?)])
  func nearest(word: String, expected: String?) {
    #expect(NearestName.of(word, among: ["--model", "--username", "carrier", "tail_number"]) == expected)
  }
}
