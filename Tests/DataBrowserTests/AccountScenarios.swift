import Crypto
import DataBrowser
import HTTPServer
import PageReading
import People
import Storage
import Synchronization
import Testing
import Wire

/// Journeys of people through signing in and their own account, by following links and sending forms without script.
@Suite("Journeys of people")
struct AccountScenarios {
  private static let password = "kettle orbit mango"

  private func run(_ body: (TestBrowser) async throws -> Void) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      browser.usePeople()
      try await body(browser)
    }
  }

  /// The only deployment, which opens at once.
  private static func home(_ browser: TestBrowser) -> String { "/databrowser/\(browser.deploymentID)" }

  /// Joins as the first operator.
  private func joined(_ browser: TestBrowser) async throws -> Journey {
    var journey = try Journey(browser)
    let code = try #require(try await browser.people.linkForFirstOperator())
    let path = People.path(of: code)
    try await journey.open(path)
    #expect(journey.status == 200 && journey.page.text.contains("Become the first operator"))
    try await journey.send(
      to: path, ["email": "ada@example.org", "name": "Ada", "password": Self.password])
    #expect(journey.status == 200 && journey.path == Self.home(browser), "\(journey.page.text)")
    return journey
  }

  @Test("The first operator joins by a link, signs out, and signs in again where they came from")
  func first() async throws {
    try await run { browser in
      var journey = try await joined(browser)
      #expect(journey.cookies.keys.sorted() == ["sojourn-8080", "sojourn-known-8080"])
      try await journey.send(to: "/databrowser/sign-out")
      #expect(journey.path == "/databrowser/sign-in" && journey.cookies.keys.sorted() == ["sojourn-known-8080"])
      let deployment = "/databrowser/\(browser.deploymentID)/models"
      try await journey.open(deployment)
      #expect(journey.path.hasPrefix("/databrowser/sign-in?to="))
      try await journey.send(to: "/databrowser/sign-in", ["email": "ada@example.org", "password": "wrong"])
      #expect(journey.status == 422 && journey.page.text.contains("is wrong"))
      #expect(journey.page.element(withID: "field-email")?.attributes["value"] == "ada@example.org")
      #expect(journey.page.element(withID: "field-password")?.attributes["value"] == "")
      try await journey.send(to: "/databrowser/sign-in", ["password": Self.password])
      #expect(journey.status == 200 && journey.path == deployment)
    }
  }

  @Test("Links that are none, used or over say so, and refused passwords come back with the form")
  func links() async throws {
    try await run { browser in
      var journey = try Journey(browser)
      try await journey.open("/databrowser/join/nothing")
      #expect(journey.status == 404 && journey.page.text.contains("no such link"))
      let code = try #require(try await browser.people.linkForFirstOperator())
      let path = People.path(of: code)
      try await journey.open(path)
      try await journey.send(to: path, ["email": "ada@example.org", "name": "Ada", "password": "password1234"])
      #expect(journey.status == 422 && journey.page.all("title").first?.text.hasPrefix("Error:") == true)
      #expect(journey.page.element(withID: "field-password")?.attributes["aria-invalid"] == "true")
      #expect(journey.page.element(withID: "field-email")?.attributes["value"] == "ada@example.org")
      #expect(journey.page.element(withID: "field-name")?.attributes["value"] == "Ada")
      try await journey.send(to: path, ["password": Self.password])
      #expect(journey.path == Self.home(browser))
      try await journey.open(path)
      #expect(journey.status == 404 && journey.page.text.contains("used already"))
    }
  }

  @Test("A second factor is set up after elevation, asked for from then on, and its recovery codes are shown once")
  func factor() async throws {
    try await run { browser in
      var journey = try await joined(browser)
      try await journey.open("/databrowser/me/factor")
      #expect(journey.path.hasPrefix("/databrowser/elevate?to="))
      let userName = journey.page.all("input").first { $0.attributes["autocomplete"] == "username" }
      #expect(userName?.attributes["value"] == "ada@example.org")
      let token = journey.cookies["sojourn-8080"]
      try await journey.send(to: "/databrowser/elevate", ["password": "wrong"])
      #expect(journey.status == 422)
      try await journey.send(to: "/databrowser/elevate", ["password": Self.password])
      #expect(journey.path == "/databrowser/me/factor" && journey.cookies["sojourn-8080"] != token)
      #expect(journey.page.text.contains("more minutes"))
      try await journey.send(to: "/databrowser/me/factor", ["act": "begin"])
      let secret = try #require(journey.page.all("pre").first?.text)
      let totp = TOTP(secret: try #require(Base32.decode(secret)))
      try await journey.send(to: "/databrowser/me/factor", ["act": "confirm", "code": "000000"])
      #expect(journey.status == 422 && journey.page.element(withID: "field-code-fault") != nil)
      try await journey.send(to: "/databrowser/me/factor", ["act": "confirm", "code": try code(totp, browser)])
      #expect(journey.path == "/databrowser/me/recovery")
      let codes = journey.page.all("code").map(\.text)
      #expect(codes.count == 10)
      try await journey.send(to: "/databrowser/sign-out")

      browser.clock.advance(byMilliseconds: 60_000)
      try await journey.open("/databrowser/me")
      for wrong in ["", "000000"] {
        try await journey.send(
          to: "/databrowser/sign-in", ["email": "ada@example.org", "password": Self.password, "code": wrong])
        #expect(journey.status == 422)
      }
      try await journey.send(to: "/databrowser/sign-in", ["password": Self.password, "code": codes[3]])
      #expect(journey.path == "/databrowser/me" && journey.page.text.contains("9 left"))
    }
  }

  private func code(_ totp: TOTP, _ browser: TestBrowser) throws -> String {
    try #require(totp.code(ofStep: TOTP.step(at: browser.clock.now)))
  }

  @Test("A form that comes after its session has ended is kept, and comes back filled in after signing in")
  func held() async throws {
    try await run { browser in
      var journey = try await joined(browser)
      try await journey.open("/databrowser/me")
      journey.forget()
      try await journey.send(to: "/databrowser/me/look", ["look": "dark"])
      #expect(journey.path.hasPrefix("/databrowser/sign-in?to="))
      try await journey.send(
        to: "/databrowser/sign-in", ["email": "ada@example.org", "password": Self.password])
      #expect(journey.path.hasPrefix("/databrowser/held/") && journey.page.text.contains("Nothing of it was done"))
      let person = try #require(try await browser.people.all().first)
      #expect(person.manner.look == .system)
      let held = journey.path
      try await journey.send(to: "/databrowser/me/look")
      #expect(journey.path == "/databrowser/me")
      #expect(try await browser.people.all().first?.manner.look == .dark)
      // Somebody else sees nothing of it.
      let code = try await browser.people.invite(
        Invitation(email: "bob@example.org", name: "Bob"), by: nil, from: Browser(address: "192.0.2.1"))
      var other = try Journey(browser)
      try await other.open(People.path(of: code))
      try await other.send(to: People.path(of: code), ["password": Self.password])
      try await other.open(held)
      #expect(other.status == 404)
    }
  }

  @Test("Whose password was renewed through a link is told so at the next sign-in, once")
  func reset() async throws {
    try await run { browser in
      var journey = try await joined(browser)
      let person = try #require(try await browser.people.all().first)
      let code = try await browser.people.linkForReset(
        .resetPassword, of: person, by: nil, from: Browser(address: "192.0.2.1"))
      let path = People.path(of: code)
      try await journey.open(path)
      try await journey.send(to: path, ["password": "another kettle orbit"])
      #expect(journey.path == "/databrowser/sign-in")
      let typed = ["email": "ada@example.org", "password": "another kettle orbit"]
      try await journey.send(to: "/databrowser/sign-in", typed)
      #expect(journey.path == "/databrowser/me" && journey.page.text.contains("was renewed"))
      try await journey.send(to: "/databrowser/sign-out")
      #expect(journey.path == "/databrowser/sign-in")
      try await journey.send(to: "/databrowser/sign-in", typed)
      try await journey.open("/databrowser/me")
      #expect(journey.status == 200 && !journey.page.text.contains("was renewed"))
    }
  }

  @Test("Signing out of a session that has ended keeps nothing: it is done")
  func signingOutLate() async throws {
    try await run { browser in
      var journey = try await joined(browser)
      journey.forget()
      try await journey.send(to: "/databrowser/sign-out")
      #expect(journey.path == "/databrowser/sign-in")
      let person = try #require(try await browser.people.all().first).id
      #expect(try await browser.people.store.held(1, of: person) == nil)
    }
  }

  @Test("Nobody fills the store with forms that are kept: not after removal, and not many at once")
  func keptForms() async throws {
    try await run { browser in
      _ = try await joined(browser)
      let code = try await browser.people.invite(
        Invitation(email: "bob@example.org", name: "Bob"), by: nil, from: Browser(address: "192.0.2.1"))
      var bob = try Journey(browser)
      try await bob.open(People.path(of: code))
      try await bob.send(to: People.path(of: code), ["password": Self.password])
      try await bob.open("/databrowser/me")
      bob.forget()
      let page = bob
      browser.isClockMoving.store(false, ordering: .relaxed)
      var statuses: Set<Int> = []
      for _ in 0..<101 {
        bob = page
        try await bob.send(to: "/databrowser/me/look", ["look": "dark"])
        statuses.insert(bob.status)
      }
      #expect(statuses == [200, 429])
      browser.isClockMoving.store(true, ordering: .relaxed)
      browser.clock.advance(byMilliseconds: 10_000)
      let person = try await browser.people.person("bob@example.org")
      try await browser.people.remove(person, by: nil, from: Browser(address: "192.0.2.1"))
      bob = page
      try await bob.send(to: "/databrowser/me/look", ["look": "dark"])
      #expect(bob.status == 422 && bob.page.text.contains("cannot sign in any more"))
    }
  }

  @Test("A form with a password is never kept, and must be typed again")
  func passwordsAreNotHeld() async throws {
    try await run { browser in
      var journey = try await joined(browser)
      try await journey.open("/databrowser/me/password")
      try await journey.send(to: "/databrowser/elevate", ["password": Self.password])
      #expect(journey.path == "/databrowser/me/password")
      let change = journey
      var late = change
      late.forget()
      try await late.send(to: "/databrowser/me/password", ["password": "another kettle orbit"])
      #expect(late.path.hasPrefix("/databrowser/sign-in?to="))
      try await late.send(to: "/databrowser/sign-in", ["email": "ada@example.org", "password": Self.password])
      #expect(late.path.hasPrefix("/databrowser/elevate"))
      // An elevation that is over holds nothing of it either.
      browser.clock.advance(byMilliseconds: 15 * 60_000)
      try await journey.send(to: "/databrowser/me/password", ["password": "another kettle orbit"])
      #expect(journey.path.hasPrefix("/databrowser/elevate"))
      #expect(try await browser.people.store.held(1, of: try #require(try await browser.people.all().first).id) == nil)
    }
  }

  @Test("A POST without a page of ours, a ticket or with somebody else's is refused, and changes nothing")
  func forged() async throws {
    try await run { browser in
      var journey = try await joined(browser)
      try await journey.open("/databrowser/me")
      let ticket = try #require(
        journey.page.elements.first {
          $0.name == "input" && $0.attributes["name"] == "ticket"
            && $0.ancestors.contains { journey.page.elements[$0].attributes["action"] == "/databrowser/me/look" }
        }?.attributes["value"])
      let dark = ("look", "dark")
      for (fields, headers) in [
        ([("ticket", ticket), dark], [:]), ([("ticket", ticket), dark], ["Sec-Fetch-Site": "cross-site"]),
        ([("ticket", ticket), dark], ["Sec-Fetch-Site": "same-site"]),
        ([("ticket", ticket), dark], ["Sec-Fetch-Site": "none"]),
        ([("ticket", ticket), dark], ["Origin": "http://localhost:8081"]),
        ([("ticket", ticket), dark], ["Origin": "null"]),
        ([dark], ["Sec-Fetch-Site": "same-origin"]), ([("ticket", "x"), dark], ["Sec-Fetch-Site": "same-origin"]),
        ([("ticket", String(ticket.dropLast())), dark], ["Sec-Fetch-Site": "same-origin"]),
      ] as [([(String, String)], [String: String])] {
        try await journey.post("/databrowser/me/look", fields, headers: headers)
        #expect(journey.status == 403, "\(headers)")
      }
      // A ticket is of one route.
      try await journey.post("/databrowser/me/sessions", [("ticket", ticket)])
      #expect(journey.status == 403)
      #expect(try await browser.people.all().first?.manner.look == .system)
      browser.clock.advance(byMilliseconds: 120_000)
      try await browser.people.tend()
      let refusals = try await browser.people.audit(AuditWant(.oldest(after: 0), limit: 100)).map(\.draft).filter {
        $0.action == AuditAction.refusal.rawValue
      }
      #expect(Set(refusals.map(\.target)) == ["/databrowser/me/look", "/databrowser/me/sessions"])
      #expect(refusals.compactMap(\.count).reduce(0, +) == 10 && refusals.allSatisfy { $0.person != nil })
      try await journey.post(
        "/databrowser/me/look", [("ticket", ticket), dark], headers: ["Origin": "http://localhost:8080"])
      #expect(journey.status == 200)
      #expect(try await browser.people.all().first?.manner.look == .dark)
      // The box for shortcuts was not ticked.
      #expect(journey.page.all("html").first?.attributes["data-keys"] == "off")
    }
  }

  @Test("Somebody who must have a second factor comes to setting it up, wherever they go")
  func factorFirst() async throws {
    try await TestBrowser.run(schema: Schemas.flights, secondFactor: .administrators) { browser in
      browser.usePeople()
      var journey = try Journey(browser)
      let code = try #require(try await browser.people.linkForFirstOperator())
      try await journey.open(People.path(of: code))
      try await journey.send(
        to: People.path(of: code), ["email": "ada@example.org", "name": "Ada", "password": Self.password])
      for path in [
        "/databrowser", "/databrowser/\(browser.deploymentID)", "/databrowser/\(browser.deploymentID)/models",
      ] {
        try await journey.open(path)
        #expect(journey.path.hasPrefix("/databrowser/elevate?to="), "\(path): \(journey.path)")
      }
      try await journey.open("/databrowser/me")
      #expect(journey.status == 200 && journey.page.text.contains("Set up a second factor"))
    }
  }

  @Test("Return addresses that are none of ours lead to the deployments")
  func returns() async throws {
    try await run { browser in
      for to in [
        "https://evil.example/", "//evil.example", "/databrowser/../x", "javascript:alert(1)", "/api/v4/x", "",
        "/databrowser/sign-out",
      ] {
        var journey = try Journey(browser)
        if try await browser.people.all().isEmpty { journey = try await joined(browser) }
        journey.forget()
        try await journey.open("/databrowser/sign-in")
        try await journey.post(
          "/databrowser/sign-in", [("email", "ada@example.org"), ("password", Self.password), ("to", to)])
        #expect(journey.path == Self.home(browser), "\(to): \(journey.path)")
      }
    }
  }

  @Test("Sessions are listed and can be ended, one's own by signing out")
  func sessions() async throws {
    try await run { browser in
      var first = try await joined(browser)
      var second = try Journey(browser)
      try await second.open("/databrowser")
      try await second.send(to: "/databrowser/sign-in", ["email": "ada@example.org", "password": Self.password])
      try await first.open("/databrowser/me/sessions")
      #expect(first.forms(to: "/databrowser/me/sessions").count == 1)
      try await first.send(to: "/databrowser/me/sessions")
      #expect(first.path == "/databrowser/me/sessions" && first.forms(to: "/databrowser/me/sessions").isEmpty)
      try await second.open("/databrowser/me")
      #expect(second.path.hasPrefix("/databrowser/sign-in"))
    }
  }

  @Test("Nobody signs in over plain http but on this machine, and cookies of another port are nobody's")
  func cookies() async throws {
    try await run { browser in
      var journey = try await joined(browser)
      journey.host = "localhost:8081"
      try await journey.open("/databrowser")
      #expect(journey.path.hasPrefix("/databrowser/sign-in"))
      journey.host = "a.example"
      try await journey.open("/databrowser/sign-in")
      #expect(journey.status == 200 && journey.page.text.contains("Use https") && journey.page.all("input").isEmpty)
      try await journey.post("/databrowser/sign-in", [("email", "ada@example.org"), ("password", Self.password)])
      #expect(journey.status == 403)
    }
  }
}
