import DataBrowser
import DataModel
import Deployments
import HTTPServer
import PageReading
import People
import Storage
import Synchronization
import Testing
import Webhooks
import Wire

/// Manage Webhooks, by following links and sending forms without script.
@Suite("Manage Webhooks")
struct WebhookScenarios {
  private static let url = "https://erp.example.org/hooks?key=s3cret"

  /// An operator, elevated, on the list; objects are there.
  private func run(_ body: (TestBrowser, inout Journey) async throws -> Void) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      browser.usePeople()
      try await VisitScenarios.fill(browser)
      var journey = try Journey(browser)
      let path = People.path(of: try #require(try await browser.people.linkForFirstOperator()))
      try await journey.open(path)
      try await journey.send(to: path, ["email": "ada@example.org", "name": "Ada", "password": RoleWorld.password])
      try await journey.open(Self.page(browser))
      try await journey.send(to: "/databrowser/elevate", ["password": RoleWorld.password])
      #expect(journey.path == Self.page(browser) && journey.status == 200)
      try await body(browser, &journey)
      await browser.webhooks.stop()
      #expect(browser.log.faults.allSatisfy { $0.contains("the audit cannot be written") })
    }
  }

  private static func page(_ browser: TestBrowser) -> String { "/databrowser/\(browser.deploymentID)/webhooks" }
  private static func one(_ browser: TestBrowser) -> String { "\(page(browser))/flight_saved" }
  private static let enable = ["act": "enable"]

  private func switchOn(_ browser: TestBrowser, _ journey: inout Journey) async throws {
    try await journey.open(Self.one(browser))
    try await journey.send(to: Self.one(browser), ["url": Self.url], having: Self.enable)
    #expect(journey.status == 200 && journey.path == Self.one(browser))
  }

  private func audit(_ browser: TestBrowser, _ action: AuditAction = .webhook) async throws -> [String] {
    var want = AuditWant(.oldest(after: 0), limit: 100)
    want.action = action.rawValue
    return try await browser.people.audit(want).map { "\($0.draft.target): \($0.draft.outcome)" }
  }

  private func text(_ journey: Journey, _ id: String) -> String? { journey.page.element(withID: id)?.text }

  @Test("A webhook is switched on with an endpoint, gets another one, and is switched off")
  func endpoint() async throws {
    try await run { browser, journey in
      #expect(journey.page.text.contains("flight_saved") && journey.page.text.contains("off"))
      #expect(journey.page.links.contains(Self.one(browser)))
      try await switchOn(browser, &journey)
      #expect(journey.page.text.contains("93.184.216.34"))
      #expect(journey.page.element(withID: "field-url")?.attributes["value"] == Self.url)
      #expect(text(journey, "public-key")?.contains("BEGIN PUBLIC KEY") == true)
      try await journey.send(to: Self.one(browser), ["url": "https://other.example.org/"], having: Self.enable)
      #expect(journey.page.element(withID: "field-url")?.attributes["value"] == "https://other.example.org/")
      try await journey.press("disable")
      #expect(try await browser.webhooks.webhook("flight_saved", of: browser.deploymentID)?.condition == .disabled)
      #expect(
        try await audit(browser) == [
          "switch on flight_saved with erp.example.org: began", "switch on flight_saved with erp.example.org: done",
          "switch on flight_saved with other.example.org: began",
          "switch on flight_saved with other.example.org: done", "switch off flight_saved: began",
          "switch off flight_saved: done",
        ])
    }
  }

  @Test("What the guard refuses comes back with its sentence at the field, and nothing is switched on")
  func refused() async throws {
    try await run { browser, journey in
      try await journey.open(Self.one(browser))
      for (url, words) in [
        ("http://127.0.0.1:9/", "not public"), ("https://169.254.169.254/x", "not public"),
        ("http://[::1]/", "not public"), ("ftp://erp.example.org/", "neither http nor https"),
        ("https://u:p@erp.example.org/", "user name or password"), ("<b>", "neither http nor https"), ("", "is needed"),
      ] {
        try await journey.send(to: Self.one(browser), ["url": url], having: Self.enable)
        #expect(journey.status == 422 && text(journey, "field-url-fault")?.contains(words) == true, "\(url)")
        let settings = journey.page.all("a").first {
          $0.attributes["href"]?.hasSuffix("/settings?change=webhook_allow") == true
        }
        #expect((settings?.attributes["target"] == "_blank") == (words == "not public"), "\(url)")
        #expect(journey.page.element(withID: "field-url")?.attributes["value"] == url)
        #expect(journey.page.all("title").first?.text.hasPrefix("Error:") == true)
      }
      #expect(try await audit(browser) == [])
      #expect(try await browser.webhooks.webhook("flight_saved", of: browser.deploymentID)?.condition == .new)
      // The setting names exceptions; a host that is not found now is taken, and told.
      try await browser.deployments.set([("webhook_allow", "127.0.0.0/8")], of: browser.deploymentID)
      try await journey.send(to: Self.one(browser), ["url": "http://127.0.0.1:9/"], having: Self.enable)
      #expect(journey.status == 200 && journey.page.text.contains("127.0.0.1"))
      try await journey.send(to: Self.one(browser), ["url": "http://nowhere/"], having: Self.enable)
      #expect(journey.status == 200 && journey.page.text.contains("host is not found"))
      try await browser.deployments.set([("webhook_allow", "")], of: browser.deploymentID)
    }
  }

  @Test("Two people who set the endpoint: the second one sees the first one's before it is replaced")
  func conflict() async throws {
    try await run { browser, journey in
      try await journey.open(Self.one(browser))
      try await browser.webhooks.enable("flight_saved", of: browser.deploymentID, url: "https://a.example.org/")
      try await journey.send(to: Self.one(browser), ["url": Self.url], having: Self.enable)
      #expect(journey.status == 409 && journey.page.text.contains("https://a.example.org/"))
      #expect(
        try await browser.webhooks.webhook("flight_saved", of: browser.deploymentID)?.url?.contains("a.ex") == true)
      try await journey.send(to: Self.one(browser), having: Self.enable)
      #expect(journey.status == 200)
      #expect(try await browser.webhooks.webhook("flight_saved", of: browser.deploymentID)?.url == Self.url)
    }
  }

  @Test("Secrets are shown for ten minutes to their session alone; a rotation is done once and promoted once")
  func secrets() async throws {
    try await run { browser, journey in
      try await switchOn(browser, &journey)
      #expect(text(journey, "secret") == nil && journey.headers["Cache-Control"] == "no-store")
      try await journey.press("reveal")
      let first = try #require(text(journey, "secret"))
      #expect(journey.headers["Cache-Control"] == "no-store, no-transform")
      #expect(try await audit(browser, .reveal) == ["secret of the webhook flight_saved: done"])
      try await journey.press("rotate", times: 2)
      let next = try #require(text(journey, "next-secret"))
      let known = try await browser.webhooks.change("flight_saved", of: browser.deploymentID) { $0.secrets }
      #expect(known.current == first && known.next?.secret == next)
      var other = try Journey(browser)
      try await other.open(Self.one(browser))
      try await other.send(to: "/databrowser/sign-in", ["email": "ada@example.org", "password": RoleWorld.password])
      try await other.send(to: "/databrowser/elevate", ["password": RoleWorld.password])
      #expect(other.path == Self.one(browser) && text(other, "next-secret") == nil)
      try await other.press("promote")
      #expect(other.status == 200)
      // What was shown as the next one is the secret now.
      try await journey.open(Self.one(browser))
      #expect(text(journey, "secret") == next && text(journey, "next-secret") == nil)
      browser.clock.advance(byMilliseconds: 600_000)
      try await journey.open(Self.one(browser))
      #expect(journey.status == 200 && text(journey, "secret") == nil)
      let entries = try await audit(browser).filter { $0.contains("secret") }
      #expect(
        entries == [
          "make the next secret of flight_saved: began", "make the next secret of flight_saved: done",
          "promote the next secret of flight_saved: began", "promote the next secret of flight_saved: done",
        ])
      for entry in try await audit(browser) + audit(browser, .reveal) {
        #expect(!entry.contains(first) && !entry.contains(next) && !entry.contains("s3cret"))
      }
    }
  }

  @Test("While the audit cannot be written nothing is changed and nothing is shown")
  func brokenAudit() async throws {
    try await run { browser, journey in
      try await switchOn(browser, &journey)
      browser.audit.isBroken.store(true, ordering: .relaxed)
      for act in ["reveal", "rotate", "disable"] {
        try await journey.open(Self.one(browser))
        try await journey.press(act)
        #expect(journey.status == 503, "\(act)")
        try await journey.open(Self.one(browser))
        #expect(text(journey, "secret") == nil)
      }
      browser.audit.isBroken.store(false, ordering: .relaxed)
      let status = try await browser.webhooks.webhook("flight_saved", of: browser.deploymentID)
      #expect(status?.condition == .enabled && status?.hasNextSecret == false)
    }
  }

  @Test("The body for an object is what would be sent, without password fields")
  func sampleBody() async throws {
    try await run { browser, journey in
      try await journey.open(Self.one(browser))
      try await journey.open("\(Self.one(browser))?object=\(VisitScenarios.flight)")
      let body = try #require(text(journey, "body"))
      for part in [
        "\"event\":\"flight_saved\"", "\"id\":\"\(VisitScenarios.flight)\"", "\"secret\":null", "N1 <b>",
        "\"airline\":{\"id\":\"\(VisitScenarios.airline)\"", "\"operation\":\"create\"",
      ] {
        #expect(body.contains(part), "\(part)")
      }
      #expect(!journey.page.text.contains("swordfish") && journey.page.text.contains("Password fields are null"))
      for (object, words) in [
        ("x", "is no id"), (VisitScenarios.airline, "There is no flight"), ("%3Cb%3E", "is no id"),
      ] {
        try await journey.open("\(Self.one(browser))?object=\(object)")
        #expect(journey.status == 422 && text(journey, "object-fault")?.contains(words) == true, "\(object)")
      }
    }
  }

  @Test("What is saved is delivered, and the page tells of the try")
  func delivered() async throws {
    try await run { browser, journey in
      await browser.webhooks.start([browser.deploymentID])
      try await switchOn(browser, &journey)
      browser.endpoint.answers(
        DeliveryResult(status: 200, problem: nil, milliseconds: 34, answer: Array("<i>thanks</i>".utf8)))
      try await browser.batch(
        #"{"operations":[{"method":"POST","object":{"type":"flight","number":"W7","status":"late"}}]}"#)
      for _ in 0..<500 where browser.endpoint.bodies.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
      #expect(browser.endpoint.bodies.count == 1)
      for _ in 0..<100 {
        try await journey.open("\(Self.one(browser))/deliveries")
        if journey.page.text.contains("34 ms") { break }
        try await Task.sleep(for: .milliseconds(20))
      }
      for text in ["Flight W7", "delivered", "200", "34 ms", "<i>thanks</i>"] {
        #expect(journey.page.text.contains(text), "\(text)")
      }
      let row = try #require(journey.page.links.first { $0.hasPrefix("\(Self.one(browser))/deliveries/") })
      try await journey.open(row)
      #expect(journey.status == 200 && text(journey, "answer-0") == "<i>thanks</i>")
      try await journey.press("resend", times: 2)
      for _ in 0..<500 where browser.endpoint.bodies.count < 2 { try await Task.sleep(for: .milliseconds(10)) }
      #expect(browser.endpoint.bodies.count == 2 && Set(browser.endpoint.bodies).count == 1)
      #expect(journey.page.text.contains("sent again"))
      for _ in 0..<100 where !journey.page.text.contains("Try 2") {
        try await Task.sleep(for: .milliseconds(20))
        try await journey.open("\(row)?done=resend")
      }
      for text in ["It was sent again, and delivered.", "Try 2", "sent again by hand", "Try 1"] {
        #expect(journey.page.text.contains(text), "\(text)")
      }
      try await journey.open(Self.page(browser))
      #expect(journey.page.text.contains("among the log’s tries since"))
    }
  }

  @Test("Waiting and parked deliveries are told apart, sent again and skipped")
  func unfinished() async throws {
    try await run { browser, journey in
      try await switchOn(browser, &journey)
      let flight = try #require(ObjectID(VisitScenarios.flight))
      let first = Int64(1_767_225_600_000) << 10
      try await browser.keep(
        (0..<4).map {
          WebhookDelivery(
            sequence: first + $0, object: flight, attempts: Int($0), firstAt: 1, nextAt: .max >> 20, isParked: $0 > 1)
        },
        [
          WebhookAttempt(
            sequence: first + 3, object: flight, attempt: 3, at: 1_767_225_600_000, status: 500, milliseconds: 7,
            problem: "answered 500", answer: Array("boom".utf8))
        ], of: "flight_saved")
      let all = "\(Self.one(browser))/deliveries"
      try await journey.open(Self.page(browser))
      #expect(journey.page.text.contains("2 entries"))
      #expect(journey.page.links.contains("\(all)?state=parked"))
      try await journey.open(all)
      let states = journey.page.all("span").filter { $0.attributes["class"]?.hasPrefix("tag") == true }.map(\.text)
      #expect(
        states.filter { !["on"].contains($0) && !$0.isEmpty }.suffix(4) == [
          "parked", "parked", "waiting, failed once", "waiting",
        ])
      #expect(journey.page.all("tbody").first?.text.contains("boom") == true)
      for (state, count) in [("waiting", 2), ("parked", 2), ("delivered", 0), ("ended", 0)] {
        try await journey.open("\(all)?state=\(state)&object=\(VisitScenarios.flight)&from=2026-01-01")
        #expect(journey.page.all("tr").count { $0.path.contains("tbody") } == count, "\(state)")
      }
      try await journey.open("\(all)?state=failed")
      #expect(journey.status == 422)
      try await journey.open(all)
      try await journey.press("resend-parked", times: 2)
      #expect(journey.path == all && journey.status == 200)
      #expect(try await browser.unfinished("flight_saved").allSatisfy { !$0.isParked })
      try await journey.open("\(all)/\(first)")
      try await journey.press("skip", times: 2)
      #expect(journey.path == all)
      #expect(try await browser.unfinished("flight_saved").map(\.sequence) == (1...3).map { first + $0 })
      try await journey.open("\(all)/\(first)")
      #expect(journey.status == 404)
      // Its entry is not in the oplog: it cannot be sent again, and the page says why.
      try await journey.open("\(all)/\(first + 3)")
      try await journey.press("resend")
      #expect(journey.status == 422 && journey.page.text.contains("The oplog has no entry"))
      #expect(
        try await audit(browser).suffix(6) == [
          "re-send all parked deliveries of flight_saved: began", "re-send all parked deliveries of flight_saved: done",
          "skip flight_saved:\(first): began", "skip flight_saved:\(first): done",
          "re-send flight_saved:\(first + 3): began", "re-send flight_saved:\(first + 3): failed",
        ])
    }
  }

  @Test("Webhooks of sensitive models are there for those alone who see these")
  func sensitive() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      for seesSensitive in [false, true] {
        let visitor = VisitScenarios.visitor(browser, [.administrator], sensitive: seesSensitive)
        browser.visits.set(
          Visitor(
            visitor.person,
            .init(id: visitor.session.id, startedAt: .first, lastUseAt: .first, elevatedUntil: .last)))
        let list = try await browser.send(.get, "/webhooks").page
        #expect(list.text.contains("flight_saved") && list.text.contains("medical_ready") == seesSensitive)
        for path in ["", "/deliveries"] {
          let status = await browser.send(.get, "/webhooks/medical_ready\(path)").status
          #expect(status == (seesSensitive ? 200 : 404), "\(path)")
        }
      }
    }
  }

  @Test("One that the data model does not declare any more is listed until its deliveries are done")
  func undeclared() async throws {
    try await run { browser, journey in
      try await switchOn(browser, &journey)
      let flight = try #require(ObjectID(VisitScenarios.flight))
      try await browser.keep([WebhookDelivery(sequence: 7, object: flight, nextAt: 1)], of: "flight_saved")
      let schema = Schemas.flights.replacing("flight_saved", with: "flight_kept")
      let model = try #require(DataModelReader.read(Array(schema.utf8)).model)
      _ = try await browser.deployments.deploy(model, to: browser.deploymentID, by: nil)
      try await journey.open(Self.page(browser))
      #expect(journey.page.text.contains("flight_saved") && journey.page.text.contains("no longer declared"))
      try await journey.open(Self.one(browser))
      #expect(journey.status == 200)
      let one = "\(Self.one(browser))/deliveries/7"
      try await journey.open(one)
      try await journey.press("skip")
      try await journey.open(Self.page(browser))
      #expect(!journey.page.text.contains("flight_saved") && journey.page.text.contains("flight_kept"))
      try await journey.open("\(Self.page(browser))/nothing")
      #expect(journey.status == 404)
    }
  }
}
