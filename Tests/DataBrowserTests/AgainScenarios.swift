import DataBrowser
import Deployments
import HTTPServer
import PageReading
import People
import Storage
import Testing
import Wire

/// Forms that are sent twice: by a double click, from a page that was left open for a day, and from one that is too old.
@Suite("Forms that are sent again")
struct AgainScenarios {
  /// Opens the page of a form and types nothing yet.
  private func opened(_ kind: RouteKind, _ world: EndingWorld) async throws -> (Journey, SentForm) {
    let form = try #require(SentForm.of(kind, in: world))
    var journey = world.otto
    try await journey.open(form.page)
    try await world.prove(&journey)
    #expect(journey.status == 200, "\(form.page): \(journey.path)")
    return (journey, form)
  }

  private func send(_ form: SentForm, _ journey: inout Journey) async throws {
    try await journey.send(to: form.action ?? form.page, form.typed, having: form.having)
  }

  /// Somebody who looks in from time to time, and signs in where the session is over.
  private func wait(hours: Int, _ journey: inout Journey, _ world: EndingWorld) async throws {
    for start in stride(from: 0, to: hours, by: 7) {
      world.browser.clock.advance(byMilliseconds: Int64(min(7, hours - start)) * 3_600_000)
      try await journey.open("/databrowser/me")
      try await world.prove(&journey)
      #expect(journey.path == "/databrowser/me")
    }
  }

  @Test("Two at the same instant do what one does", arguments: EndedSessionScenarios.kinds)
  func atOnce(_ kind: RouteKind) async throws {
    var deeds: [[String]] = []
    var isRepeatable = false
    for count in [1, 2] {
      try await TestBrowser.run(schema: Schemas.flights) { browser in
        let world = try await EndingWorld(browser)
        let (page, form) = try await opened(kind, world)
        let before = try await world.deeds()
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
          for _ in 0..<count {
            group.addTask {
              var one = page
              try await send(form, &one)
              return one.status
            }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.allSatisfy { [200, 403, 404, 409, 422].contains($0) }, "\(statuses)")
        let after = try await world.deeds()
        if form.isSeen, !form.isRefused, !form.isRepeatable, form.isLost != .password {
          #expect(after != before, "nothing was done")
        }
        deeds.append(after)
        // Whose session has ended is told the same twice.
        isRepeatable = form.isRepeatable || kind == .signOut
        #expect(browser.log.faults == [])
      }
    }
    if !isRepeatable { #expect(deeds[0] == deeds[1]) }
  }

  @Test("One that comes again after 23 hours does nothing", arguments: EndedSessionScenarios.kinds)
  func nextDay(_ kind: RouteKind) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      let world = try await EndingWorld(browser)
      var (journey, form) = try await opened(kind, world)
      var again = journey
      try await send(form, &journey)
      let led = journey.path
      // Whoever has another password by now cannot sign in here any more.
      if kind != .password { try await wait(hours: 23, &journey, world) }
      again.wear(journey)
      let before = try await world.state()
      try await send(form, &again)
      if form.isLost == nil { try await world.prove(&again) }
      if again.path.hasPrefix("/databrowser/held/") {
        let action = form.action ?? form.page
        let isWhole = again.fields(of: action) != nil
        try await again.send(to: isWhole ? action : String(action.prefix { $0 != "?" }))
        try await world.prove(&again)
      }
      #expect(again.status == 200 || again.status == 422 && form.isRefused || kind == .elevate, "\(again.status)")
      // Signing out is what one asks for as often as one asks, and so is the number of a long view.
      if form.isRepeatable || kind == .signOut { return }
      #expect(try await world.state() == before)
      // Where the first one led. The notice of a save or a deletion is not told once more.
      let way = [.edit, .deleteUser].contains(kind) ? String(led.prefix { $0 != "?" }) : led
      #expect(again.path == way, "it led to \(again.path), and first to \(way)")
      #expect(browser.log.faults == [])
    }
  }

  @Test("One that is sent after 25 hours is not done, and its page says why", arguments: EndedSessionScenarios.kinds)
  func tooOld(_ kind: RouteKind) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      let world = try await EndingWorld(browser)
      let (page, form) = try await opened(kind, world)
      var journey = page
      try await wait(hours: 25, &journey, world)
      var late = page
      late.wear(journey)
      let before = try await world.state()
      try await send(form, &late)
      #expect(late.status == 403)
      #expect(late.page.text.contains("This form cannot be used any more"))
      #expect(late.page.text.contains("It is older than a day"))
      #expect(late.page.text.contains("Nothing was changed."))
      #expect(try await world.state() == before)
    }
  }
}

extension EndingWorld {
  /// What was done, without when and under which ids.
  fileprivate func deeds() async throws -> [String] {
    let acts = try await browser.acts().filter { !$0.hasPrefix("refusal") }.map { act in
      let words = act.split(separator: " ")
      return "\(words.first ?? "") \(words.last ?? "")"
    }
    let store = try browser.deployments.deployment(browser.deploymentID).store
    let entries = try await store.read { try $0.oplog(from: 0, limit: 10_000).count }
    let person = try await browser.person("Otto")
    let columns = try await browser.people.columns(
      of: "flight", in: browser.deploymentID, for: TestVisits.visitor(person))
    let tokens = try await browser.deployments.tokens(of: browser.deploymentID).map(\.name)
    let views = try await browser.people.namedViews(in: browser.deploymentID, of: TestVisits.visitor(person)).map(
      \.name)
    return acts + ["\(entries) entries", "\(columns ?? [])", "\(person.manner)", "\(tokens)", "\(views)"]
  }
}
