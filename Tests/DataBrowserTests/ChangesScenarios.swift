import DataModel
import Foundation
import Deployments
import HTTPServer
import PageReading
import People
import Storage
import Testing
import Wire

@testable import DataBrowser

/// The changes of a deployment: what is told of each, to whom, and how they are narrowed.
@Suite("Changes")
struct ChangesScenarios {
  private static let id = VisitScenarios.flight

  private static func run(_ body: (TestBrowser) async throws -> Void) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      try await body(browser)
      #expect(browser.log.faults == [])
    }
  }

  private static func change(_ browser: TestBrowser, _ members: String, by origin: String) async throws {
    try await browser.batch(
      "{\"operations\":[{\"method\":\"PATCH\",\"object\":{\"type\":\"flight\",\"id\":\"\(id)\",\(members)}}]}",
      as: origin)
  }

  private static func cards(_ page: ReadPage) -> [ReadPage.Element] {
    page.all("section").filter { $0.attributes["id"]?.hasPrefix("e") == true }
  }

  /// The sequences of a page, in its order.
  private static func sequences(_ page: ReadPage) -> [Int64] {
    cards(page).compactMap { $0.attributes["id"].flatMap { Int64($0.dropFirst()) } }
  }

  private static func page(_ browser: TestBrowser, _ query: String = "") async throws -> ReadPage {
    let answer = await browser.send(.get, "/changes\(query)")
    let page = try answer.page
    #expect(answer.status == 200 && page.faults == [], "\(query)")
    return page
  }

  @Test("Each says of which object, when, who, each field before and after, and where a program goes on")
  func telling() async throws {
    try await Self.run { browser in
      try await Self.change(browser, "\"status\":\"late\",\"secret\":\"sesame\"", by: "person:0123456789ab/job:7")
      try await Self.change(browser, "\"number\":\"<i>\u{202E}\"", by: "token:night & day")
      try await browser.batch(
        "{\"operations\":[{\"method\":\"DELETE\",\"object\":{\"type\":\"flight\",\"id\":\"\(Self.id)\"}}]}",
        as: "password")
      let page = try await Self.page(browser)
      let cards = Self.cards(page)
      let sequences = Self.sequences(page)
      #expect(sequences == sequences.sorted(by: >) && sequences.count == 7)
      #expect(cards[0].text.contains("deleted") && cards[0].text.contains("by API password"))
      #expect(cards[1].text.contains("changed") && cards[1].text.contains("by token night & day"))
      #expect(cards[1].text.contains("<i>") && cards[1].text.contains("N1 <b>"))
      #expect(cards[2].text.contains("job 7") && cards[2].text.contains("Landed") && cards[2].text.contains("Late"))
      #expect(cards[2].text.contains("masked") && !page.text.contains("sesame") && !page.text.contains("swordfish"))
      for (card, sequence) in zip(cards, sequences) {
        #expect(card.text.contains("start=\(sequence + 1)"))
      }
      let buttons = page.all("button").compactMap { $0.attributes["data-copy"] }
      #expect(buttons == sequences.map { "\($0 + 1)" })
      // What is gone leads to its history, and who to all that they changed.
      #expect(page.links.contains { $0.hasSuffix("/flight/\(Self.id)/history") })
      #expect(!page.links.contains { $0.hasSuffix("/flight/\(Self.id)") })
      #expect(page.links.contains { $0.removingPercentEncoding?.hasSuffix("changes?who=person:0123456789ab") == true })
      #expect(page.text.contains("oplog.json?start=\(sequences[0] + 1)'"))
      for path in ["", "/models/flight"] {
        #expect(try await browser.send(.get, path).page.links.contains { $0.contains("/changes") }, "\(path)")
      }
    }
  }

  @Test("They are narrowed by model, who, operation, time and sequence, and what cannot be read is said")
  func filters() async throws {
    try await Self.run { browser in
      for number in 1...3 { try await Self.change(browser, "\"distance\":\(number)", by: "token:a") }
      browser.clock.advance(byMilliseconds: 86_400_000)
      try await Self.change(browser, "\"distance\":9", by: "person:0123456789ab")
      let all = Self.sequences(try await Self.page(browser))
      let day = "2026-01-01"
      for (query, count) in [
        ("model=flight", 6), ("model=airline", 1), ("who=token%3Aa", 3), ("who=token", 3), ("who=token%3Ab", 0),
        ("who=person", 1), ("who=person%3A0123456789ab", 1), ("who=password", 0), ("what=created", 4),
        ("what=changed", 4), ("what=deleted", 0), ("to=\(day)", all.count - 1), ("from=2026-01-02", 1),
        ("from=2026-01-03", 0), ("from=\(all[1])", 2), ("to=\(all[1])", all.count - 1),
        ("from=\(all[2])&to=\(all[1])&model=flight&who=token", 2), ("from=\(all[0])&to=\(all[2])", 0),
        ("before=\(all[0])", all.count - 1), ("after=\(all[2])", 2), ("after=9223372036854775806", 0),
      ] {
        let page = try await Self.page(browser, "?\(query)")
        #expect(Self.sequences(page).count == count, "\(query)")
        if count == 0 {
          #expect(page.text.contains("no such changes") || page.text.contains("Nothing here"), "\(query)")
        }
      }
      for query in [
        "model=nothing", "model=FLIGHT", "what=x", "from=soon", "to=2026-02-30", "from=-1", "to=99999999999999999999",
        "from=%00%E2%80%AE", "who=\(String(repeating: "a", count: 1001))",
      ] {
        let answer = await browser.send(.get, "/changes?\(query)")
        let page = try answer.page
        #expect(answer.status == 422 && page.faults == [], "\(query)")
        #expect(page.all("title").first?.text.hasPrefix("Error:") == true && Self.cards(page).isEmpty)
      }
      for query in ["before=x", "before=0", "after=-1", "before=9223372036854775807"] {
        #expect(await browser.send(.get, "/changes?\(query)").status == 422, "\(query)")
      }
      let sent = await browser.send(.get, "/changes?model=flight&who=&what=&from=&to=")
      #expect(sent.status == 303 && sent.headers["Location"]?.hasSuffix("/changes?model=flight") == true)
    }
  }

  @Test("Pages go on both ways, every entry on one of them, and say what was trimmed")
  func pages() async throws {
    try await Self.run { browser in
      for number in 1...70 { try await Self.change(browser, "\"distance\":\(number)", by: "password") }
      func way(_ page: ReadPage, _ text: String) -> String? {
        page.all("a").first { $0.text == text }?.attributes["href"]
      }
      var path: String? = "/changes"
      var (seen, last): ([Int64], String) = ([], "")
      while let next = path {
        let page = try await browser.send(.get, next).page
        #expect(page.faults == [])
        seen += Self.sequences(page)
        (path, last) = (way(page, "Older"), next)
      }
      #expect(seen.count == 74 && seen == seen.sorted(by: >))
      var back: [Int64] = Self.sequences(try await browser.send(.get, last).page)
      path = way(try await browser.send(.get, last).page, "Newer")
      while let next = path {
        let page = try await browser.send(.get, next).page
        #expect(page.faults == [])
        back = Self.sequences(page) + back
        path = way(page, "Newer")
      }
      #expect(back == seen)
      let store = try browser.deployments.deployment(browser.deploymentID).store
      while try await !store.trimOplog(.before(seen[5])).isDone {}
      let page = try await Self.page(browser)
      #expect(Self.sequences(page) == Array(seen.prefix(6)))
      #expect(page.text.contains("the oplog was trimmed") && page.text.contains("\(seen[6])"))
      #expect(page.text.contains("What was there before is not kept any more"))
      #expect(try await !Self.page(browser, "?from=\(seen[4])").text.contains("trimmed"))
    }
  }

  @Test("A reading that finds little stops in time, and goes on where it stopped")
  func stopping() async throws {
    try await Self.run { browser in
      for number in 1...40 {
        try await Self.change(browser, "\"distance\":\(number)", by: number % 10 == 0 ? "password" : "token:a")
      }
      let store = try browser.deployments.deployment(browser.deploymentID).store
      let models = Set(store.dataModel.models.map(\.number))
      for isNewestFirst in [true, false] {
        var plan = ChangePlan(
          isNewestFirst: isNewestFirst, models: models, origin: OriginMatch("password"), limit: 3)
        var found: [Int64] = []
        var rounds = 0
        while rounds < 50 {
          let part = try await store.read { [plan] snapshot in
            try ChangesReading(snapshot: snapshot, most: 7).read(plan)
          }
          #expect(part.changes.count <= 3 && (!part.isStopped || part.hasMore))
          found += isNewestFirst ? part.changes.map(\.sequence) : part.changes.map(\.sequence).reversed()
          rounds += 1
          guard part.hasMore, let last = part.last else { break }
          if isNewestFirst { plan.end = last } else { plan.start = last + 1 }
        }
        #expect(found.count == 4 && rounds > 4 && rounds < 50)
        #expect(found == found.sorted { isNewestFirst ? $0 > $1 : $0 < $1 })
      }
      let none = try await store.read { snapshot in
        try ChangesReading(snapshot: snapshot, time: .zero).read(ChangePlan(models: models, limit: 100))
      }
      #expect(none.changes.count == 44 && !none.isStopped, "the first part is read whatever the time")
    }
  }

  @Test("A sensitive model and one that is no more deployed are absent, and large states make short pages")
  func absent() async throws {
    try await Self.run { browser in
      try await browser.batch(
        "{\"operations\":[{\"method\":\"POST\",\"object\":{\"type\":\"medical\",\"name\":\"hushed\"}}]}",
        as: "token:clinic")
      #expect(try await Self.page(browser).text.contains("token clinic"))
      browser.visits.set(VisitScenarios.visitor(browser, [.viewer]))
      let page = try await Self.page(browser)
      #expect(!page.text.contains("clinic") && !page.text.contains("edical") && !page.text.contains("hushed"))
      #expect(await browser.send(.get, "/changes?model=medical").status == 422)
      let text = String(repeating: "x", count: 900_000)
      for number in 1...6 { try await Self.change(browser, "\"number\":\"\(text)\(number)\"", by: "password") }
      var path: String? = "/changes"
      var seen: [Int64] = []
      while let next = path {
        let page = try await browser.send(.get, next).page
        #expect((1...4).contains(Self.sequences(page).count), "\(next)")
        seen += Self.sequences(page)
        path = page.all("a").first { $0.text == "Older" }?.attributes["href"]
      }
      #expect(seen.count == 9 && Set(seen).count == 9)
    }
  }
}
