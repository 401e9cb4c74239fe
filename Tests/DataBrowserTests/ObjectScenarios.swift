import DataBrowser
import HTTPServer
import PageReading
import Storage
import Testing
import Wire

/// An object's own pages.
@Suite struct ObjectScenarios {
  static let flight = "/models/flight/\(VisitScenarios.flight)"

  @Test func anObjectShowsItsFieldsAndWhatRefersToIt() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      let answer = await browser.send(.get, Self.flight)
      #expect(answer.status == 200)
      let page = try answer.page
      #expect(page.faults == [])
      #expect(page.all("h1").map(\.text) == ["Flight N1 <b>"])
      for text in [
        "1400", "2.5", "2013-01-31 09:05:00", "Landed", "Alpha", "line 1\nline 2 & more", "Alpha Air", "masked",
        "Hidden illness",
      ] {
        #expect(page.text.contains(text), "\(text)")
      }
      #expect(!answer.text.contains("swordfish"))
      let only = try #require(page.all("a").first { $0.attributes["aria-label"] == "Status: only these" })
      #expect(only.attributes["href"]?.hasSuffix("/models/flight?q[status]=landed") == true)
      #expect(!page.all("a").contains { $0.attributes["aria-label"]?.hasPrefix("Secret") == true })
      let airline = try await browser.send(.get, "/models/airline/\(VisitScenarios.airline)").page
      #expect(airline.faults == [])
      #expect(airline.links.contains { $0.hasSuffix("/models/flight?q[airline_id]=\(VisitScenarios.airline)") })
      #expect(airline.text.contains("all 1 object"))
    }
  }

  @Test func aPeekAndTheJSONMaskPasswords() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      for path in ["/peek", "/json"] {
        let answer = await browser.send(.get, Self.flight + path)
        #expect(answer.status == 200)
        let page = try answer.page
        #expect(page.faults == [])
        #expect(!answer.text.contains("swordfish"))
      }
      let file = await browser.send(.get, Self.flight + "/json?as=file")
      #expect(file.headers["Content-Type"] == "application/json; charset=utf-8")
      #expect(file.headers["Content-Disposition"] == "attachment; filename=\"\(VisitScenarios.flight).json\"")
      #expect(file.text.contains("\"secret\":null"))
      #expect(file.text.contains("\"number\":\"N1 <b>\""))
      let airline = await browser.send(.get, "/models/airline/\(VisitScenarios.airline)/json?as=file")
      #expect(airline.text.hasPrefix("{\"id\":\"\(VisitScenarios.airline)\",\"type\":\"airline\",\"updated_at\":"))
    }
  }

  @Test func aDisplayThatPrintsAPasswordHasAMaskInItsPlace() async throws {
    let schema = """
      <data-model>
        <model name="user" label="User">
          <field name="name" label="Name" type="text"/>
          <field name="pin" label="Pin" type="text:password"/>
          <display>{name} {pin}</display>
        </model>
        <model name="visit" label="Visit">
          <field name="place" label="Place" type="text"/>
          <belongs-to model="user"/>
          <display>{place} of {user} {user.pin}</display>
        </model>
      </data-model>
      """
    try await TestBrowser.run(schema: schema) { browser in
      let (user, visit) = (VisitScenarios.airline, VisitScenarios.flight)
      try await browser.batch(
        """
        {"operations":[
          {"method":"POST","object":{"type":"user","id":"\(user)","name":"Ada","pin":"swordfish"}},
          {"method":"POST","object":{"type":"visit","id":"\(visit)","place":"Rome","user_id":"\(user)"}}
        ]}
        """)
      for path in [
        "", "/models/user", "/models/visit", "/models/user/\(user)", "/models/visit/\(visit)", "/find?q=Ada",
        "/models/user/\(user)/json", "/models/visit/\(visit)/json?as=file", "/models/visit/\(visit)/peek",
        "/models/visit/pick?relationship=user", "/models/visit?q[user_id]=\(user)",
      ] {
        let answer = await browser.send(.get, path)
        #expect(answer.status == 200, "\(path)")
        #expect(!answer.text.contains("swordfish") && answer.text.contains("Ada ••••••"), "\(path)")
      }
    }
  }

  @Test func whatIsNotThereIsNotFound() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      let none = "0195a3b2-0000-7000-8000-0000000000ee"
      for path in [
        "/models/flight/\(none)", "/models/flight/\(none)/json", "/models/flight/\(none)/peek", "/models/none/\(none)",
      ] {
        let answer = await browser.send(.get, path)
        #expect(answer.status == 404, "\(path)")
        let page = try answer.page
        #expect(page.faults == [])
      }
      browser.visits.set(VisitScenarios.visitor(browser, [.administrator]))
      let flight = await browser.send(.get, Self.flight)
      #expect(flight.status == 200)
      #expect(!flight.text.contains("Hidden illness") && !flight.text.contains("edical"))
      #expect(await browser.send(.get, "/models/medical/about").status == 404)
    }
  }

  @Test func theTrailLeadsBackToTheListOneCameFrom() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      let base = "/databrowser/\(browser.deploymentID)/models/flight"
      for (referer, expected) in [
        ("http://here\(base)?q[status]=landed&after=x", base + "?q[status]=landed&after=x"),
        ("http://elsewhere\(base)?q[status]=landed", base),
        ("http://here/databrowser", base), ("javascript:alert(1)", base),
      ] {
        let page = try await browser.send(.get, Self.flight, headers: ["Referer": referer]).page
        #expect(page.links.contains(expected), "\(referer)")
      }
    }
  }

  @Test func aboutNamesFieldsIndexesAndCalls() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      for model in ["flight", "airline", "medical"] {
        let page = try await browser.send(.get, "/models/\(model)/about").page
        #expect(page.faults == [])
        #expect(page.text.contains("objects/\(model).json?sort[updated_at]=-1&limit=10"))
      }
      let flight = try await browser.send(.get, "/models/flight/about").page
      #expect(flight.all("code").contains { $0.text == "landed" })
    }
  }
}
