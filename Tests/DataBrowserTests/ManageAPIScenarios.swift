import DataBrowser
import Deployments
import HTTPServer
import PageReading
import People
import Storage
import Synchronization
import Testing
import Wire

/// Manage API, by following links and sending forms without script.
@Suite("Manage API")
struct ManageAPIScenarios {
  /// An operator, elevated, on the page.
  private func run(_ body: (TestBrowser, inout Journey) async throws -> Void) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      browser.usePeople()
      var journey = try await Self.joined(browser, RoleWorld.password)
      try await journey.open(Self.page(browser))
      try await journey.send(to: "/databrowser/elevate", ["password": RoleWorld.password])
      #expect(journey.path == Self.page(browser) && journey.status == 200)
      try await body(browser, &journey)
      #expect(browser.log.faults == [])
    }
  }

  private static func joined(_ browser: TestBrowser, _ password: String) async throws -> Journey {
    var journey = try Journey(browser)
    let path = People.path(of: try #require(try await browser.people.linkForFirstOperator()))
    try await journey.open(path)
    try await journey.send(to: path, ["email": "ada@example.org", "name": "Ada", "password": password])
    return journey
  }

  private static func page(_ browser: TestBrowser) -> String { "/databrowser/\(browser.deploymentID)/api" }

  private static func secret(_ journey: Journey) -> String? { journey.page.element(withID: "secret")?.text }

  private func caller(_ browser: TestBrowser, _ credentials: Credentials) throws -> Caller? {
    try browser.deployments.deployment(browser.deploymentID).caller(
      with: credentials, at: browser.clock.now, address: "198.51.100.7")
  }

  private func ticket(_ journey: Journey) throws -> String {
    try #require(
      journey.page.elements.first {
        $0.name == "input" && $0.attributes["name"] == "ticket"
          && $0.ancestors.contains { journey.page.elements[$0].attributes["action"] == journey.path }
      }?.attributes["value"])
  }

  private func audit(_ browser: TestBrowser) async throws -> [AuditDraft] {
    var want = AuditWant(.oldest(after: 0), limit: 100)
    want.action = AuditAction.credentials.rawValue
    return try await browser.people.audit(want).map(\.draft)
  }

  @Test("A token is made, shown for ten minutes to its session alone, used, told of, and revoked")
  func token() async throws {
    try await run { browser, journey in
      let api = Self.page(browser)
      try await journey.send(to: api, ["act": "create", "name": "accounting", "expires": "30", "read_only": "true"])
      #expect(journey.path == "\(api)/tokens/accounting" && journey.status == 200)
      #expect(journey.headers["Cache-Control"] == "no-store, no-transform")
      let secret = try #require(Self.secret(journey))
      let end = browser.clock.now.secondsSince1970 + 30 * 86_400
      guard case .token("accounting", true, let expiry?) = try caller(browser, .token(secret)) else {
        Issue.record("the token is not good")
        return
      }
      #expect(abs(expiry.secondsSince1970 - end) < 5)

      var other = try Journey(browser)
      try await other.open("\(api)/tokens/accounting")
      try await other.send(to: "/databrowser/sign-in", ["email": "ada@example.org", "password": RoleWorld.password])
      try await other.send(to: "/databrowser/elevate", ["password": RoleWorld.password])
      #expect(other.path == "\(api)/tokens/accounting" && Self.secret(other) == nil)
      #expect(other.headers["Cache-Control"] == "no-store")
      try await journey.open(journey.path)
      #expect(Self.secret(journey) == secret)
      browser.clock.advance(byMilliseconds: 600_000)
      try await journey.open(journey.path)
      #expect(journey.status == 200 && Self.secret(journey) == nil)

      try await journey.open(api)
      for text in ["accounting", "Ada", "from 198.51.100.7"] { #expect(journey.page.text.contains(text), "\(text)") }
      #expect(!journey.page.text.contains(secret))
      try await journey.open("\(api)/tokens/accounting")
      try await journey.send(to: journey.path)
      #expect(journey.path == api && journey.page.text.contains("There are no tokens yet."))
      #expect(try caller(browser, .token(secret)) == nil)
      try await journey.open("\(api)/tokens/accounting")
      #expect(journey.status == 404)
      let entries = try await audit(browser)
      #expect(
        entries.map { "\($0.target): \($0.outcome)" } == [
          "create token accounting: began", "create token accounting: done", "revoke token accounting: began",
          "revoke token accounting: done",
        ])
      let person = try #require(try await browser.people.all().first)
      #expect(entries.allSatisfy { $0.deployment == browser.deploymentID && $0.person == person.id })
    }
  }

  @Test("The password is regenerated once, however often its form is sent, and who calls with the old one is named")
  func password() async throws {
    try await run { browser, journey in
      let api = Self.page(browser)
      #expect(journey.page.text.contains("It was never used."))
      try await journey.send(to: api, ["act": "renew"])
      let first = try #require(Self.secret(journey))
      #expect(try caller(browser, .password(user: browser.deploymentID, password: Array(first.utf8))) == .password)
      try await journey.open(api)
      #expect(journey.page.text.contains("It was last used ") && journey.page.text.contains("from 198.51.100.7"))
      // The same page's form once more, as a second click sends it, and a third after the first was answered.
      let again = try ticket(journey)
      for _ in 0..<3 { try await journey.post(api, [("ticket", again), ("act", "renew")]) }
      let second = try #require(Self.secret(journey))
      #expect(second != first)
      #expect(try caller(browser, .password(user: browser.deploymentID, password: Array(first.utf8))) == nil)
      #expect(try caller(browser, .password(user: browser.deploymentID, password: Array(second.utf8))) == .password)
      #expect(try await audit(browser).count == 4)
      // Another one drawn by a command ends what is shown.
      _ = try await browser.deployments.resetPassword(of: browser.deploymentID)
      try await journey.open(api)
      #expect(Self.secret(journey) == nil && journey.page.text.contains("It was never used."))
    }
  }

  @Test("A token's form that is sent twice makes one token")
  func twice() async throws {
    try await run { browser, journey in
      let ticket = try ticket(journey)
      let fields = [("ticket", ticket), ("act", "create"), ("name", "twice"), ("expires", "")]
      for _ in 0..<2 {
        try await journey.post(Self.page(browser), fields)
        #expect(journey.path.hasSuffix("/tokens/twice") && Self.secret(journey) != nil)
      }
      #expect(try browser.deployments.deployment(browser.deploymentID).tokens.map(\.name) == ["twice"])
      // One that was refused is looked at again.
      try await journey.open(Self.page(browser))
      let other = try self.ticket(journey)
      for name in ["twice", "thrice"] {
        try await journey.post(
          Self.page(browser), [("ticket", other), ("act", "create"), ("name", name), ("expires", "")])
      }
      #expect(journey.path.hasSuffix("/tokens/thrice"))
    }
  }

  @Test("What a token cannot be called comes back with the form, and nothing is made")
  func refused() async throws {
    try await run { browser, journey in
      _ = try await browser.deployments.createToken(
        name: "taken", of: browser.deploymentID, isReadOnly: false, validForSeconds: nil)
      let names = ["", " ", "taken", ".", "..", String(repeating: "n", count: 101), "a\u{202E}b", "a\u{7}b"]
      for name in names {
        try await journey.send(to: Self.page(browser), ["act": "create", "name": name, "read_only": "true"])
        #expect(journey.status == 422 && journey.page.element(withID: "field-name-fault") != nil, "\(name)")
        #expect(journey.page.element(withID: "field-read_only")?.attributes["checked"] != nil)
        #expect(journey.page.all("title").first?.text.hasPrefix("Error:") == true)
      }
      for (field, value) in [("expires", "-1"), ("expires", "99999999999999999999"), ("read_only", "x")] {
        try await journey.send(to: Self.page(browser), ["act": "create", "name": "good", field: value])
        #expect(journey.status == 422, "\(field) \(value)")
        try await journey.open(Self.page(browser))
      }
      try await journey.send(to: Self.page(browser), ["act": "nothing", "name": "good"])
      #expect(journey.status == 400)
      #expect(try browser.deployments.deployment(browser.deploymentID).tokens.map(\.name) == ["taken"])
      try await journey.open(Self.page(browser))
      #expect(journey.page.text.contains("not known"))
    }
  }

  @Test("Names of any letters have a page that shows and revokes them")
  func hostileNames() async throws {
    try await run { browser, journey in
      for name in ["<script>alert(1)</script>", "a/b?c#d%2f&e=f", "\"'&]]>", "été 日本", "%", "a;b,c", "C:\\x"] {
        try await journey.open(Self.page(browser))
        try await journey.send(to: Self.page(browser), ["act": "create", "name": name])
        #expect(journey.status == 200 && Self.secret(journey) != nil, "\(name)")
        #expect(journey.page.all("h1").first?.text == "Token \(name)")
        let token = journey.path
        try await journey.open(Self.page(browser))
        #expect(journey.page.links.contains(token), "\(name)")
        try await journey.open(token)
        try await journey.send(to: token)
        #expect(journey.path == Self.page(browser))
      }
      #expect(try browser.deployments.deployment(browser.deploymentID).tokens.isEmpty)
      // A command may give names that no address can hold.
      _ = try await browser.deployments.createToken(
        name: "..", of: browser.deploymentID, isReadOnly: false, validForSeconds: nil)
      try await journey.open(Self.page(browser))
      #expect(journey.status == 200 && journey.page.all("tbody").first?.text.contains("..") == true)
    }
  }

  @Test("A form that comes after its elevation has ended is kept, and makes the token once it is sent again")
  func held() async throws {
    try await run { browser, journey in
      browser.clock.advance(byMilliseconds: 15 * 60_000)
      try await journey.send(to: Self.page(browser), ["act": "create", "name": "late"])
      #expect(journey.path.hasPrefix("/databrowser/elevate?to="))
      #expect(try browser.deployments.deployment(browser.deploymentID).tokens.isEmpty)
      try await journey.send(to: "/databrowser/elevate", ["password": RoleWorld.password])
      #expect(journey.path.hasPrefix("/databrowser/held/"))
      try await journey.send(to: Self.page(browser))
      #expect(journey.path.hasSuffix("/tokens/late") && Self.secret(journey) != nil)
    }
  }

  @Test("While the audit cannot be written nothing is changed, and the same form does it afterwards")
  func brokenAudit() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      browser.usePeople()
      var journey = try await Self.joined(browser, RoleWorld.password)
      try await journey.open(Self.page(browser))
      try await journey.send(to: "/databrowser/elevate", ["password": RoleWorld.password])
      let deployment = try browser.deployments.deployment(browser.deploymentID)
      let hash = deployment.record.passwordHash
      let fields = [("ticket", try ticket(journey)), ("act", "create"), ("name", "t"), ("expires", "")]
      browser.audit.isBroken.store(true, ordering: .relaxed)
      try await journey.post(Self.page(browser), fields)
      #expect(journey.status == 503 && journey.page.text.contains("Nothing was changed."))
      try await journey.open(Self.page(browser))
      #expect(journey.status == 200)
      try await journey.send(to: Self.page(browser), ["act": "renew"])
      #expect(journey.status == 503)
      #expect(deployment.tokens.isEmpty && deployment.record.passwordHash == hash)
      browser.audit.isBroken.store(false, ordering: .relaxed)
      try await journey.post(Self.page(browser), fields)
      #expect(journey.path.hasSuffix("/tokens/t") && Self.secret(journey) != nil)
    }
  }

  @Test("Limits, origins, address and examples are those that are set")
  func rules() async throws {
    try await run { browser, journey in
      let base = "http://localhost:8080/api/v4/\(browser.deploymentID)"
      for text in [
        base, "no limit", "those of every origin", "\(base)/objects/airline.json?limit=10", "urllib.request",
        "Invoke-RestMethod",
      ] {
        #expect(journey.page.text.contains(text), "\(text)")
      }
      #expect(journey.page.links.contains("\(base)/openapi.json") && journey.page.links.contains("\(base)/docs"))
      try await browser.deployments.set(
        [
          ("rate_limit", "2.5"), ("rate_burst", "1000"), ("user_rate_limit", "1"),
          ("cors_origins", "https://a.example, https://b.example"),
        ], of: browser.deploymentID)
      try await journey.open(Self.page(browser))
      for text in [
        "2.5 requests a second, 1,000 at once", "1 request a second, 1 at once", "https://a.example, https://b.example",
      ] {
        #expect(journey.page.text.contains(text), "\(text)")
      }
    }
  }

  @Test("Its link stands on pages of administrators and operators alone")
  func menu() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      for role in Role.allCases {
        browser.visits.set(VisitScenarios.visitor(browser, [role]))
        for path in ["", "/models", "/models/none"] {
          let page = try await browser.send(.get, path).page
          #expect(page.links.contains(Self.page(browser)) == (role == .administrator), "\(role) \(path)")
        }
      }
    }
  }
}
