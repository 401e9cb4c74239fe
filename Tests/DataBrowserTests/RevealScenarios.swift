import DataBrowser
import HTTPServer
import PageReading
import People
import Storage
import Synchronization
import Testing
import Wire

/// Password fields: revealed one by one, and in JSON.
@Suite struct RevealScenarios {
  private static let flight = "/models/flight/\(VisitScenarios.flight)"

  /// A viewer with a session, and the deployment's path.
  private func run(
    _ role: Role = .viewer, _ body: (TestBrowser, inout Journey, String) async throws -> Void
  ) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      browser.usePeople()
      var journey = try await Self.joined(browser, role)
      try await body(browser, &journey, "/databrowser/\(browser.deploymentID)")
      #expect(browser.log.faults.isEmpty != browser.audit.isBroken.load(ordering: .relaxed))
    }
  }

  static func joined(_ browser: TestBrowser, _ role: Role, name: String = "Vera") async throws -> Journey {
    var invitation = Invitation(email: "\(name)@example.org", name: name)
    invitation.grants = [RoleGrant(deployment: browser.deploymentID, roles: [role])]
    let code = try await browser.people.invite(invitation, by: nil, from: Browser(address: "203.0.113.9"))
    var journey = try Journey(browser)
    try await journey.open("/databrowser/join/\(code)")
    try await journey.send(to: journey.path, ["name": name, "password": RoleWorld.password])
    return journey
  }

  private static func audit(_ browser: TestBrowser) async throws -> [AuditDraft] {
    var want = AuditWant(.oldest(after: 0), limit: 100)
    want.action = AuditAction.reveal.rawValue
    return try await browser.people.audit(want).map(\.draft)
  }

  @Test func aFieldIsShownForFiveMinutesToItsSessionAlone() async throws {
    try await run { browser, journey, base in
      let object = base + Self.flight
      try await journey.open(object)
      #expect(!journey.page.text.contains("swordfish") && journey.headers["Cache-Control"] == "no-store")
      #expect(try await Self.audit(browser) == [])
      try await journey.send(to: object + "/reveal")
      #expect(journey.path == object && journey.page.text.contains("swordfish"))
      #expect(journey.headers["Cache-Control"] == "no-store, no-transform")
      let entry = try #require(try await Self.audit(browser).first)
      #expect(entry.target == "flight \(VisitScenarios.flight): secret" && entry.deployment == browser.deploymentID)
      #expect(entry.person != nil && !"\(entry)".contains("swordfish"))
      // Another session, another person, and pages beside it show nothing.
      var other = try Journey(browser)
      try await other.open(object)
      try await other.send(to: "/databrowser/sign-in", ["email": "vera@example.org", "password": RoleWorld.password])
      #expect(other.path == object && !other.page.text.contains("swordfish"))
      for path in [object + "/peek", object + "/json", base + "/models/flight?columns=secret", base] {
        try await journey.open(path)
        #expect(!journey.page.text.contains("swordfish"), "\(path)")
      }
      browser.clock.advance(byMilliseconds: 290_000)
      try await journey.open(object)
      #expect(journey.page.text.contains("swordfish"))
      browser.clock.advance(byMilliseconds: 10_000)
      try await journey.open(object)
      #expect(!journey.page.text.contains("swordfish"))
    }
  }

  @Test func whatCannotBeAuditedIsNotShown() async throws {
    try await run { browser, journey, base in
      let object = base + Self.flight
      try await journey.open(object)
      browser.audit.isBroken.store(true, ordering: .relaxed)
      try await journey.send(to: object + "/reveal")
      #expect(journey.status == 503 && !journey.page.text.contains("swordfish"))
      try await journey.open(object)
      #expect(journey.status == 200 && !journey.page.text.contains("swordfish"))
      try await journey.open(object + "/json?with=passwords")
      try await journey.send(to: "/databrowser/elevate", ["password": RoleWorld.password])
      #expect(journey.status == 503 && !journey.page.text.contains("swordfish"))
    }
  }

  @Test func aFieldThatIsNoneIsRefused() async throws {
    try await run { browser, journey, base in
      let object = base + Self.flight
      for (field, status) in [("number", 422), ("nothing", 422), ("", 422), ("<b>", 422)] {
        try await journey.open(object)
        try await journey.send(to: object + "/reveal", ["field": field])
        #expect(journey.status == status, "\(field)")
      }
      #expect(try await Self.audit(browser) == [])
    }
  }

  @Test func aFormOfAnEndedSessionIsHeld() async throws {
    try await run { browser, journey, base in
      let object = base + Self.flight
      try await journey.open(object)
      browser.clock.advance(byMilliseconds: 9 * 3_600_000)
      try await journey.send(to: object + "/reveal")
      #expect(journey.page.text.contains("Sign in"))
      try await journey.send(to: "/databrowser/sign-in", ["email": "vera@example.org", "password": RoleWorld.password])
      #expect(journey.path.hasPrefix("/databrowser/held/"))
      #expect(try await Self.audit(browser) == [])
      try await journey.send(to: object + "/reveal")
      #expect(journey.path == object && journey.page.text.contains("swordfish"))
    }
  }

  @Test func jsonWithPasswordFieldsAsksWhoOneIsAndIsAudited() async throws {
    try await run { browser, journey, base in
      let json = base + Self.flight + "/json"
      try await journey.open(json)
      #expect(!journey.page.text.contains("swordfish"))
      let full = try #require(journey.page.links.first { $0.hasSuffix("json?with=passwords") })
      try await journey.open(full)
      #expect(try await Self.audit(browser) == [])
      try await journey.send(to: "/databrowser/elevate", ["password": RoleWorld.password])
      #expect(journey.path == full && journey.page.text.contains("\"secret\": \"swordfish\""))
      #expect(journey.headers["Cache-Control"] == "no-store, no-transform")
      #expect(try await Self.audit(browser).map(\.target).first?.hasSuffix("JSON with all password fields") == true)
      let cookie = journey.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
      let file = await browser.send(
        .get, full + "&as=file", headers: ["Host": journey.host, "Cookie": cookie])
      #expect(file.status == 200 && file.text.contains("swordfish"))
      #expect(file.headers["Cache-Control"] == "no-store, no-transform")
      #expect(try await Self.audit(browser).count == 2)
      // Where there is nothing to be masked, there is nothing to be audited.
      try await journey.open(base + "/models/airline/\(VisitScenarios.airline)/json?with=passwords")
      #expect(journey.path.hasSuffix("/json") && journey.status == 200)
      #expect(try await Self.audit(browser).count == 2)
    }
  }

  @Test(arguments: HostileScenarios.texts.indices)
  func aHostilePasswordStaysAText(_ index: Int) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      let quoted = HostileScenarios.quoted(HostileScenarios.texts[index])
      try await browser.batch(
        """
        {"operations":[{"method":"POST","object":{"type":"flight","id":"\(VisitScenarios.flight)","secret":\(quoted)}}]}
        """)
      browser.usePeople()
      var journey = try await Self.joined(browser, .viewer)
      let object = "/databrowser/\(browser.deploymentID)\(Self.flight)"
      try await journey.open(object)
      try await journey.send(to: object + "/reveal")
      let isLong = HostileScenarios.texts[index].utf8.count > RevealedFields.mostBytes
      #expect(journey.status == (isLong ? 422 : 200))
      #expect(journey.page.text.contains(isLong ? "at most 65,536 are shown here" : "shown to you until"))
      #expect(journey.page.all("script").count == 1 && journey.page.all("img").isEmpty)
    }
  }
}

/// What is kept of revealed fields.
@Suite struct RevealedFieldsTests {
  private func instant(_ seconds: Int64) throws -> Instant { try #require(Instant(secondsSince1970: seconds)) }

  @Test func writtenAndReadTheyAreTheSame() throws {
    var fields = RevealedFields()
    for (index, value) in ["", " ", "a b\nc", "%0A%", "ü\u{202E}\u{0}"].enumerated() {
      fields.show(.init(name: "f \(index)", value: value, until: try instant(100)))
    }
    #expect(RevealedFields(fields.text, at: try instant(99)) == fields)
    #expect(RevealedFields(fields.text, at: try instant(100)) == RevealedFields())
    fields.show(.init(name: "f 1", value: "later", until: try instant(200)))
    #expect(RevealedFields(fields.text, at: try instant(100)).fields.map(\.value) == ["later"])
    #expect(RevealedFields()["f 1"] == nil)
  }

  @Test func theyAreAFew() throws {
    var fields = RevealedFields()
    for index in 0..<50 { fields.show(.init(name: "\(index)", value: "v", until: try instant(100))) }
    #expect(fields.fields.map(\.name) == (30..<50).map(String.init))
  }

  @Test(arguments: ["x", "1 2", "1 %zz a", "99999999999999999999 a b", "\n\n", "200 a b c"])
  func whatCannotBeReadIsMasked(_ text: String) throws {
    #expect(RevealedFields(text, at: try instant(1)) == RevealedFields())
  }
}
