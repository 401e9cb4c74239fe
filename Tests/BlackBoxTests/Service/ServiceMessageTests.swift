import Glibc
import HTTPServer
import Testing

@testable import sojourn

@Suite("Messages to a service manager")
struct ServiceMessageTests {
  @Test(
    "print what sd_notify(3) says",
    arguments: [
      (.ready("Serves."), "READY=1\nSTATUS=Serves."),
      (
        .reloading(monotonicMicroseconds: 17),
        "RELOADING=1\nMONOTONIC_USEC=17\nSTATUS=Reads its settings again."
      ),
      (.stopping("Ends."), "STOPPING=1\nSTATUS=Ends."),
      (.watchdog, "WATCHDOG=1"),
      (.extendTimeout(seconds: 30, "Opens."), "EXTEND_TIMEOUT_USEC=30000000\nSTATUS=Opens."),
      (.status("a\nREADY=1"), #"STATUS=a\x0aREADY=1"#),
    ] as [(ServiceMessage, String)])
  func text(_ message: ServiceMessage, _ text: String) { #expect(message.text == text) }

  @Test("go to a path, or to an abstract name, that fits")
  func sockets() {
    #expect(ServiceSocket("/run/notify")?.name == Array("/run/notify".utf8))
    #expect(ServiceSocket("@a")?.name == [0, UInt8(ascii: "a")])
    #expect(ServiceSocket("/" + String(repeating: "a", count: 106)) != nil)
    #expect(ServiceSocket("@" + String(repeating: "a", count: 107)) != nil)
    for text in [
      "", "@", "/", "run/notify", "vsock:2:1234", "/" + String(repeating: "a", count: 107),
      "@" + String(repeating: "a", count: 108),
    ] { #expect(ServiceSocket(text) == nil, "\(text)") }
  }

  @Test("beat at half of WATCHDOG_USEC, where that is meant for this process")
  func watchdog() {
    func watchdog(_ microseconds: String?, _ process: String? = nil) -> ServiceWatchdog? {
      ServiceWatchdog(microseconds: microseconds, process: process, own: 7)
    }
    #expect(watchdog("60000000")?.interval == .seconds(30))
    #expect(watchdog("60000000", "7")?.interval == .seconds(30))
    #expect(watchdog("60000000")?.patienceMilliseconds == 20_000)
    #expect(watchdog("3000000")?.patienceMilliseconds == 1_500)
    for (microseconds, process) in [
      (nil, nil), ("60000000", "8"), ("60000000", ""), ("0", nil), ("-5", nil), ("soon", nil), ("999", nil),
      ("99999999999999999999", nil),
    ] as [(String?, String?)] { #expect(watchdog(microseconds, process) == nil, "\(microseconds ?? "")") }
  }

  @Test("are about an address that this machine reaches")
  func addresses() {
    #expect(SelfRequest.address([(.https, "0.0.0.0", 443)]) == "https://127.0.0.1:443")
    #expect(SelfRequest.address([(.https, "::", 443)]) == "https://[::1]:443")
    #expect(SelfRequest.address([(.https, "10.0.0.7", 1), (.http, "::1", 2)]) == "http://[::1]:2")
    #expect(SelfRequest.address([]) == nil)
  }
}
