import Testing
import Wire

@testable import sojourn

@Suite("Administrative acts in the log")
struct AdminActTests {
  @Test("do not repeat an endpoint that was refused", arguments: ["", String(repeating: "x", count: 300)])
  func refusedEndpoint(path: String) {
    let url = "http://u:geheim@a/\(path)?token=geheim"
    let act = AdminAct(
      AdminRequest(.enableWebhook, ["deployment": "d", "name": "n", "url": url]), nil,
      .refused("The endpoint \"\(CutText.cut(url))\" has a user name in it."))
    #expect(act.members.contains { $0 == ("outcome", "refused: The endpoint \"…\" has a user name in it.") })
    #expect(!act.members.contains { $0.1.contains("geheim") })
  }
}
