import DataBrowser
import HTTPServer
import PageReading
import People
import Storage
import Testing
import Wire

/// Links that administrators make: shown once, good once, and worth as much as their maker.
@Suite("Links of administrators")
struct PeopleLinkScenarios {
  private func run(_ body: (TestBrowser) async throws -> Void) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      browser.usePeople()
      try await body(browser)
      #expect(browser.log.faults == [])
    }
  }

  @Test("A reset link of an administrator lets its person in again, and ends their sessions")
  func reset() async throws {
    try await run { browser in
      var ada = try await browser.joined("Ada", [.administrator])
      var bob = try await browser.joined("Bob", [.viewer], elevated: false)
      try await ada.act("reset", try await browser.person("Bob"))
      let link = try #require(ada.shownLink())
      #expect(ada.page.text.contains("bob@example.org to renew the password"))
      var somewhere = try Journey(browser)
      try await somewhere.open(link)
      try await somewhere.send(to: link, ["password": "another kettle orbit"])
      #expect(somewhere.path == "/databrowser/sign-in")
      try await bob.open("/databrowser/\(browser.deploymentID)")
      #expect(bob.path.hasPrefix("/databrowser/sign-in"))
      try await somewhere.send(
        to: "/databrowser/sign-in", ["email": "bob@example.org", "password": "another kettle orbit"])
      #expect(somewhere.status == 200 && somewhere.page.text.contains("was renewed"))
      #expect(try await browser.acts().first == "reset-link reset-password bob@example.org done")
    }
  }

  @Test("A form that is sent twice makes one link, and is led to where the first one was")
  func twice() async throws {
    try await run { browser in
      var ada = try await browser.joined("Ada", [.administrator])
      try await ada.open(browser.peoplePath)
      var fields = try #require(ada.fields(of: browser.peoplePath, having: ["act": "invite"]))
      fields.removeAll { ["email", "name"].contains($0.0) }
      fields += [("email", "bob@example.org"), ("name", "Bob"), ("viewer", "true")]
      for _ in 0..<3 {
        try await ada.post(browser.peoplePath, fields)
        #expect(ada.path == browser.peoplePath && ada.status == 200 && ada.shownLink() != nil)
      }
      #expect(try await browser.people.openLinks().count == 1)
      // Two links within ten minutes are both shown; one that is taken back does nothing.
      browser.clock.advance(byMilliseconds: 1000)
      try await ada.invite(["email": "eve@example.org", "name": "Eve", "viewer": "true"])
      let eves = try #require(ada.shownLink(0))
      #expect(ada.shownLink(1) != nil && ada.page.text.contains("Open links"))
      try await ada.send(to: browser.peoplePath, having: ["act": "withdraw"])
      #expect(ada.shownLink(1) == nil && ada.shownLink(0) != nil)
      var eve = try Journey(browser)
      try await eve.open(eves)
      #expect(eve.status == 404 && eve.page.text.contains("used already"))
      #expect(try await browser.acts().last == "withdraw-link join eve@example.org done")
      browser.clock.advance(byMilliseconds: 601_000)
      try await ada.open(browser.peoplePath)
      #expect(ada.shownLink() == nil && ada.page.text.contains("bob@example.org"))
    }
  }

  @Test("A link is worth no more than whoever made it: without that role it does nothing, and says so")
  func linksOfMakers() async throws {
    try await run { browser in
      var ada = try await browser.joined("Ada", [.administrator])
      _ = try await browser.joined("Bob", [.viewer], elevated: false)
      try await ada.invite(["email": "eve@example.org", "name": "Eve", "administrator": "true"])
      let invitation = try #require(ada.shownLink())
      // The newest comes first, by the second.
      browser.clock.advance(byMilliseconds: 1000)
      try await ada.act("reset", try await browser.person("Bob"))
      let reset = try #require(ada.shownLink())
      #expect(ada.shownLink(1) == invitation)
      try await browser.people.set(
        RoleGrant(deployment: browser.deploymentID, roles: [.editor]), of: try await browser.person("Ada"), by: nil,
        from: Browser(address: "192.0.2.1"))
      for path in [invitation, reset] {
        var somebody = try Journey(browser)
        try await somebody.open(path)
        #expect(somebody.status == 404 && somebody.page.text.contains("does not have the right to it any more"))
        try await somebody.post(path, [("name", "Eve"), ("password", RoleWorld.password)])
        #expect(somebody.status == 404)
      }
      #expect(try await browser.people.all().count == 2)
    }
  }
}
