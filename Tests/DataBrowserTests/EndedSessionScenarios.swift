import DataBrowser
import HTTPServer
import PageReading
import People
import Storage
import Testing
import Wire

/// Sessions and elevations that end between opening a form and sending it: nothing typed is lost, nothing is done twice.
@Suite("Sessions that end while a form is open")
struct EndedSessionScenarios {
  enum Ending: String, CaseIterable, Sendable {
    case session = "the session ends"
    case elevation = "the elevation ends"
    case otherSession = "another session of the same person is signed in"
    case otherPerson = "somebody else is signed in"
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var kind: RouteKind
    var ending: Ending
    var testDescription: String { "\(kind.pattern): \(ending.rawValue)" }
  }

  /// Every route with a form that has a ticket. What is posted to sign in or to join needs no session.
  static let kinds = RouteKind.allCases.filter { $0.methods != .get && $0.hasTicket }
  static let cases = kinds.flatMap { kind in
    Ending.allCases.filter { $0 != .elevation || kind.need.isElevated }.map { Case(kind: kind, ending: $0) }
  }

  @Test("Each form, and each way in which it can come too late", arguments: cases)
  func late(_ test: Case) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      let world = try await EndingWorld(browser)
      let form = try #require(
        SentForm.of(test.kind, in: world),
        "\(test.kind.pattern) has a form: say in SentForm.of what is typed into it")
      var journey = world.otto
      try await journey.open(form.page)
      try await world.prove(&journey)
      #expect(journey.status == 200, "\(form.page): \(journey.path)")
      let before = try await world.state()
      let opened = journey
      try await end(test.ending, &journey, world)
      let action = form.action ?? form.page
      try await journey.send(to: action, form.typed, having: form.having)
      #expect(try await world.state() == before, "it was done at once")
      if test.ending == .otherPerson {
        #expect(journey.status == 403)
        return try await world.mustBeHeld(1, false)
      }
      if form.isLost == .password || (form.isLost == .signedOut && test.ending == .session) {
        return try await lost(form, &journey, world, before)
      }
      try await sendAgain(form, &journey, world, before)
      // What was sent first and comes once more, from the page that was left open, is kept once more and does nothing.
      if test.ending != .elevation, test.kind != .signOut {
        var late = opened
        late.wear(journey)
        let after = try await world.state()
        try await late.send(to: action, form.typed, having: form.having)
        #expect(try await world.state() == after)
      }
      #expect(browser.log.faults == [])
    }
  }

  private func end(_ ending: Ending, _ journey: inout Journey, _ world: EndingWorld) async throws {
    switch ending {
    case .session: try await world.end(journey)
    case .elevation: world.browser.clock.advance(byMilliseconds: 15 * 60_000)
    case .otherSession:
      let page = journey
      journey.forget()
      try await journey.open("/databrowser/me")
      try await world.prove(&journey)
      #expect(journey.path == "/databrowser/me" && journey.token != page.token)
      var back = page
      back.wear(journey)
      journey = back
    case .otherPerson: journey.wear(world.eva)
    }
  }

  /// It must be typed again, on the page on which it was.
  private func lost(
    _ form: SentForm, _ journey: inout Journey, _ world: EndingWorld, _ before: String
  ) async throws {
    if form.isLost == .password, !form.page.hasSuffix("/elevate") {
      try await world.prove(&journey)
      #expect(journey.path == form.page && journey.status == 200)
    }
    for value in form.typed.values { #expect(!journey.page.text.contains(value)) }
    #expect(try await world.state() == before)
    try await world.mustBeHeld(1, false)
  }

  /// After signing in the form is there as it was typed and not sent; then it is sent, twice.
  private func sendAgain(
    _ form: SentForm, _ journey: inout Journey, _ world: EndingWorld, _ before: String
  ) async throws {
    let action = form.action ?? form.page
    try await world.prove(&journey)
    #expect(journey.path.hasPrefix("/databrowser/held/"), "\(journey.path)")
    #expect(try await world.state() == before, "it was done by signing in")
    for (name, value) in form.typed.merging(form.having, uniquingKeysWith: { typed, _ in typed }) {
      #expect(journey.page.all("input").contains { $0.attributes["name"] == name && $0.attributes["value"] == value })
    }
    // Some forms go where their query says; of others the query opens the page alone.
    let address = journey.fields(of: action) == nil ? path(of: action) : action
    let held = try #require(journey.fields(of: address))
    try await journey.post(address, held)
    #expect(journey.status == (form.isRefused ? 422 : 200), "\(journey.page.text)")
    let after = try await world.state()
    if form.isSeen { #expect(after != before, "it was not done") }
    try await journey.post(address, held)
    if !form.isRepeatable { #expect(try await world.state() == after, "it was done twice") }
  }

  private func path(of action: String) -> String { String(action.prefix { $0 != "?" }) }
}
