import DataBrowser
import Deployments
import HTTPServer
import PageReading
import People
import Storage
import Testing
import Wire

/// What a page tells of the save before it.
@Suite("The notice of a save")
struct DoneScenarios {
  private static func lastSequence(_ browser: TestBrowser) async throws -> Int64 {
    let store = try browser.deployments.deployment(browser.deploymentID).store
    return try await store.read { try $0.nextSequence() - 1 }
  }

  private static func notice(_ browser: TestBrowser, _ path: String) async throws -> String? {
    let answer = await browser.send(.get, path)
    #expect(answer.status == 200)
    let page = try answer.page
    #expect(page.faults == [])
    return page.all("div").first { $0.attributes["class"] == "notice good" }?.text
  }

  private static let own = "person:0123456789ab"

  @Test("It tells of what the visitor has done, wherever one goes on, and of nothing else")
  func tells() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      let object = "/models/airline/\(VisitScenarios.airline)"
      let others = try await Self.lastSequence(browser)
      #expect(try await Self.notice(browser, "\(object)?done=\(others)") == nil)
      func patch(_ method: String, _ rest: String) async throws -> Int64 {
        try await browser.batch(
          """
          {"operations":[{"method":"\(method)","object":{"type":"airline","id":"\(VisitScenarios.airline)"\(rest)}}]}
          """, as: Self.own)
        return try await Self.lastSequence(browser)
      }
      let saved = try await patch("PATCH", ",\"name\":\"<b> Air\"")
      #expect(
        try await Self.notice(browser, "\(object)?done=\(saved)") == "Airline “<b> Air” was saved. You changed Name.")
      #expect(
        try await Self.notice(browser, "/models/airline?size=100&done=\(saved)")
          == "Airline “<b> Air” was saved. You changed Name. Open it")
      #expect(
        try await Self.notice(browser, "\(object)?done=\(saved)&kept=name&kept=nothing")
          == "Airline “<b> Air” was saved. You changed Name. Meanwhile somebody else had changed Name, which stayed.")
      for sequence in ["\(saved + 1)", "0", "-1", "x", "9223372036854775807", "9223372036854775808"] {
        #expect(try await Self.notice(browser, "\(object)?done=\(sequence)") == nil, "\(sequence)")
      }
      let deleted = try await patch("DELETE", "")
      #expect(
        try await Self.notice(browser, "/models/airline?done=\(deleted)")
          == "Airline “<b> Air” was deleted. Restore it")
      // A model that is hidden tells nothing.
      try await browser.batch(
        "{\"operations\":[{\"method\":\"POST\",\"object\":{\"type\":\"medical\",\"name\":\"Hidden\"}}]}", as: Self.own)
      let hidden = try await Self.lastSequence(browser)
      #expect(try await Self.notice(browser, "/models?done=\(hidden)") == "Medical “Hidden” was created. Open it")
      var person = TestVisits.operator.person
      person.seesSensitive = false
      browser.visits.set(TestVisits.visitor(person))
      #expect(try await Self.notice(browser, "/models?done=\(hidden)") == nil)
    }
  }

  @Test("Of many fields it names five and counts the others; where the state before is not kept, it names none")
  func changes() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      func saved(_ members: String) async throws -> String {
        try await browser.batch(
          """
          {"operations":[{"method":"PATCH","object":{"type":"flight","id":"\(VisitScenarios.flight)",\(members)}}]}
          """, as: Self.own)
        return "/models/flight?done=\(try await Self.lastSequence(browser))"
      }
      let many = try await saved(
        """
        "number":"N2","distance":7,"delay":0.5,"day":"2020-02-02","status":"late","notes":"Long","secret":"opensesame"
        """)
      #expect(
        try await Self.notice(browser, many)
          == "Flight “Flight N2” was saved. You changed Number, Distance, Delay, Day, Status and 2 more fields. Open it"
      )
      let few = try await saved("\"secret\":null,\"airline_id\":null")
      #expect(
        try await Self.notice(browser, few) == "Flight “Flight N2” was saved. You changed Secret and airline. Open it")
      let store = try browser.deployments.deployment(browser.deploymentID).store
      let last = try await Self.lastSequence(browser)
      while try await !store.trimOplog(.before(last)).isDone {}
      #expect(try await Self.notice(browser, few) == "Flight “Flight N2” was saved. Open it")
    }
  }

  @Test("It is no part of the page's address")
  func isNoPart() {
    let base = "/databrowser/\(RouteTests.deployment)/models/flight"
    let route = Route(address: "\(base)?size=100", origin: "")
    #expect(Route(address: "\(base)?size=100&done=1809642700800000&kept=a&kept=b", origin: "") == route)
    #expect(Route(address: "\(base)?size=100&kept=a", origin: "") != route)
    #expect(
      Route(address: "/databrowser/\(RouteTests.deployment)/settings?done=label", origin: "")
        == .settings(RouteTests.deployment, .done(.label)))
  }
}
