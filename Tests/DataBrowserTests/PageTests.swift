import DataBrowser
import PageReading
import Testing
import Web
import Wire

/// Pages in their states, read by expat.
@Suite struct PageTests {
  static let hostile = [
    "Anna", "<script>alert(1)</script>\"'&]]>", "\u{202E}abc\u{0}\u{1}\u{FFFE}",
    String(repeating: "<&\">", count: 25_000),
  ]

  static func read(_ page: some Page, in frame: Frame = Frame()) throws -> ReadPage {
    let block = frame.bytes(around: page)
    return try ReadPage(withExtendedLifetime(block) { Array(block.bytes) })
  }

  static func frame(_ text: String) -> Frame {
    var frame = Frame()
    frame.person = Frame.PersonCard(name: text, email: text, ticket: text)
    frame.deployment = DeploymentCard(id: RouteTests.deployment, label: text, environment: text, region: text)
    frame.models = [
      Frame.ModelCard(name: text, label: text, count: 1_234_567), .init(name: "b", label: "B", count: nil),
    ]
    frame.current = text
    frame.jump = text
    frame.notice = Frame.Notice(text)
    frame.elevatedMinutes = 3
    frame.sessionEndsAt = Instant(secondsSince1970: 1_767_225_600)
    frame.requestID = text
    return frame
  }

  @Test(arguments: hostile.indices)
  func theFrameHoldsWhatItIsGiven(_ index: Int) throws {
    let text = Self.hostile[index]
    let page = try Self.read(DeploymentsPage(entries: [], isOperator: false), in: Self.frame(text))
    #expect(page.faults == [])
    #expect(page.all("form").count { $0.attributes["method"] == "post" } == 2)
    #expect(page.text.contains("1,234,567"))
  }

  @Test(arguments: hostile.indices)
  func deploymentsInTheirStates(_ index: Int) throws {
    let text = Self.hostile[index]
    let card = DeploymentCard(id: RouteTests.deployment, label: text, environment: "production", region: text)
    let entry = DeploymentsPage.Entry(
      card: card, objects: 5, models: 1, lastChange: Instant(secondsSince1970: 1_767_225_600), troubles: [text, text])
    for entries in [[], [entry], [entry, entry]] {
      for isOperator in [true, false] {
        let page = try Self.read(DeploymentsPage(entries: entries, isOperator: isOperator))
        #expect(page.faults == [])
        #expect(page.all("article").count == entries.count)
        if !entries.isEmpty { #expect(page.text.contains("production")) }
      }
    }
  }

  @Test(arguments: hostile.indices)
  func errorsSayWhatHappened(_ index: Int) throws {
    let text = Self.hostile[index]
    let fault = PageFault(422, text, text, next: text, ways: [Crumb(text, .find(RouteTests.deployment, text: text))])
    let page = try Self.read(ErrorPage(fault), in: Self.frame(text))
    #expect(page.faults == [])
    #expect(page.text.contains("Nothing was changed."))
  }
}
