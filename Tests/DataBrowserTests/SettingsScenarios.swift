import Deployments
import HTTPServer
import PageReading
import People
import Storage
import Synchronization
import Testing
import Web
import Wire

@testable import DataBrowser

/// The settings of a deployment, by following links and sending forms without script.
@Suite("Settings of a deployment")
struct SettingsScenarios {
  /// An operator, elevated, on the page.
  private func run(_ body: (TestBrowser, inout Journey) async throws -> Void) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      browser.usePeople()
      var journey = try Journey(browser)
      let path = People.path(of: try #require(try await browser.people.linkForFirstOperator()))
      try await journey.open(path)
      try await journey.send(
        to: path, ["email": "ada@example.org", "name": "Ada <b>", "password": RoleWorld.password])
      try await journey.open(Self.page(browser))
      try await journey.send(to: "/databrowser/elevate", ["password": RoleWorld.password])
      #expect(journey.path == Self.page(browser) && journey.status == 200)
      try await body(browser, &journey)
      #expect(browser.log.faults.allSatisfy { $0.contains("the audit cannot be written") })
    }
  }

  private static func page(_ browser: TestBrowser) -> String { "/databrowser/\(browser.deploymentID)/settings" }

  private func set(
    _ setting: String, _ value: String, _ browser: TestBrowser, _ journey: inout Journey
  ) async throws {
    try await journey.open("\(Self.page(browser))?change=\(setting)")
    #expect(journey.status == 200)
    try await journey.send(to: Self.page(browser), ["value": value])
  }

  private func line(_ setting: String, _ journey: Journey) -> String? {
    journey.page.all("tr").first { $0.text.hasPrefix(setting) && $0.path.contains("tbody") }?.text
  }

  private func audit(_ browser: TestBrowser) async throws -> [AuditDraft] {
    var want = AuditWant(.oldest(after: 0), limit: 100)
    want.action = AuditAction.settings.rawValue
    return try await browser.people.audit(want).map(\.draft)
  }

  @Test("All stand there with value, default, meaning and limits, and who set them")
  func table() async throws {
    try await run { browser, journey in
      for setting in DeploymentSetting.allCases {
        let row = try #require(line(setting.rawValue, journey))
        #expect(row.contains(setting.summary) && row.contains(setting.kind))
        #expect(journey.page.links.contains("\(Self.page(browser))?change=\(setting.rawValue)"))
      }
      // It was set when the deployment was made, before anybody was there.
      #expect(line("lost_filters", journey)?.contains("not known: when the deployment was made") == true)
      #expect(line("region", journey)?.contains("never set") == true)
      try await browser.deployments.set([("region", "eu")], of: browser.deploymentID)
      try await journey.open(Self.page(browser))
      #expect(line("region", journey)?.contains("a command on the server") == true)
    }
  }

  @Test("One is set, told of, entered into the audit, and taken back to its default")
  func setting() async throws {
    try await run { browser, journey in
      let deployment = try browser.deployments.deployment(browser.deploymentID)
      for (setting, value) in [
        ("label", "Flights"), ("cors_origins", "https://a.example, https://b.example"), ("cors_origins", ""),
        ("rate_limit", "2.5"), ("device_access", "read"), ("multiple_devices_per_user", "true"),
        ("oplog_retention", "90d"),
        ("app_user", "airline"), ("lost_filters", "ignore"), ("org_id", "0123456789abcdef01234567"),
      ] {
        try await set(setting, value, browser, &journey)
        #expect(journey.path == "\(Self.page(browser))?done=\(setting)" && journey.status == 200)
        #expect(deployment.record.settings[setting] == value)
        #expect(line(setting, journey)?.contains("Ada <b>") == true)
        #expect(
          journey.page.text.contains(value.isEmpty ? "\(setting) is empty now." : "\(setting) is “\(value)” now."))
      }
      #expect(deployment.limiter.limits.deployment?.rate == 2.5)
      try await journey.open("\(Self.page(browser))?change=region")
      #expect(journey.forms(to: Self.page(browser)).count == 1)
      try await journey.open("\(Self.page(browser))?change=label")
      try await journey.post(
        Self.page(browser),
        [
          ("ticket", try ticket(journey)), ("setting", "label"), ("act", "unset"), ("was_set", "true"),
          ("opened", "Flights"),
        ])
      #expect(journey.page.text.contains("label has its default now.") && deployment.record.settings["label"] == nil)
      #expect(line("label", journey)?.contains("Ada <b>") == true)
      let entries = try await audit(browser)
      #expect(entries.count == 11 && entries.allSatisfy { $0.deployment == browser.deploymentID && $0.person != nil })
      #expect(
        entries.suffix(1).map { "\($0.target): \($0.outcome)" } == [
          "label back to its default: done"
        ])
      #expect(entries.first.map { "\($0.target): \($0.outcome)" } == "label=Flights: done")
    }
  }

  private func ticket(_ journey: Journey) throws -> String {
    try #require(
      journey.page.elements.last {
        $0.name == "input" && $0.attributes["name"] == "ticket"
          && $0.ancestors.contains { journey.page.elements[$0].attributes["action"]?.hasSuffix("/settings") == true }
      }?.attributes["value"])
  }

  @Test("What a setting cannot be comes back with the form and the reason, and nothing is set")
  func refused() async throws {
    try await run { browser, journey in
      let before = try browser.deployments.deployment(browser.deploymentID).record
      for (setting, value, reason) in [
        ("rate_limit", "fast", "requests a second"), ("rate_burst", "0", "whole number"),
        ("org_id", "x", "24 lower-case"),
        ("cors_origins", "https://A.example/", "origins as browsers send them"),
        ("device_access", "some", "none, read or all"),
        ("multiple_devices_per_user", "maybe", "true or false"), ("app_user", "nothing", "has no model"),
        ("oplog_retention", "30", "duration with its unit"), ("webhook_allow", "10.0.0.0/99", "webhook_allow"),
        ("label", "  ", "can be seen"), ("region", "a\u{202E}b", "U+202E"),
        ("region", String(repeating: "x", count: 1001), "1000 bytes"), ("region", "<script>\u{0}", "U+0000"),
      ] {
        try await set(setting, value, browser, &journey)
        #expect(journey.status == 422, "\(setting) \(value)")
        #expect(journey.page.element(withID: "field-value-fault")?.text.contains(reason) == true, "\(setting) \(value)")
        #expect(journey.page.all("title").first?.text.hasPrefix("Error:") == true)
      }
      try await journey.open("\(Self.page(browser))?change=region")
      try await journey.send(to: Self.page(browser), ["setting": "nothing", "value": "x"])
      #expect(journey.status == 400)
      #expect(try browser.deployments.deployment(browser.deploymentID).record == before)
    }
  }

  @Test("Who was slower is shown what somebody else has set, and replaces it only by sending the form again")
  func conflict() async throws {
    try await run { browser, journey in
      let deployment = try browser.deployments.deployment(browser.deploymentID)
      try await journey.open("\(Self.page(browser))?change=region")
      try await browser.deployments.set([("region", "us")], of: browser.deploymentID)
      try await journey.send(to: Self.page(browser), ["value": "eu"])
      #expect(journey.status == 409 && deployment.record.settings["region"] == "us")
      for text in ["Somebody else has set it meanwhile", "a command on the server", "When you opened it"] {
        #expect(journey.page.text.contains(text), "\(text)")
      }
      #expect(journey.page.element(withID: "field-value")?.attributes["value"] == "eu")
      try await journey.send(to: Self.page(browser))
      #expect(journey.status == 200 && deployment.record.settings["region"] == "eu")
      // A second click finds what it wanted.
      try await journey.open("\(Self.page(browser))?change=region")
      let fields = [
        ("ticket", try ticket(journey)), ("setting", "region"), ("act", "set"), ("was_set", "true"), ("opened", "eu"),
        ("value", "asia"),
      ]
      for _ in 0..<3 {
        try await journey.post(Self.page(browser), fields)
        #expect(journey.status == 200 && deployment.record.settings["region"] == "asia")
      }
      #expect(try await audit(browser).map(\.target) == ["region=eu", "region=asia"])
    }
  }

  @Test("Of two who set one at the same moment the second is told of the first, and replaces nothing")
  func race() async throws {
    try await run { browser, journey in
      let (deployments, id) = (browser.deployments, browser.deploymentID)
      let faster = SettingNote(at: browser.clock.now, by: "person:abcdefabcdef")
      browser.control.meanwhile.withLock { $0 = SettingsPlan([("region", "us")], by: faster) }
      try await set("region", "eu", browser, &journey)
      #expect(journey.status == 409 && journey.page.text.contains("person:abcdefabcdef"))
      #expect(try deployments.deployment(id).record.settings["region"] == "us")
      #expect(try await audit(browser).isEmpty)
    }
  }

  @Test("While the audit cannot be written nothing is set; a form that comes after its elevation is kept")
  func bad() async throws {
    try await run { browser, journey in
      let deployment = try browser.deployments.deployment(browser.deploymentID)
      browser.control.isBroken.store(true, ordering: .relaxed)
      try await set("region", "eu", browser, &journey)
      #expect(journey.status == 503 && deployment.record.settings["region"] == nil)
      browser.control.isBroken.store(false, ordering: .relaxed)
      try await journey.open("\(Self.page(browser))?change=region")
      browser.clock.advance(byMilliseconds: 15 * 60_000)
      try await journey.send(to: Self.page(browser), ["value": "eu"])
      #expect(journey.path.hasPrefix("/databrowser/elevate?to=") && deployment.record.settings["region"] == nil)
      try await journey.send(to: "/databrowser/elevate", ["password": RoleWorld.password])
      try await journey.send(to: Self.page(browser))
      #expect(deployment.record.settings["region"] == "eu" && journey.path.hasSuffix("?done=region"))
    }
  }

  @Test("Links to settings and audit stand on pages of administrators and operators alone")
  func menu() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      for role in Role.allCases {
        browser.visits.set(VisitScenarios.visitor(browser, [role]))
        let links = try await browser.send(.get, "").page.links
        for page in ["settings", "audit"] {
          #expect(links.contains { $0.hasSuffix("/\(browser.deploymentID)/\(page)") } == (role == .administrator))
        }
      }
    }
  }

  @Test("Its pages in their states hold what they are given", arguments: PageTests.hostile.indices)
  func states(_ index: Int) throws {
    let text = PageTests.hostile[index]
    let card = DeploymentCard(id: RouteTests.deployment, label: text, environment: text)
    let settings = [DeploymentSetting.label, .deviceAccess].flatMap { setting in
      [nil, "", text].map { SettingCard(setting: setting, value: $0, note: $0 == nil ? nil : (.last, text)) }
    }
    #expect(try PageTests.read(SettingsPage(card: card, settings: settings)).faults == [])
    for setting in settings {
      var wrong = SettingForm.set(setting)
      wrong.refuse(SettingForm.value, text)
      for form in [SettingForm.set(setting), wrong] {
        for conflict in [nil, .init(opened: nil), .init(opened: text)] as [SettingPage.Conflict?] {
          let page = SettingPage(card: card, setting: setting, form: form, conflict: conflict, ticket: text)
          let read = try PageTests.read(page)
          #expect(read.faults == [])
          #expect(read.text.contains("Somebody else has set it") == (conflict != nil))
        }
      }
    }
  }
}
