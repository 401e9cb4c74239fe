import DataBrowser
import HTTPServer
import PageReading
import People
import Storage
import Testing
import Wire

/// Deployments at their limits, and what one may not see beside what one may.
@Suite struct LimitScenarios {
  private static func flights(_ count: Int, of airline: String) -> String {
    let steps = (0..<count).map {
      "{\"method\":\"POST\",\"object\":{\"type\":\"flight\",\"number\":\"N\($0)\",\"airline_id\":\"\(airline)\"}}"
    }
    return "{\"operations\":[\(steps.joined(separator: ","))]}"
  }

  @Test func whatRefersToAnObjectIsCountedWithinBounds() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      for _ in 0..<11 { try await browser.batch(Self.flights(1000, of: VisitScenarios.airline)) }
      let time = try await ContinuousClock().measure {
        let answer = await browser.send(.get, "/models/airline/\(VisitScenarios.airline)")
        #expect(answer.status == 200)
        let page = try answer.page
        #expect(page.faults == [] && page.text.contains("all more than 10,000 objects"))
        #expect(page.all("a").contains { $0.text == "Flight N999" })
      }
      #expect(time < .seconds(2))
    }
  }

  @Test func aThousandModelsOpenQuickly() async throws {
    let models = (0..<1000).map {
      "<model name=\"m\($0)\" label=\"Model \($0)\"><field name=\"n\" label=\"N\" type=\"text\"/>"
        + ($0 == 0 ? "" : "<belongs-to model=\"m0\"/>") + "<display>{n}</display></model>"
    }
    try await TestBrowser.run(schema: "<data-model>\(models.joined())</data-model>") { browser in
      let id = VisitScenarios.airline
      try await browser.batch(
        """
        {"operations":[{"method":"POST","object":{"type":"m0","id":"\(id)","n":"a"}},
          {"method":"POST","object":{"type":"m999","n":"b","m0_id":"\(id)"}}]}
        """)
      // Without a release build this says only that nothing goes with the square of the models.
      for path in [
        "", "/models", "/models?order=name", "/models/m999", "/models/m0/about", "/models/m0/\(id)", "/find?q=a",
        "/find?q=\(id)", "/models/m999/filter",
      ] {
        let time = try await ContinuousClock().measure {
          let answer = await browser.send(.get, path)
          #expect(answer.status == 200 || answer.status == 303, "\(path)")
          if answer.status == 200 {
            let page = try answer.page
            #expect(page.faults == [], "\(path)")
          }
        }
        #expect(time < .seconds(3), "\(path): \(time)")
      }
    }
  }

  @Test func aHiddenModelIsNotNamedWhereARelationshipLeadsToIt() async throws {
    let schema = """
      <data-model>
        <model name="diagnosis" label="Secret label" classification="sensitive">
          <field name="name" label="Name" type="text"/><display>{name}</display>
        </model>
        <model name="visit" label="Visit">
          <field name="place" label="Place" type="text"/>
          <belongs-to model="diagnosis" name="reason"/>
          <display>{place}</display>
        </model>
      </data-model>
      """
    try await TestBrowser.run(schema: schema) { browser in
      let (diagnosis, visit) = (VisitScenarios.airline, VisitScenarios.flight)
      try await browser.batch(
        """
        {"operations":[{"method":"POST","object":{"type":"diagnosis","id":"\(diagnosis)","name":"Illness"}},
          {"method":"POST","object":{"type":"visit","id":"\(visit)","place":"Rome","reason_id":"\(diagnosis)"}}]}
        """)
      let paths = [
        "", "/models", "/models/visit", "/models/visit/about", "/models/visit/columns", "/models/visit/filter",
        "/models/visit/filter?add=reason_id", "/models/visit/\(visit)", "/models/visit/\(visit)/peek",
        "/models/visit/\(visit)/json", "/models/visit?q[reason_id]=\(diagnosis)", "/find?q=Rome",
        "/find?q=\(diagnosis)",
        "/models/visit/pick?relationship=reason",
      ]
      for sensitive in [true, false] {
        browser.visits.set(VisitScenarios.visitor(browser, [.viewer], sensitive: sensitive))
        var names = 0
        for path in paths {
          let answer = await browser.send(.get, path)
          #expect([200, 303, 404].contains(answer.status), "\(path)")
          for word in ["diagnosis", "Secret label", "Illness"] where answer.text.contains(word) {
            names += 1
            #expect(sensitive, "\(path) tells of \(word)")
          }
        }
        #expect((names > 0) == sensitive)
      }
    }
  }

  @Test func picturesInATableAreSmallAndLoadedLate() async throws {
    // A picture of one pixel.
    let picture =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await browser.batch(
        """
        {"operations":[
          {"method":"POST","object":{"type":"flight","id":"\(VisitScenarios.flight)","number":"N1",
            "photo":{"base64":"\(picture)","filename":"a badge.png"}}},
          {"method":"POST","object":{"type":"flight","number":"N2"}}]}
        """)
      let table = try await browser.send(.get, "/models/flight?columns=photo").page
      #expect(table.faults == [])
      let image = try #require(table.all("img").first)
      #expect(table.all("img").count == 1)
      #expect(image.attributes["width"] == "40" && image.attributes["height"] == "40")
      #expect(image.attributes["loading"] == "lazy" && image.attributes["alt"] == "Photo: a badge.png")
      #expect(image.attributes["src"]?.hasPrefix("http://here/") == true)
      let object = try await browser.send(.get, "/models/flight/\(VisitScenarios.flight)").page
      #expect(object.faults == [] && object.all("img").first?.attributes["loading"] == "lazy")
      let download = try #require(object.all("a").first { $0.text == "Download" })
      #expect(download.attributes["download"] == "a badge.png" && object.text.contains("a badge.png, 70 bytes"))
    }
  }
}
