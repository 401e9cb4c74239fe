import DataModel
import Deployments
import HTTPServer
import PageReading
import People
import Storage
import Synchronization
import Testing
import Wire

@testable import DataBrowser

/// App users, by following links and sending forms without script.
@Suite("App users")
struct AppUserScenarios {
  static let anna = "0195a3b2-0000-7000-8000-0000000000a1"
  static let bert = "0195a3b2-0000-7000-8000-0000000000a2"

  static func fill(_ browser: TestBrowser) async throws {
    try await browser.batch(
      """
      {"operations":[
        {"method":"POST","object":{"type":"user","id":"\(anna)","name":"Anna A"}},
        {"method":"POST","object":{"type":"user","id":"\(bert)","name":"Bert <b>"}}
      ]}
      """)
  }

  /// Signs a device in.
  @discardableResult
  static func enrol(
    _ user: ObjectID, device: String, version: String = "4.12.0", platform: String = "IOS", _ browser: TestBrowser
  ) async throws -> ObjectID {
    let users = AppUsers(try browser.deployments.deployment(browser.deploymentID), clock: browser.clock)
    if try await users.user(user)?.isLocked == true { _ = try await users.unlock(user) }
    let token = try #require(try await users.createToken(for: user)).token
    let about = DeviceDescription(
      deviceID: device, device: "{\"id\":\"\(device)\"}",
      container: "{\"version\":\"\(version)\",\"bundle_id\":\"org.example.app\",\"platform\":\"\(platform)\"}",
      runtime: #"{"version":"9.1"}"#, label: "Phone of \(device)")
    guard case .enrolled(_, let session) = try await users.enrol(token: token, about).outcome else {
      throw DeploymentFault("the device was not signed in")
    }
    return session
  }

  /// Somebody with the role support.
  private func run(_ body: (TestBrowser, inout Journey) async throws -> Void) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      browser.usePeople()
      try await Self.fill(browser)
      var journey = try await browser.joined("Sue", [.support], elevated: false)
      try await journey.open(Self.page(browser))
      #expect(journey.status == 200)
      try await body(browser, &journey)
      #expect(browser.log.faults.allSatisfy { $0.contains("the audit cannot be written") })
    }
  }

  private static func page(_ browser: TestBrowser) -> String { "/databrowser/\(browser.deploymentID)/users" }

  private func users(_ browser: TestBrowser) throws -> AppUsers {
    AppUsers(try browser.deployments.deployment(browser.deploymentID), clock: browser.clock)
  }

  private func record(_ id: String, _ browser: TestBrowser) async throws -> UserRecord {
    let user = try #require(ObjectID(id))
    return try #require(try await users(browser).user(user))
  }

  private func audit(_ browser: TestBrowser) async throws -> [String] {
    var want = AuditWant(.oldest(after: 0), limit: 100)
    want.action = AuditAction.appUser.rawValue
    return try await browser.people.audit(want).map { "\($0.draft.target): \($0.draft.outcome)" }
  }

  private func rows(_ journey: Journey) -> [String] {
    journey.page.all("tr").filter { $0.path.contains("tbody") }.map(\.text)
  }

  // MARK: The list.

  @Test("The list says how each user is, and is narrowed by state, version, platform and silence")
  func list() async throws {
    try await run { browser, journey in
      let anna = try #require(ObjectID(Self.anna))
      try await Self.enrol(anna, device: "one", browser)
      #expect(rows(journey).count == 2 && rows(journey).allSatisfy { $0.contains("never enrolled") })
      for (query, found) in [
        ("", 2), ("state=enrolled", 1), ("state=never", 1), ("state=locked", 0), ("version=4.12.0", 1),
        ("version=4.12", 0),
        ("platform=ios", 1), ("platform=ANDROID", 0), ("silent=2030-01-01", 1), ("silent=2020-01-01", 1),
      ] {
        try await journey.open("\(Self.page(browser))?\(query)")
        #expect(journey.status == 200 && rows(journey).count == found, "\(query)")
      }
      try await journey.open("\(Self.page(browser))?state=enrolled")
      for text in ["Anna A", "1 of 1 enrolled", "Phone of one", "IOS", "4.12.0"] {
        #expect(rows(journey).first?.contains(text) == true, "\(text)")
      }
      for query in ["state=x", "silent=yesterday"] {
        try await journey.open("\(Self.page(browser))?\(query)")
        #expect(journey.status == 422, "\(query)")
      }
      try await journey.open("\(Self.page(browser))?after=x")
      #expect(journey.status == 422)
    }
  }

  @Test("Every user stands on one page, forwards and backwards, filtered or not")
  func paging() async throws {
    try await run { browser, journey in
      let operations = (0..<130).map { #"{"method":"POST","object":{"type":"user","name":"User \#($0)."}}"# }
      try await browser.batch("{\"operations\":[\(operations.joined(separator: ","))]}")
      for query in ["", "?state=never"] {
        try await journey.open(Self.page(browser) + query)
        var pages = [rows(journey)]
        while let next = journey.page.all("a").first(where: { $0.text == "Next" })?.attributes["href"], pages.count < 9
        {
          try await journey.open(next)
          pages.append(rows(journey))
        }
        #expect(pages.map(\.count) == [50, 50, 32])
        #expect(Set(pages.joined()).count == 132)
        var back = [rows(journey)]
        while let previous = journey.page.all("a").first(where: { $0.text == "Previous" })?.attributes["href"],
          back.count < 9
        {
          try await journey.open(previous)
          back.append(rows(journey))
        }
        #expect(Array(back.reversed().joined().suffix(132)) == Array(pages.joined()), "\(query)")
      }
    }
  }

  @Test("Where a filter fits few, reading stops, says so, and goes on from there")
  func stopping() async throws {
    try await run { browser, _ in
      let operations = (0..<1500).map { #"{"method":"POST","object":{"type":"user","name":"User \#($0)."}}"# }
      for part in [operations[..<1000], operations[1000...]] {
        try await browser.batch("{\"operations\":[\(part.joined(separator: ","))]}")
      }
      try await Self.enrol(try #require(ObjectID(Self.anna)), device: "one", browser)
      let deployment = try browser.deployments.deployment(browser.deploymentID)
      let model = try #require(deployment.store.dataModel["user"])
      let users = try self.users(browser)
      var view = ListFilter<AppUsersKey>([.state: "enrolled"])
      var found: [ObjectID] = []
      var stops = 0
      for _ in 0..<5 {
        var reading = AppUserReading(model: model, question: try AppUserQuestion(view), users: users)
        reading.mostLooked = 1000
        let part = try await deployment.store.read { [reading] in try reading.read($0) }
        found += part.users.map(\.record.id)
        guard let stop = part.stoppedAt else { break }
        stops += 1
        view = view.with(.after, "\(stop)")
      }
      #expect(found.map(\.description) == [Self.anna] && stops == 1)
    }
  }

  // MARK: One user.

  @Test("A user with every device: locked, unlocked, signed out, each with what it does and two entries in the audit")
  func one() async throws {
    try await run { browser, journey in
      let anna = try #require(ObjectID(Self.anna))
      let session = try await Self.enrol(anna, device: "one", browser)
      let path = "\(Self.page(browser))/\(Self.anna)"
      try await journey.open(Self.page(browser))
      #expect(journey.page.links.contains(path))
      try await journey.open(path)
      for text in [
        "Anna A", "Phone of one", "IOS", "4.12.0", "org.example.app", "9.1", "Signed in last", "keeps its data",
        "Nobody can enrol", session.description,
      ] {
        #expect(journey.page.text.contains(text), "\(text)")
      }
      try await journey.press("reauthenticate", ["session": session.description])
      #expect(try await record(Self.anna, browser).session(session)?.state == .locked)
      try await Self.enrol(anna, device: "one", browser)
      try await journey.open(path)
      try await journey.press("lock")
      #expect(journey.path == path && journey.page.text.contains("locked"))
      var known = try await record(Self.anna, browser)
      #expect(known.isLocked && known.session(session)?.state == .locked)
      try await journey.press("unlock")
      known = try await record(Self.anna, browser)
      #expect(!known.isLocked)
      #expect(
        try await audit(browser) == [
          "sign out session \(session) of user \(anna): began", "sign out session \(session) of user \(anna): done",
          "lock user \(anna): began", "lock user \(anna): done", "unlock user \(anna): began",
          "unlock user \(anna): done",
        ])
      browser.audit.isBroken.store(true, ordering: .relaxed)
      try await journey.press("lock")
      #expect(journey.status == 503)
      known = try await record(Self.anna, browser)
      #expect(!known.isLocked)
      browser.audit.isBroken.store(false, ordering: .relaxed)
    }
  }

  @Test("An enrolment link is made once, shown to its session for ten minutes with a QR code, and signs a device in")
  func enrolment() async throws {
    try await run { browser, journey in
      let path = "\(Self.page(browser))/\(Self.bert)"
      try await journey.open(path)
      try await journey.press("enrol", times: 2)
      let url = try #require(journey.page.element(withID: "enrolment")?.text)
      #expect(url.hasPrefix("http://localhost:8080/enroll/\(browser.deploymentID)#"))
      #expect(journey.page.all("svg").contains { $0.attributes["role"] == "img" })
      #expect(journey.headers["Cache-Control"] == "no-store, no-transform")
      #expect(try await audit(browser).count == 2)
      var other = try await browser.joined("Tom", [.support], elevated: false)
      try await other.open(path)
      #expect(other.status == 200 && other.page.element(withID: "enrolment") == nil)
      let token = String(try #require(url.split(separator: "#").last))
      let outcome = try await users(browser).enrol(token: token, DeviceDescription(deviceID: "two")).outcome
      guard case .enrolled(let user, _) = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(user.description == Self.bert)
      browser.clock.advance(byMilliseconds: 600_000)
      try await journey.open(path)
      #expect(journey.status == 200 && journey.page.element(withID: "enrolment") == nil)
      #expect(try await audit(browser).allSatisfy { !$0.contains(token) })
    }
  }

  @Test("Cards of several users are made once, each with a link that works, and at most 200")
  func cards() async throws {
    try await run { browser, journey in
      let cards = "\(Self.page(browser))/cards"
      try await journey.press("cards")
      #expect(journey.status == 422 && journey.page.text.contains("Tick the users"))
      try await journey.open(Self.page(browser))
      let ticket = try journey.ticket(ofAct: "cards")
      let users = [Self.anna, Self.bert].map { ("user", $0) }
      for _ in 0..<2 { try await journey.post(cards, [("ticket", ticket), ("act", "cards")] + users) }
      #expect(journey.path == cards && journey.status == 200)
      let links = journey.page.all("code").map(\.text).filter { $0.contains("/enroll/") }
      #expect(Set(links).count == 2 && journey.page.all("svg").count { $0.attributes["role"] == "img" } == 2)
      #expect(journey.page.text.contains("Anna A") && journey.page.text.contains("Bert <b>"))
      #expect(try await audit(browser).count == 2)
      var enrolled: Set<String> = []
      for (index, link) in links.enumerated() {
        let token = String(try #require(link.split(separator: "#").last))
        let about = DeviceDescription(deviceID: "card \(index)")
        if case .enrolled(let user, _) = try await self.users(browser).enrol(token: token, about).outcome {
          enrolled.insert(user.description)
        }
      }
      #expect(enrolled == [Self.anna, Self.bert])
      try await journey.open(Self.page(browser))
      let many = [("ticket", try journey.ticket(ofAct: "cards")), ("act", "cards")]
      try await journey.post(cards, many + (0..<201).map { _ in ("user", Self.anna) })
      #expect(journey.status == 422 && journey.page.text.contains("At most 200 cards"))
      browser.clock.advance(byMilliseconds: 600_000)
      try await journey.open(cards)
      #expect(journey.status == 200 && journey.page.text.contains("There are none to show"))
    }
  }

  // MARK: Wiping.

  @Test("Wiping a device asks for elevation and for the user's display, and says what it does")
  func wipe() async throws {
    try await run { browser, journey in
      let bert = try #require(ObjectID(Self.bert))
      let session = try await Self.enrol(bert, device: "three", browser)
      let path = "\(Self.page(browser))/\(Self.bert)"
      try await journey.open(path)
      let wipe = "\(path)/wipe/\(session)"
      #expect(journey.page.links.contains(wipe))
      try await journey.open(wipe)
      #expect(journey.path.hasPrefix("/databrowser/elevate"))
      try await journey.send(to: "/databrowser/elevate", ["password": RoleWorld.password])
      #expect(journey.path == wipe && journey.page.text.contains("erases its data"))
      for typed in ["", "Bert", "bert <b>", "Bert <b>x"] {
        try await journey.send(to: wipe, ["display": typed])
        #expect(journey.status == 422 && journey.page.text.contains("Nothing was wiped"), "\(typed)")
        #expect(try await record(Self.bert, browser).session(session)?.state == .enrolled)
      }
      try await journey.send(to: wipe, ["display": " Bert  <b> "])
      #expect(journey.path == path && journey.page.text.contains("to be wiped"))
      #expect(try await record(Self.bert, browser).session(session)?.state == .reset)
      #expect(
        try await audit(browser) == [
          "wipe session \(session) of user \(bert): began", "wipe session \(session) of user \(bert): done",
        ])
      try await journey.open("\(path)/wipe/\(Self.anna)")
      #expect(journey.status == 404)
    }
  }

  // MARK: What is not there.

  @Test("A deleted user is shown with its devices and nothing to do; unknown ones are not found")
  func deleted() async throws {
    try await run { browser, journey in
      let anna = try #require(ObjectID(Self.anna))
      try await Self.enrol(anna, device: "one", browser)
      let path = "\(Self.page(browser))/\(Self.anna)"
      try await journey.open(path)
      let ticket = try journey.ticket(ofAct: "enrol")
      try await browser.batch(
        #"{"operations":[{"method":"DELETE","object":{"type":"user","id":"\#(Self.anna)"}}]}"#)
      try await journey.post(path, [("ticket", ticket), ("act", "enrol")])
      #expect(journey.status == 409)
      try await journey.open(path)
      #expect(journey.status == 200 && journey.page.text.contains("The user was deleted"))
      #expect(journey.page.all("button").allSatisfy { $0.attributes["name"] != "act" })
      try await journey.open(Self.page(browser))
      #expect(rows(journey).count == 1)
      try await journey.open("\(Self.page(browser))/\(VisitScenarios.flight)")
      #expect(journey.status == 404)
    }
  }

  @Test("The pages say where devices are refused, and where there is no app-user model")
  func notices() async throws {
    try await run { browser, journey in
      #expect(journey.page.text.contains("device_access is “none”"))
      try await browser.deployments.set([("device_access", "read")], of: browser.deploymentID)
      try await journey.open("\(Self.page(browser))/\(Self.anna)")
      #expect(!journey.page.text.contains("device_access"))
      // A sensitive model has no users for who does not see it.
      try await browser.deployments.set([("app_user", "medical")], of: browser.deploymentID)
      try await journey.open(Self.page(browser))
      #expect(journey.page.text.contains("no such model here"))
      try await journey.open("\(Self.page(browser))/\(Self.anna)")
      #expect(journey.status == 404)
    }
    let schema = Schemas.flights.replacing("name=\"user\"", with: "name=\"person\"")
    try await TestBrowser.run(schema: schema) { browser in
      let answer = await browser.send(.get, "/users")
      #expect(answer.status == 200 && answer.text.contains("no such model here"))
      let page = try answer.page
      #expect(page.faults == [])
    }
  }

  @Test("The link stands on pages of support, administrators and operators alone")
  func menu() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      for role in Role.allCases {
        browser.visits.set(VisitScenarios.visitor(browser, [role]))
        let page = try await browser.send(.get, "/models").page
        #expect(page.links.contains(Self.page(browser)) == (role == .administrator || role == .support), "\(role)")
      }
    }
  }
}
