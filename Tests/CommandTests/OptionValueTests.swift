import Testing

@testable import CommandLineTable

/// Values that make no sense are refused where they are given, with what would be right.
@Suite("Values of options")
struct OptionValueTests {
  @Test(
    "are refused with what would be right",
    arguments: [
      (.webAddress, "javascript:alert(1)", "https://"), (.webAddress, "https://", "no host"),
      (.webAddress, "https://u:p@a.example", "user name"), (.webAddress, "https://a.example?x", "query"),
      (.webAddress, "https://a.example:0", "port"), (.webAddress, "https://a.example/\"><script>", "characters"),
      (.webAddress, "https://[x]", "IPv6"), (.age(1...Int.max), "30", "its unit"),
      (.age(1...Int.max), "0s", "from 1s on"),
      (.duration(1...3600), "0", "from 1s to 3600s"), (.duration(1...3600), "2h", "from 1s to 3600s"),
      (.size(1024...2048), "0", "1024 to 2048 bytes"), (.size(1024...2048), "1 TB", "1024 to 2048 bytes"),
    ] as [(OptionKind, String, String)])
  func refusedOptions(kind: OptionKind, value: String, says: String) {
    guard case .failure(let fault) = kind.value(of: value) else {
      Issue.record("\(kind) takes \(value)")
      return
    }
    #expect(fault.message.contains(says), "\(fault.message)")
  }

  @Test(
    "that make sense are taken",
    arguments: [
      (.webAddress, "https://a.example"), (.webAddress, "http://127.0.0.1:8443/"),
      (.webAddress, "https://[::1]:8443/x"),
      (.webAddress, "HTTPS://A.example/api"), (.age(1...Int.max), "30d"), (.duration(1...3600), "75"),
    ] as [(OptionKind, String)])
  func takenOptions(kind: OptionKind, value: String) {
    guard case .success = kind.value(of: value) else {
      Issue.record("\(kind) refuses \(value)")
      return
    }
  }
}
