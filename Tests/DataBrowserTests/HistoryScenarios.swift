import DataBrowser
import Deployments
import DataModel
import HTTPServer
import PageReading
import People
import Storage
import Testing
import Wire

/// Histories of objects, and what was deleted.
@Suite struct HistoryScenarios {
  private static let id = VisitScenarios.flight
  private static let history = "/models/flight/\(id)/history"

  private static func change(_ browser: TestBrowser, _ members: String, by origin: String) async throws {
    try await browser.batch(
      "{\"operations\":[{\"method\":\"PATCH\",\"object\":{\"type\":\"flight\",\"id\":\"\(id)\",\(members)}}]}",
      as: origin)
  }

  private static func delete(_ browser: TestBrowser, by origin: String = "token:cleaner") async throws {
    try await browser.batch(
      "{\"operations\":[{\"method\":\"DELETE\",\"object\":{\"type\":\"flight\",\"id\":\"\(id)\"}}]}", as: origin)
  }

  @Test func aHistoryTellsWhoChangedWhatWithLabelsAndDisplays() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      try await Self.change(browser, "\"status\":\"late\",\"secret\":\"sesame\"", by: "password")
      try await Self.change(browser, "\"airline_id\":null,\"number\":\"<i>\u{202E}\"", by: "token:night & day")
      let answer = await browser.send(.get, Self.history)
      #expect(answer.status == 200)
      let page = try answer.page
      #expect(page.faults == [])
      let heads = page.all("h2").map(\.text).filter { $0.hasPrefix("C") }
      #expect(heads.count == 3 && heads[0].hasPrefix("Changed ") && heads[0].hasSuffix("by token night & day"))
      #expect(heads[1].hasSuffix("by API password") && heads[2].hasPrefix("Created "))
      for cells in [["Status", "Landed", "Late"], ["Airline", "Alpha Air"]] {
        #expect(
          page.all("tr").contains { row in cells.allSatisfy { row.text.lowercased().contains($0.lowercased()) } },
          "\(cells)")
      }
      #expect(!answer.text.contains("sesame") && !answer.text.contains("swordfish"))
      #expect(page.text.contains("<i>") && page.text.contains("masked"))
      #expect(try await browser.send(.get, ObjectScenarios.flight).page.links.contains { $0.hasSuffix(Self.history) })
    }
  }

  @Test func twoStatesStandSideBySide() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      try await Self.change(browser, "\"distance\":1500", by: "password")
      try await Self.change(browser, "\"distance\":1600,\"status\":\"late\"", by: "password")
      let page = try await browser.send(.get, Self.history).page
      let values = page.all("option").compactMap { $0.attributes["value"] }
      let (first, last) = (try #require(values.dropFirst(2).first), try #require(values.first))
      let answer = await browser.send(.get, "\(Self.history)?first=\(last)&second=\(first)")
      #expect(answer.status == 200)
      let states = try answer.page
      #expect(states.faults == [])
      #expect(states.text.contains("2 fields differ."))
      #expect(states.all("tr").contains { $0.text.contains("1400") && $0.text.contains("1600") })
      for query in ["first=1&second=\(last)", "first=\(last)&second=9"] {
        #expect(await browser.send(.get, "\(Self.history)?\(query)").status == 404, "\(query)")
      }
    }
  }

  @Test func aLongHistoryGoesOnPageByPageAndSaysWhereItWasTrimmed() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      for number in 1...65 { try await Self.change(browser, "\"distance\":\(number)", by: "password") }
      var path = "/databrowser/\(browser.deploymentID)\(Self.history)"
      var seen = 0
      for count in [30, 30, 6] {
        let page = try await browser.send(.get, path).page
        #expect(page.faults == [])
        let entries = page.all("section").count { $0.attributes["id"]?.hasPrefix("e") == true }
        #expect(entries == count)
        seen += entries
        path = page.links.first { $0.contains("?before=") } ?? path
      }
      #expect(seen == 66)
      let store = try browser.deployments.deployment(browser.deploymentID).store
      while try await !store.trimOplog(.before(.max)).isDone {}
      let page = try await browser.send(.get, Self.history).page
      #expect(page.faults == [])
      #expect(page.text.contains("the oplog was trimmed") && page.text.contains("What was there before is not known"))
    }
  }

  @Test func aValueUnderAnotherTypeIsShownAsItWasStored() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      try await Self.change(browser, "\"number\":\"twelve\"", by: "password")
      let store = try browser.deployments.deployment(browser.deploymentID).store
      let schema = Schemas.flights.replacing(
        "name=\"number\" label=\"Number\" type=\"text\"", with: "name=\"number\" label=\"Number\" type=\"integer\"")
      _ = try await store.deploy(try #require(DataModelReader.read(Array(schema.utf8)).model), by: nil)
      let page = try await browser.send(.get, Self.history).page
      #expect(page.faults == [])
      #expect(page.text.contains("stored as text: twelve"))
    }
  }

  /// The words at the head of a page of the object, and at the heads of its history.
  private static func heads(_ browser: TestBrowser) async throws -> (object: String, history: [String]) {
    let object = try await browser.send(.get, "/models/flight/\(id)").page
    #expect(object.faults == [])
    let history = try await browser.send(.get, history).page
    #expect(history.faults == [])
    func words(_ text: String) -> String { text.prefix { !$0.isNumber }.split(separator: " ").joined(separator: " ") }
    return (
      words(object.all("p").map(\.text).first { $0.contains(" by ") } ?? ""),
      history.all("h2").map(\.text).filter { $0.contains(" by ") && !$0.hasPrefix("Two") }.map(words)
    )
  }

  @Test func anObjectThatComesAgainIsToldByWhatTheLogProves() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      var found = try await Self.heads(browser)
      #expect(found.object == "Created" && found.history == ["Created"])
      try await Self.delete(browser)
      try await browser.batch(
        "{\"operations\":[{\"method\":\"POST\",\"object\":{\"type\":\"flight\",\"id\":\"\(Self.id)\",\"number\":\"M2\"}}]}"
      )
      found = try await Self.heads(browser)
      #expect(found.object == "Created again" && found.history == ["Created again", "Deleted", "Created"])
      try await Self.delete(browser)
      var journey = try Journey(browser)
      journey.host = "here"
      try await journey.open("/databrowser/\(browser.deploymentID)/models/flight/deleted")
      let link = try #require(journey.page.links.first { $0.contains("/restore?to=") })
      try await journey.open(link)
      try await journey.send(to: link, ["do": "restore"])
      found = try await Self.heads(browser)
      #expect(found.object == "Restored")
      #expect(found.history == ["Restored", "Deleted", "Created again", "Deleted", "Created"])
      // Side by side, among the changes, on the overview, and where one would bring it back.
      let page = try await browser.send(.get, Self.history).page
      let values = page.all("option").compactMap { $0.attributes["value"] }
      let states = try await browser.send(.get, "\(Self.history)?first=\(values[2])&second=\(values[0])").page
      #expect(states.all("th").contains { $0.text.hasPrefix("restored ") })
      #expect(states.all("th").contains { $0.text.hasPrefix("created again ") })
      #expect(try await browser.send(.get, "/changes").page.all("h2").contains { $0.text.hasSuffix(" restored") })
      #expect(try await browser.send(.get, "").page.text.contains("restored"))
      try await Self.change(browser, "\"distance\":7", by: "password")
      #expect(try await Self.heads(browser).object == "Last changed")
      let restore = try await browser.send(.get, "/models/flight/\(Self.id)/restore?to=\(values[0])").page
      #expect(restore.text.contains("As it was after it was restored"))
      // Where the deletion is not kept any more, nothing is claimed.
      let store = try browser.deployments.deployment(browser.deploymentID).store
      let bound = try #require(Int64(values[0]))
      while try await !store.trimOplog(.before(bound)).isDone {}
      #expect(try await Self.heads(browser).history == ["Changed", "Created"])
    }
  }

  @Test func whatWasDeletedIsListedForEditorsAndKeepsItsHistory() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      let empty = try await browser.send(.get, "/models/flight/deleted").page
      #expect(empty.faults == [] && empty.text.contains("Nothing is deleted"))
      try await Self.delete(browser)
      let page = try await browser.send(.get, "/models/flight/deleted").page
      #expect(page.faults == [])
      #expect(page.text.contains("Flight N1 <b>") && page.text.contains("token cleaner"))
      #expect(page.links.contains { $0.hasSuffix(Self.history) })
      let history = try await browser.send(.get, Self.history).page
      #expect(history.faults == [])
      #expect(history.all("h2").contains { $0.text.hasPrefix("Deleted ") })
      #expect(history.text.contains("– deleted"))
      #expect(try await browser.send(.get, "/models/flight").page.links.contains { $0.hasSuffix("/flight/deleted") })
      browser.visits.set(VisitScenarios.visitor(browser, [.viewer]))
      #expect(await browser.send(.get, "/models/flight/deleted").status == 403)
      #expect(try await !browser.send(.get, "/models/flight").page.links.contains { $0.hasSuffix("/deleted") })
      #expect(await browser.send(.get, Self.history).status == 200)
      browser.visits.set(VisitScenarios.visitor(browser, [.editor]))
      for path in ["/models/medical/deleted", "/models/medical/\(Self.id)/history"] {
        #expect(await browser.send(.get, path).status == 404, "a sensitive model: \(path)")
      }
      let none = "0195a3b2-0000-7000-8000-0000000000ee"
      #expect(await browser.send(.get, "/models/flight/\(none)/history").status == 404)
    }
  }
}
