import Storage
import Testing

@testable import Webhooks

@Suite("What a node does about webhooks that others may have changed")
struct WebhookLookTests {
  private func kept(_ name: String, isEnabled: Bool = true) -> WebhookRecord {
    var record = WebhookRecord(name: name, url: "http://a.example.org/", secret: [], position: 1)
    record.isEnabled = isEnabled
    return record
  }

  @Test("Enabled ones are run, those that run take what is kept, those that are kept no longer end")
  func rule() {
    let look = WebhookLook(
      kept: [kept("new"), kept("off", isEnabled: false), kept("runs"), kept("stopped", isEnabled: false)],
      running: ["runs", "stopped", "gone"])
    #expect(look.toRun.map(\.name) == ["new"])
    #expect(look.toRefresh == ["runs", "stopped"])
    #expect(look.toEnd == ["gone"])
  }
}
