import DataBrowser
import Foundation
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

  /// In thousands; 175 with `SOJOURN_MANY_OBJECTS=175000`, which takes some minutes to write without a release build.
  private static let thousands =
    (ProcessInfo.processInfo.environment["SOJOURN_MANY_OBJECTS"].flatMap(Int.init) ?? 20_000) / 1000

  /// No figure of speed, which the benchmark has: what goes with the square of these counts takes longer on any machine.
  private static let hang = Duration.seconds(30)

  @Test func whatRefersToAnObjectIsFoundWithinBounds() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      for _ in 0..<Self.thousands { try await browser.batch(Self.flights(1000, of: VisitScenarios.airline)) }
      func page(_ path: String) async throws -> ReadPage {
        var page = try ReadPage(Array("<html/>".utf8))
        let time = try await ContinuousClock().measure {
          let answer = await browser.send(.get, path)
          #expect(answer.status == 200, "\(path)")
          page = try answer.page
        }
        #expect(page.faults == [] && time < Self.hang, "\(path): \(time)")
        return page
      }
      let object = try await page("/models/airline/\(VisitScenarios.airline)")
      #expect(object.text.contains("all more than 10,000 objects"))
      #expect(object.all("a").contains { $0.text == "Flight N999" })
      let all = try #require(object.all("a").first { $0.text.hasPrefix("all more than") }?.attributes["href"])
      let related = try await page(all)
      #expect(TableScenarios.rows(related).prefix(2) == ["Flight N999", "Flight N998"])
      let count = try #require(related.links.first { $0.contains("count=long") })
      // One more refers to it since `fill`.
      let exact = try await page(count.hasPrefix("?") ? "/models/flight" + count : count).text
      #expect(exact.contains("\(Self.thousands),001 objects"), "\(exact.split(separator: "First")[0].suffix(80))")
      let next = try await page(try #require(TableScenarios.step("Next", related)))
      #expect(TableScenarios.rows(next).first == "Flight N969")
      let last = try await page(try #require(TableScenarios.step("Last", related)))
      #expect(TableScenarios.rows(last).last == "Flight N1 <b>")
      // Whatever is looked for among them, none is missing.
      #expect(try await page("/models/medical/pick?relationship=flight&text=N999").text.contains("Flight N999"))
      #expect(try await page("/models/medical/pick?relationship=flight").text.contains("Flight N"))
      let filtered = try await page("\(all)&q[number]=N7")
      #expect(filtered.text.contains("\(Self.thousands) objects"))
      #expect(TableScenarios.rows(filtered).allSatisfy { $0 == "Flight N7" })
      // Unfiltered it is always exact.
      #expect(try await page("/models/flight").text.contains("\(Self.thousands),002"))
      try await deletes(browser, try await page("/models/airline/\(VisitScenarios.airline)/delete"))
    }
  }

  /// So many are not cleared with it: the page says so, and the object goes alone, as quickly as any.
  private func deletes(_ browser: TestBrowser, _ page: ReadPage) async throws {
    #expect(page.text.contains("Flight by airline: \(Self.thousands),001 objects"))
    #expect(page.text.contains("Their ids will lead nowhere once it is deleted."))
    #expect(page.text.contains("They cannot be cleared together with it: at most 999 objects can be changed with it."))
    #expect(!page.all("input").contains { $0.attributes["name"] == "clear" })
    let path = "/databrowser/\(browser.deploymentID)/models/airline/\(VisitScenarios.airline)/delete"
    let form = try #require(FormBrowser(page: page).fields(of: path))
    // Also where somebody asks for it all the same.
    let cleared = await browser.send(
      .post, path, form: FilterScenarios.encoded(form + [("clear", "true")]), headers: TestBrowser.ours)
    #expect(cleared.status == 409)
    let time = try await ContinuousClock().measure {
      let again = try #require(FormBrowser(page: try cleared.page).fields(of: path))
      let deleted = await browser.send(.post, path, form: FilterScenarios.encoded(again), headers: TestBrowser.ours)
      #expect(deleted.status == 303)
    }
    #expect(time < Self.hang, "\(time)")
    #expect(await browser.send(.get, "/models/airline/\(VisitScenarios.airline)").status == 404)
    #expect(try await browser.send(.get, "/models/flight").page.text.contains("\(Self.thousands),002"))
  }

  @Test func manyModelsOpenQuickly() async throws {
    let models = (0..<1500).map {
      "<model name=\"m\($0)\" label=\"Model \($0)\"><field name=\"n\" label=\"N\" type=\"text\"/>"
        + ($0 == 0 ? "" : "<belongs-to model=\"m0\"/>") + "<display>{n}</display></model>"
    }
    try await TestBrowser.run(schema: "<data-model>\(models.joined())</data-model>") { browser in
      let id = VisitScenarios.airline
      try await browser.batch(
        """
        {"operations":[{"method":"POST","object":{"type":"m0","id":"\(id)","n":"a"}},
          {"method":"POST","object":{"type":"m1499","n":"b","m0_id":"\(id)"}}]}
        """)
      for path in [
        "", "/models", "/models?order=name", "/models/m1499", "/models/m0/about", "/models/m0/\(id)", "/find?q=a",
        "/find?q=\(id)", "/models/m1499/filter",
      ] {
        let time = try await ContinuousClock().measure {
          let answer = await browser.send(.get, path)
          #expect(answer.status == 200 || answer.status == 303, "\(path)")
          if answer.status == 200 {
            let page = try answer.page
            #expect(page.faults == [], "\(path)")
          }
        }
        #expect(time < Self.hang, "\(path): \(time)")
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
