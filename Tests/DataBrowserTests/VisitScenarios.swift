import DataBrowser
import HTTPServer
import PageReading
import People
import Storage
import Synchronization
import Testing
import Wire

/// Who may come where, and what stands at other addresses.
@Suite struct VisitScenarios {
  static let airline = "0195a3b2-0000-7000-8000-00000000000a"
  static let flight = "0195a3b2-0000-7000-8000-00000000000b"

  static func visitor(_ browser: TestBrowser, _ roles: Set<Role>, sensitive: Bool = false) -> Visitor {
    var person = TestVisits.person("abcdefabcdef", "Vera", "v@example.org")
    person.grants = [RoleGrant(deployment: browser.deploymentID, roles: roles, seesSensitive: sensitive)]
    return TestVisits.visitor(person)
  }

  static func fill(_ browser: TestBrowser) async throws {
    try await browser.batch(
      """
      {"operations":[
        {"method":"POST","object":{"type":"airline","id":"\(airline)","name":"Alpha Air"}},
        {"method":"POST","object":{"type":"flight","id":"\(flight)","number":"N1 <b>","distance":1400,"delay":2.5,
          "day":"2013-01-31","departure":"2013-01-31T09:05:00Z","status":"landed","tags":["a","b"],"is_cargo":true,
          "notes":"line 1\\nline 2 & more","secret":"swordfish","airline_id":"\(airline)",
          "place":{"latitude":40.5,"longitude":-73.75}}},
        {"method":"POST","object":{"type":"flight","number":"","notes":"","tags":[],
          "airline_id":"0195a3b2-0000-7000-8000-0000000000ff"}},
        {"method":"POST","object":{"type":"medical","name":"Hidden illness","flight_id":"\(flight)"}}
      ]}
      """)
  }

  @Test func neighboursAndUnknownPathsAreNotFound() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      for path in [
        "/databrowserX", "/databrowser/x", "/databrowser//", "/databrowser/assets/0/main.js", "/models/none", "/x",
      ] {
        let answer = await browser.send(.get, path)
        #expect(answer.status == 404, "\(path)")
        let page = try answer.page
        #expect(page.faults == [], "\(path)")
      }
    }
  }

  @Test func pagesHaveTheirHeaders() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      for path in ["/databrowser?all=1", "", "/models/none"] {
        let headers = await browser.send(.get, path).headers
        #expect(headers["Content-Security-Policy"]?.contains("trusted-types sojourn") == true)
        #expect(headers["Cache-Control"] == "no-store")
        #expect(headers["Cross-Origin-Opener-Policy"] == "same-origin")
        #expect(headers["Content-Type"] == "text/html; charset=utf-8")
      }
    }
  }

  @Test func assetsOfAPageAreThere() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      let page = try await browser.send().page
      let assets = (page.all("link") + page.all("script")).compactMap { $0.attributes["href"] ?? $0.attributes["src"] }
      #expect(assets.count == 3)
      for asset in assets {
        let answer = await browser.send(.get, asset)
        #expect(answer.status == 200)
        #expect(answer.headers["Cache-Control"]?.contains("immutable") == true)
      }
    }
  }

  @Test func aRouteIsOpenToItsRolesAlone() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await Self.fill(browser)
      let paths = ["", "/models", "/find?q=alpha"]
      for role in Role.allCases {
        browser.visits.set(Self.visitor(browser, [role]))
        for path in paths { #expect(await browser.send(.get, path).status == 200, "\(role) \(path)") }
      }
      browser.visits.set(Self.visitor(browser, []))
      for path in paths { #expect(await browser.send(.get, path).status == 404, "no role \(path)") }
      browser.visits.set(nil)
      for path in paths { #expect(await browser.send(.get, path).status == 303, "nobody \(path)") }
      browser.visits.set(TestVisits.operator)
      for path in paths {
        #expect(await browser.send(.post, path).status == 405)
        #expect(
          await browser.send(.get, path, headers: ["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"]).status
            == 403)
        #expect(
          await browser.send(.get, path, headers: ["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"]).status
            == 200)
        for (destination, status) in [("document", 200), ("iframe", 403), ("object", 403)] {
          let headers = [
            "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": destination,
          ]
          #expect(await browser.send(.get, path, headers: headers).status == status, "\(destination)")
        }
      }
    }
  }

  @Test func aPersonGetsSoManyPagesAtOnce() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      browser.isClockMoving.store(false, ordering: .relaxed)
      for _ in 0..<100 { #expect(await browser.send(.get, "/models").status == 200) }
      let refused = await browser.send(.get, "/models")
      #expect(refused.status == 429)
      #expect(refused.headers["Retry-After"] == "1")
      let page = try refused.page
      #expect(page.faults == [])
      browser.visits.set(Self.visitor(browser, [.viewer]))
      #expect(await browser.send(.get, "/models").status == 200)
      browser.visits.set(TestVisits.operator)
      browser.clock.advance(byMilliseconds: 50)
      #expect(await browser.send(.get, "/models").status == 200)
      #expect(await browser.send(.get, "/models").status == 429)
    }
  }

  @Test func oneDeploymentAloneOpensAtOnce() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      for visitor in [TestVisits.operator, Self.visitor(browser, [.viewer])] {
        browser.visits.set(visitor)
        let answer = await browser.send(.get, "/databrowser")
        #expect(answer.status == 303)
        #expect(answer.headers["Location"] == "/databrowser/\(browser.deploymentID)")
        // The mark in the band leads to the list all the same.
        let overview = try await browser.send().page
        #expect(overview.links.contains("/databrowser?all=1"))
        let list = try await browser.send(.get, "/databrowser?all=1").page
        #expect(list.faults == [] && list.all("article").count == 1)
      }
      browser.visits.set(Self.visitor(browser, []))
      let none = try await browser.send(.get, "/databrowser").page
      #expect(none.faults == [])
      #expect(none.text.contains("No deployment is open to you"))
    }
  }

  @Test func theOverviewShowsModelsAndLastChanges() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      let empty = try await browser.send().page
      #expect(empty.faults == [])
      #expect(empty.text.contains("Three steps to begin"))
      try await Self.fill(browser)
      let page = try await browser.send().page
      #expect(page.faults == [])
      #expect(page.text.contains("Alpha Air"))
      #expect(page.text.contains("Flight N1 <b>"))
      #expect(page.text.contains("created · test · 2026-01-01 00:00:00\u{A0}UTC"))
      #expect(page.text.contains("http://here/api/v4/\(browser.deploymentID)"))
      #expect(page.links.contains("/databrowser/\(browser.deploymentID)/models/flight/\(Self.flight)"))
    }
  }

  @Test func aSensitiveModelIsAbsentForOthers() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await Self.fill(browser)
      let paths = ["", "/models", "/find?q=illness", "/find?q=medical"]
      for path in paths { #expect(await browser.send(.get, path).text.lowercased().contains("medical"), "\(path)") }
      browser.visits.set(Self.visitor(browser, [.administrator]))
      for path in paths {
        let answer = await browser.send(.get, path)
        #expect(answer.status == 200)
        #expect(!answer.text.contains("Medical") && !answer.text.contains("Hidden illness"), "\(path)")
      }
      browser.visits.set(Self.visitor(browser, [.viewer], sensitive: true))
      #expect(await browser.send(.get, "/models").text.contains("Medical"))
    }
  }

  @Test func findingLeadsToModelsIdsAndTexts() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await Self.fill(browser)
      let byID = await browser.send(.get, "/find?q=+\(Self.flight.uppercased())+")
      #expect(byID.status == 303)
      #expect(byID.headers["Location"]?.hasSuffix("/models/flight/\(Self.flight)") == true)
      let byText = try await browser.send(.get, "/find?q=ALPHA").page
      #expect(byText.faults == [])
      #expect(byText.links.contains { $0.hasSuffix("/models/airline/\(Self.airline)") })
      #expect(byText.links.contains { $0.hasSuffix("/models/airline?search=ALPHA") })
      let byName = try await browser.send(.get, "/find?q=fligh").page
      #expect(byName.links.contains { $0.hasSuffix("/models/flight") })
      for text in [
        "", "nothing+at+all", "swordfish", "0195a3b2-0000-7000-8000-0000000000ee", "%3Cscript%3E", "%00", "%E2%80%AE",
      ] {
        let answer = await browser.send(.get, "/find?q=\(text)")
        #expect(answer.status == 200)
        let page = try answer.page
        #expect(page.faults == [])
        #expect(!answer.text.contains("models/flight/\(Self.flight)"), "\(text)")
      }
      #expect(await browser.send(.get, "/find?q=\(String(repeating: "a", count: 1001))").status == 422)
      #expect(browser.log.faults == [])
    }
  }
}
