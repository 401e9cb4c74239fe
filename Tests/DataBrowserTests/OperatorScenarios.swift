import DataBrowser
import Deployments
import HTTPServer
import PageReading
import People
import Storage
import Synchronization
import Testing
import Wire

/// The page of all people and deployments, by following links and sending forms without script.
@Suite("People and deployments of a server")
struct OperatorScenarios {
  private static let page = "/databrowser/operators"

  private func run(_ body: (TestBrowser, inout Journey) async throws -> Void) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      browser.usePeople()
      var otto = try await browser.joined("Otto", operator: true)
      try await otto.open(Self.page)
      #expect(otto.status == 200)
      try await body(browser, &otto)
      #expect(browser.log.faults == [])
    }
  }

  @Test("All people stand on it with their roles, and its link in the menu of operators alone")
  func everybody() async throws {
    try await run { browser, otto in
      var ada = try await browser.joined("Ada", [.administrator])
      #expect(!ada.page.links.contains(Self.page))
      try await ada.open(Self.page)
      #expect(ada.status == 403 && ada.page.text.contains("For operators only"))
      _ = try await browser.joined("Bob", elevated: false)
      try await otto.open(Self.page)
      #expect(otto.page.links.contains(Self.page) && otto.page.links.contains(browser.peoplePath))
      for text in ["Ada", "Bob", "Otto", "administrator of", "bob@example.org", browser.deploymentID] {
        #expect(otto.page.text.contains(text), "\(text)")
      }
      try await otto.open(browser.peoplePath)
      #expect(otto.page.text.contains("Ada") && !otto.page.text.contains("Bob"))
    }
  }

  @Test("An operator is invited by a link, joins, and administers everywhere")
  func invitation() async throws {
    try await run { browser, otto in
      try await otto.invite(["email": "olga@example.org", "name": "Olga"], on: Self.page)
      #expect(otto.page.text.contains("to join as an operator"))
      var olga = try await browser.joined(by: try #require(otto.shownLink()))
      try await olga.elevate()
      try await olga.open(browser.peoplePath)
      #expect(olga.status == 200)
      // One who is not an operator any more has made links that do nothing.
      try await olga.invite(["email": "eve@example.org", "name": "Eve"], on: Self.page)
      let link = try #require(olga.shownLink())
      try await otto.act("rights", try await browser.person("Olga"), ["operator": ""], on: Self.page)
      #expect(otto.status == 200)
      try await olga.open(Self.page)
      #expect(olga.status == 403)
      var eve = try Journey(browser)
      try await eve.open(link)
      #expect(eve.status == 404 && eve.page.text.contains("does not have the right"))
    }
  }

  @Test("The mark for sensitive models is given and taken, and holds from the next request on")
  func rights() async throws {
    try await run { browser, otto in
      let medical = "/databrowser/\(browser.deploymentID)/models/medical"
      try await otto.open(medical)
      #expect(otto.status == 404)
      let record = try await browser.person("Otto")
      try await otto.act("rights", record, ["sensitive": "true"], on: Self.page)
      try await otto.open(medical)
      #expect(otto.status == 200)
      // The last operator stays one, whatever a form says.
      try await otto.open(Self.page)
      #expect(otto.page.text.contains("The last operator, who cannot be removed"))
      #expect(!otto.offers("remove", record, on: Self.page))
      try await otto.act("rights", record, ["operator": "", "sensitive": ""], on: Self.page)
      #expect(otto.status == 422 && otto.page.text.contains("last operator"))
      let ticket = try #require(otto.fields(of: Self.page, having: ["act": "invite"])?.first)
      try await otto.post(Self.page, [ticket, ("act", "remove"), ("person", record.id.text)])
      #expect(otto.status == 422 && otto.page.text.contains("last operator"))
      #expect(try await browser.person("Otto").isOperator)
      // A page that is older than what is there changes nothing.
      let stale = otto
      _ = try await browser.joined("Olga", operator: true, elevated: false)
      let olga = try await browser.person("Olga")
      otto = stale
      try await otto.act("rights", olga, ["sensitive": "true", "before": ""], on: Self.page)
      #expect(otto.status != 200)
    }
  }

  @Test("Removing somebody ends what they have, at once, and says first what it does")
  func removing() async throws {
    try await run { browser, otto in
      var bob = try await browser.joined("Bob", [.administrator])
      try await bob.invite(["email": "eve@example.org", "name": "Eve", "viewer": "true"])
      let link = try #require(bob.shownLink())
      let record = try await browser.person("Bob")
      try await otto.open(Self.page)
      #expect(otto.page.text.contains("Their name stays in histories and in the audit."))
      try await otto.act("remove", record, on: Self.page)
      #expect(otto.path == Self.page && !otto.offers("rights", record, on: Self.page))
      for path in ["/databrowser/\(browser.deploymentID)", "/databrowser/me", browser.peoplePath] {
        try await bob.open(path)
        #expect(bob.path.hasPrefix("/databrowser/sign-in"), "\(path)")
      }
      try await bob.open("/databrowser/sign-in")
      try await bob.send(to: "/databrowser/sign-in", ["email": "bob@example.org", "password": RoleWorld.password])
      #expect(bob.status == 422)
      try await bob.open(link)
      #expect(bob.status == 404)
      #expect(try await browser.acts().suffix(1) == ["remove-person bob@example.org done"])
      // A second operator at the same time is told.
      let ticket = try #require(otto.fields(of: Self.page, having: ["act": "invite"])?.first)
      try await otto.post(Self.page, [ticket, ("act", "remove"), ("person", record.id.text)])
      #expect(otto.status == 404)
    }
  }

  @Test("Operators reset and sign out anyone but operators, whose links come of the server's shell")
  func resets() async throws {
    try await run { browser, otto in
      var olga = try await browser.joined("Olga", operator: true, elevated: false)
      _ = try await browser.joined("Bob", elevated: false)
      try await otto.act("reset", try await browser.person("Bob"), on: Self.page)
      #expect(otto.shownLink() != nil)
      let record = try await browser.person("Olga")
      #expect(otto.page.text.contains("sojourn person reset") && !otto.offers("reset", record, on: Self.page))
      let ticket = try #require(otto.fields(of: Self.page, having: ["act": "invite"])?.first)
      try await otto.post(
        Self.page, [ticket, ("act", "reset"), ("person", record.id.text), ("lost", "reset-both")])
      #expect(otto.status == 403 && otto.page.text.contains("sojourn person reset"))
      try await otto.act("sessions", record, on: Self.page)
      #expect(otto.status == 200)
      try await olga.open("/databrowser/me")
      #expect(olga.path.hasPrefix("/databrowser/sign-in"))
    }
  }

  private static let model = "<data-model><model name=\"a\" label=\"A\"><display>x</display></model></data-model>"

  @Test("A deployment is made, with its password shown once, and deleted when its id is typed")
  func deployments() async throws {
    try await run { browser, otto in
      let make = ["act": "create"]
      for (typed, words) in [
        (["deployment_name": "", "environment": "testing", "data_model": Self.model], "Name of the deployment"),
        (["deployment_name": "n", "environment": "elsewhere", "data_model": Self.model], "choose one of those"),
        (["deployment_name": "n", "environment": "staging", "data_model": "<data-model"], "data model has errors"),
        (["deployment_name": "a\u{202E}", "environment": "staging", "data_model": Self.model], "name"),
      ] {
        try await otto.send(to: Self.page, typed, having: make)
        #expect(otto.status == 422 && otto.page.text.contains(words), "\(words)")
        #expect(otto.page.all("title").first?.text.hasPrefix("Error:") == true)
      }
      #expect(browser.deployments.all.count == 1)
      try await otto.open(Self.page)
      var fields = try #require(otto.fields(of: Self.page, having: make))
      fields.removeAll { ["deployment_name", "environment"].contains($0.0) }
      fields += [("deployment_name", "Second <b>"), ("environment", "staging"), ("data_model", Self.model)]
      for _ in 0..<2 {
        try await otto.post(Self.page, fields)
        #expect(otto.path.hasSuffix("/api") && otto.status == 200)
      }
      #expect(browser.deployments.all.count == 2)
      let made = try #require(browser.deployments.all.first { $0.id != browser.deploymentID })
      let password = try #require(otto.page.element(withID: "secret")?.text)
      #expect(
        made.caller(
          with: .password(user: made.id, password: Array(password.utf8)), at: browser.clock.now, address: "") != nil)

      try await otto.open(Self.page)
      let delete = ["act": "delete", "deployment": made.id]
      for typed in ["", "yes", browser.deploymentID, made.id.uppercased() + "0"] {
        try await otto.send(to: Self.page, ["confirm": typed], having: delete)
        #expect(otto.status == 422 && otto.page.text.contains("Nothing was deleted"), "\(typed)")
      }
      try await otto.send(to: Self.page, ["confirm": " \(made.id) "], having: delete)
      #expect(otto.path == Self.page && otto.status == 200 && !otto.page.text.contains("Second <b>"))
      #expect(browser.deployments.all.map(\.id) == [browser.deploymentID])
      try await otto.open("/databrowser/\(made.id)")
      #expect(otto.status == 404)
      let acts = try await browser.acts()
      #expect(
        acts.suffix(4) == [
          "deployment create Second <b> began", "deployment create Second <b> done",
          "deployment delete \(made.id) began", "deployment delete \(made.id) done",
        ])
    }
  }

  @Test("While the audit cannot be written nobody is removed, and no deployment made or deleted")
  func brokenAudit() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      browser.usePeople()
      var otto = try await browser.joined("Otto", operator: true)
      _ = try await browser.joined("Bob", elevated: false)
      let bob = try await browser.person("Bob")
      try await otto.open(Self.page)
      let fresh = otto
      browser.audit.isBroken.store(true, ordering: .relaxed)
      for act in ["rights", "remove", "sessions", "reset"] {
        otto = fresh
        try await otto.act(act, bob, on: Self.page)
        #expect(otto.status == 503, "\(act)")
      }
      otto = fresh
      try await otto.send(
        to: Self.page, ["deployment_name": "n", "environment": "testing", "data_model": Self.model],
        having: ["act": "create"])
      #expect(otto.status == 503)
      otto = fresh
      try await otto.send(
        to: Self.page, ["confirm": browser.deploymentID],
        having: ["act": "delete", "deployment": browser.deploymentID])
      #expect(otto.status == 503 && otto.page.text.contains("Nothing was changed."))
      #expect(browser.deployments.all.map(\.id) == [browser.deploymentID])
      #expect(try await browser.people.all().count == 2)
    }
  }
}
