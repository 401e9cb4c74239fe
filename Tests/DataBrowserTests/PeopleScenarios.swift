import DataBrowser
import HTTPServer
import PageReading
import People
import Storage
import Synchronization
import Testing
import Wire

/// The page of those who have a role in a deployment, by following links and sending forms without script.
@Suite("People of a deployment")
struct PeopleScenarios {
  private func run(_ body: (TestBrowser) async throws -> Void) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      browser.usePeople()
      try await body(browser)
      #expect(browser.log.faults == [])
    }
  }

  @Test("Somebody is invited, joins by the link, has the role, and is among the people then")
  func invitation() async throws {
    try await run { browser in
      var ada = try await browser.joined("Ada", [.administrator])
      try await ada.open("/databrowser/\(browser.deploymentID)")
      #expect(ada.page.links.contains(browser.peoplePath))
      try await ada.invite(["email": "bob@example.org", "name": "Bob", "editor": "true"])
      #expect(ada.path == browser.peoplePath && ada.status == 200)
      #expect(ada.headers["Cache-Control"] == "no-store, no-transform")
      let link = try #require(ada.shownLink())
      // Another session of the same person is shown nothing.
      var other = try Journey(browser)
      try await other.open("/databrowser/sign-in")
      try await other.send(
        to: "/databrowser/sign-in", ["email": "ada@example.org", "password": RoleWorld.password])
      try await other.elevate()
      try await other.open(browser.peoplePath)
      #expect(other.shownLink() == nil && other.page.text.contains("bob@example.org"))

      var bob = try await browser.joined(by: link)
      try await bob.open("/databrowser/\(browser.deploymentID)")
      #expect(bob.status == 200 && !bob.page.links.contains(browser.peoplePath))
      try await bob.open(browser.peoplePath)
      #expect(bob.status == 403 && bob.page.text.contains("administrator"))
      try await ada.open(browser.peoplePath)
      #expect(ada.shownLink() == nil && ada.page.text.contains("Bob") && !ada.page.text.contains("Open links"))
      #expect(try await browser.person("Bob").grants.map(\.roles) == [[.editor]])
      #expect(try await browser.acts() == ["invite bob@example.org done"])
    }
  }

  @Test("Who is there already accepts a further role when signed in, and loses none")
  func accepting() async throws {
    try await run { browser in
      var ada = try await browser.joined("Ada", [.administrator])
      var bob = try await browser.joined("Bob", [.viewer], elevated: false)
      try await ada.invite(["email": "BOB@example.org", "name": "Somebody", "support": "true"])
      let link = try #require(ada.shownLink())
      try await bob.open(link)
      try await bob.send(to: link)
      #expect(bob.status == 200)
      let now = try await browser.person("Bob")
      #expect(now.name == "Bob" && now.grants.map(\.roles) == [[.viewer, .support]])
    }
  }

  @Test("Roles that change hold from the next request on, and whoever has none left finds no deployment")
  func roles() async throws {
    try await run { browser in
      var ada = try await browser.joined("Ada", [.administrator])
      var bob = try await browser.joined("Bob", [.administrator])
      try await bob.open(browser.peoplePath)
      #expect(bob.status == 200)
      try await ada.act("roles", try await browser.person("Bob"), ["administrator": "", "viewer": "true"])
      #expect(ada.path == browser.peoplePath && ada.status == 200)
      // Elevated or not, the page is not for Bob any more; neither is the form that stood on it.
      let sent = bob
      try await bob.open(browser.peoplePath)
      #expect(bob.status == 403)
      bob = sent
      try await bob.invite(["email": "eve@example.org", "name": "Eve", "administrator": "true"])
      #expect(bob.status == 403)
      try await bob.open("/databrowser/\(browser.deploymentID)/models")
      #expect(bob.status == 200)
      try await ada.act("leave", try await browser.person("Bob"))
      #expect(!ada.page.text.contains("Bob"))
      try await bob.open("/databrowser/\(browser.deploymentID)/models")
      #expect(bob.status == 404)
      #expect(try await browser.person("Bob").grants.isEmpty)
      #expect(try await browser.people.openLinks().isEmpty)
      #expect(
        try await browser.acts() == ["roles bob@example.org viewer done", "roles bob@example.org  done"])
    }
  }

  @Test("No role at all is no choice: the form comes back, and nothing is changed")
  func noRole() async throws {
    try await run { browser in
      var ada = try await browser.joined("Ada", [.administrator])
      _ = try await browser.joined("Bob", [.viewer], elevated: false)
      try await ada.act("roles", try await browser.person("Bob"), ["viewer": ""])
      #expect(ada.status == 422 && ada.page.text.contains("Choose at least one role for Bob"))
      #expect(ada.page.all("title").first?.text.hasPrefix("Error:") == true)
      for typed in [
        ["email": "no address", "name": "Eve", "viewer": "true"], ["email": "eve@example.org", "name": "Eve"],
        ["email": "eve@example.org", "name": "a\u{202E}b", "viewer": "true"], ["email": "", "name": ""],
      ] {
        try await ada.open(browser.peoplePath)
        try await ada.invite(typed)
        #expect(ada.status == 422 && ada.page.element(withID: "faults") != nil, "\(typed)")
        #expect(ada.page.element(withID: "field-email")?.attributes["value"] == typed["email"])
      }
      #expect(try await browser.acts() == [])
      for act in ["", "rights", "remove", "create", "delete", "nothing"] {
        let ticket = try #require(ada.fields(of: browser.peoplePath, having: ["act": "invite"])?.first)
        try await ada.post(browser.peoplePath, [ticket, ("act", act)])
        #expect(ada.status == 400, "\(act)")
        try await ada.open(browser.peoplePath)
      }
    }
  }

  @Test("Of two administrators at once the second is told, and nothing of the first is undone")
  func conflict() async throws {
    try await run { browser in
      var ada = try await browser.joined("Ada", [.administrator])
      var eve = try await browser.joined("Eve", [.administrator])
      var bob = try await browser.joined("Bob", [.viewer], elevated: false)
      let record = try await browser.person("Bob")
      try await ada.open(browser.peoplePath)
      try await eve.open(browser.peoplePath)
      // That Bob is seen meanwhile is nobody's conflict.
      try await bob.open("/databrowser/me")
      try await bob.send(to: "/databrowser/me/look", ["look": "dark"])
      try await ada.act("roles", record, ["editor": "true"])
      #expect(ada.status == 200)
      try await eve.act("roles", record, ["support": "true"])
      #expect(eve.status == 409 && eve.page.text.contains("Nothing was changed"))
      #expect(try await browser.person("Bob").grants.map(\.roles) == [[.viewer, .editor]])
      // Each takes the role from the other: one of them is first.
      try await ada.open(browser.peoplePath)
      try await eve.open(browser.peoplePath)
      let adas = ada
      try await eve.act("leave", try await browser.person("Ada"))
      #expect(eve.status == 200)
      ada = adas
      try await ada.act("leave", try await browser.person("Eve"))
      #expect(ada.status == 404)
      #expect(try await browser.person("Eve").grants.map(\.roles) == [[.administrator]])
    }
  }

  @Test("Sessions of others are ended at once, and those who reach further are an operator's to reset and sign out")
  func limits() async throws {
    try await run { browser in
      var ada = try await browser.joined("Ada", [.administrator])
      var bob = try await browser.joined("Bob", [.viewer], elevated: false)
      _ = try await browser.joined("Otto", [.viewer], operator: true, elevated: false)
      _ = try await browser.joined("Wide", [.viewer], elevated: false)
      let wide = try await browser.person("Wide")
      try await browser.people.set(
        RoleGrant(deployment: String(repeating: "a", count: 24), roles: [.viewer]), of: wide, by: nil,
        from: Browser(address: "192.0.2.1"))
      let signedIn = try await browser.person("Bob")
      try await ada.act("sessions", signedIn)
      #expect(ada.status == 200 && !ada.offers("sessions", signedIn))
      try await bob.open("/databrowser/me")
      #expect(bob.path.hasPrefix("/databrowser/sign-in"))
      for (name, words) in [("Otto", "is an operator"), ("Wide", "other deployments"), ("Ada", "your own")] {
        let person = try await browser.person(name)
        try await ada.open(browser.peoplePath)
        #expect(ada.page.text.contains(words), "\(name)")
        for act in ["reset", "sessions"] {
          #expect(!ada.offers(act, person), "\(act) \(name)")
          let ticket = try #require(ada.fields(of: browser.peoplePath, having: ["act": "invite"])?.first)
          try await ada.post(
            browser.peoplePath, [ticket, ("act", act), ("person", person.id.text), ("lost", "reset-password")])
          #expect(ada.status == 403 && ada.page.all("h1").first?.text == "Not for you to do", "\(act) \(name)")
          try await ada.open(browser.peoplePath)
        }
      }
      // Somebody of elsewhere is not there at all.
      _ = try await browser.joined("Far", elevated: false)
      let far = try await browser.person("Far")
      for act in ["reset", "sessions", "roles", "leave"] {
        let ticket = try #require(ada.fields(of: browser.peoplePath, having: ["act": "invite"])?.first)
        try await ada.post(
          browser.peoplePath,
          [ticket, ("act", act), ("person", far.id.text), ("viewer", "true"), ("lost", "reset-both")])
        #expect(ada.status == 404, "\(act)")
        try await ada.open(browser.peoplePath)
      }
      #expect(!ada.page.text.contains("Far"))
      #expect(try await browser.acts() == ["end-session bob@example.org done"])
    }
  }

  @Test("Who sees sensitive models is for operators to say, and stays when roles change")
  func sensitive() async throws {
    try await run { browser in
      var ada = try await browser.joined("Ada", [.administrator])
      var otto = try await browser.joined("Otto", operator: true)
      var bob = try await browser.joined("Bob", [.viewer], elevated: false)
      let medical = "/databrowser/\(browser.deploymentID)/models/medical"
      try await bob.open(medical)
      #expect(bob.status == 404)
      try await ada.open(browser.peoplePath)
      #expect(!ada.page.all("input").contains { $0.attributes["name"] == "sensitive" })
      let record = try await browser.person("Bob")
      try await ada.act("roles", record, ["sensitive": "true"])
      #expect(ada.status == 403 && ada.page.text.contains("operator"))
      try await ada.act("roles", record, ["sensitive": "true", "before": "viewer sensitive"])
      #expect(ada.status == 409)
      try await ada.invite(["email": "eve@example.org", "name": "Eve", "viewer": "true", "sensitive": "true"])
      #expect(ada.status == 403)
      #expect(try await browser.acts() == [])

      try await otto.act("roles", record, ["sensitive": "true"])
      try await bob.open(medical)
      #expect(bob.status == 200)
      try await ada.act("roles", record, ["editor": "true"])
      #expect(ada.status == 200)
      try await bob.open(medical)
      #expect(bob.status == 200)
      try await otto.open(browser.peoplePath)
      try await otto.act("roles", record, ["sensitive": ""])
      try await bob.open(medical)
      #expect(bob.status == 404)
    }
  }

  @Test("What cannot be entered into the audit is not done, and the page says that and nothing else")
  func brokenAudit() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      browser.usePeople()
      var ada = try await browser.joined("Ada", [.administrator])
      _ = try await browser.joined("Bob", [.viewer], elevated: false)
      try await ada.open(browser.peoplePath)
      let fresh = ada
      let record = try await browser.person("Bob")
      browser.audit.isBroken.store(true, ordering: .relaxed)
      for (act, typed) in [
        ("roles", ["editor": "true"]), ("leave", [:]), ("sessions", [:]), ("reset", [:]),
      ] as [(String, [String: String])] {
        ada = fresh
        try await ada.act(act, record, typed)
        #expect(ada.status == 503 && ada.page.text.contains("could not be entered into the audit"), "\(act)")
        #expect(!ada.page.text.contains("deployment cannot be used"))
      }
      ada = fresh
      try await ada.invite(["email": "eve@example.org", "name": "Eve", "viewer": "true"])
      #expect(ada.status == 503)
      // Signing in is entered too; reading goes on.
      var bob = try Journey(browser)
      try await bob.open("/databrowser/sign-in")
      try await bob.send(to: "/databrowser/sign-in", ["email": "bob@example.org", "password": RoleWorld.password])
      #expect(bob.status == 503 && bob.page.text.contains("could not be entered into the audit"))
      try await ada.open(browser.peoplePath)
      #expect(ada.status == 200)
      browser.audit.isBroken.store(false, ordering: .relaxed)
      #expect(try await browser.acts() == [])
      #expect(try await browser.people.openLinks().isEmpty)
      #expect(try await browser.person("Bob").grants.map(\.roles) == [[.viewer]])
      // The same form does it now.
      ada = fresh
      try await ada.act("roles", record, ["editor": "true"])
      #expect(ada.status == 200)
    }
  }

  @Test("Names and addresses of any letters stay texts")
  func hostile() async throws {
    try await run { browser in
      var ada = try await browser.joined("Ada", [.administrator])
      let email = "\"<img/src=x>&'@example.org"
      for name in ["<script>alert(1)</script>\"'&]]>", "{{7*7}}%00", "été 日本"] {
        try await ada.invite(["email": email, "name": name, "viewer": "true"])
        #expect(ada.status == 200 && ada.page.text.contains(email), "\(name)")
      }
      var eve = try await browser.joined(by: try #require(ada.shownLink()))
      try await eve.open("/databrowser/me")
      #expect(eve.page.text.contains(email))
      try await ada.open(browser.peoplePath + "?q=%3Cscript%3E")
      #expect(ada.status == 200 && ada.page.all("script").count == 1 && ada.page.all("img").isEmpty)
      try await ada.open(browser.peoplePath)
      #expect(ada.page.text.contains(email) && ada.page.all("img").isEmpty)
    }
  }

  @Test("Of many people the first are shown, and others are found by name or address")
  func many() async throws {
    try await run { browser in
      var ada = try await browser.joined("Ada", [.administrator])
      for number in 0..<120 {
        var person = PersonRecord(
          id: PersonID(drawn: [0, 0, 0, 0, 0, UInt8(number)]), name: "Person \(1000 + number)",
          email: "p\(number)@example.org", createdAt: browser.clock.now)
        person.grants = [RoleGrant(deployment: browser.deploymentID, roles: [.viewer])]
        _ = try await browser.people.store.perform(PeoplePlan([.person(person)]))
      }
      try await ada.open(browser.peoplePath)
      #expect(ada.page.all("article").count == 100 && ada.page.text.contains("the first 100 of 121"))
      try await ada.open(browser.peoplePath + "?q=P119%40EXAMPLE")
      #expect(ada.page.all("article").count == 1 && ada.page.text.contains("Person 1119"))
      try await ada.open(browser.peoplePath + "?q=nobody")
      #expect(ada.status == 200 && ada.page.text.contains("Nobody has “nobody”"))
      // Whoever is found can be changed from there.
      let last = try await browser.people.person("p119@example.org")
      try await ada.open(browser.peoplePath + "?q=1119")
      try await ada.act("roles", last, ["editor": "true"])
      #expect(ada.status == 200 && ada.path == browser.peoplePath)
    }
  }
}
