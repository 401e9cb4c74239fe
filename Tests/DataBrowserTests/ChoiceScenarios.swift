import DataBrowser
import HTTPServer
import PageReading
import People
import Storage
import Testing
import Wire

/// What is kept of how a person looks at data: columns, and models that were opened last.
@Suite struct ChoiceScenarios {
  private static func heads(_ browser: TestBrowser, _ path: String = "/models/flight") async throws -> [String] {
    let page = try await browser.send(.get, path).page
    #expect(page.faults == [])
    let mark = "Filter by "
    return page.all("a").compactMap { $0.attributes["aria-label"] }.filter { $0.hasPrefix(mark) }.map {
      String($0.dropFirst(mark.count))
    }
  }

  private static func choose(_ browser: TestBrowser, _ columns: [String], act: String) async -> String? {
    var pairs = [("ticket", browser.ticket(to: "/models/flight/columns")), ("q[distance.gte]", "0"), ("do", act)]
    for (index, column) in columns.enumerated() { pairs += [("c[]", column), ("n[\(column)]", "\(index)")] }
    let answer = await browser.send(
      .post, "/models/flight/columns", form: FilterScenarios.encoded(pairs), headers: TestBrowser.ours)
    #expect(answer.status == 303)
    return answer.headers["Location"]
  }

  @Test func columnsAreKeptForTheirPersonAndStandInTheAddressWhereTheyDiffer() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await TableScenarios.fill(browser, 3)
      let table = "/databrowser/\(browser.deploymentID)/models/flight"
      let usual = try await Self.heads(browser)
      #expect(usual.prefix(2) == ["Number", "Distance"])
      // In this view alone.
      let once = await Self.choose(browser, ["day", "number"], act: "once")
      #expect(once == table + "?q[distance.gte]=0&columns=day,number")
      #expect(try await Self.heads(browser) == usual)
      // From now on.
      #expect(await Self.choose(browser, ["day", "number"], act: "apply") == table + "?q[distance.gte]=0")
      #expect(try await Self.heads(browser, "/models/flight?q[distance.gte]=0") == ["Day", "Number"])
      let page = try await browser.send(.get, "/models/flight?columns=day,number").page
      #expect(!page.links.contains { $0.contains("columns=") })
      let other = try await browser.send(.get, "/models/flight?columns=number").page
      #expect(other.links.contains { $0.contains("columns=number") && $0.contains("sort[number]=1") })
      #expect(try await Self.heads(browser, "/models/flight?columns=number") == ["Number"])
      // The model's own stand in the address once they are not what one has.
      let own = await browser.send(.get, "/models/flight/columns?do=usual")
      #expect(own.headers["Location"]?.hasPrefix(table + "?columns=number,distance,") == true)
      browser.visits.set(VisitScenarios.visitor(browser, [.viewer]))
      #expect(try await Self.heads(browser) == usual)
      browser.visits.set(TestVisits.operator)
      #expect(await Self.choose(browser, [], act: "usual") == table + "?q[distance.gte]=0")
      #expect(try await Self.heads(browser) == usual)
    }
  }

  @Test func aColumnThatIsNoMoreIsPassedOver() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await TableScenarios.fill(browser, 3)
      let usual = try await Self.heads(browser)
      for (columns, expected) in [(["gone", "day"], ["Day"]), (["gone"], usual)] {
        try await browser.people.choose(
          columns: columns, of: "flight", in: browser.deploymentID, for: TestVisits.operator)
        #expect(try await Self.heads(browser) == expected)
      }
    }
  }

  private static let models = (0..<30).map {
    "<model name=\"m\($0)\" label=\"Model \($0)\"><field name=\"n\" label=\"N\" type=\"text\"/><display>{n}</display></model>"
  }.joined()

  private static func side(_ browser: TestBrowser) async throws -> [String] {
    let page = try await browser.send().page
    let side = try #require(page.elements.firstIndex { $0.attributes["class"] == "side" })
    return page.elements.filter { $0.name == "li" && $0.ancestors.contains(side) }.map {
      String($0.text.dropLast(1))
    }
  }

  @Test func theSideBarHasTheModelsThatOneOpenedLast() async throws {
    try await TestBrowser.run(schema: "<data-model>\(Self.models)</data-model>") { browser in
      #expect(try await Self.side(browser) == (0..<20).map { "Model \($0)" })
      for model in [25, 29, 25] { #expect(await browser.send(.get, "/models/m\(model)").status == 200) }
      #expect(await browser.send(.get, "/models/nothing").status == 404)
      let expected = (0..<18).map { "Model \($0)" } + ["Model 25", "Model 29"]
      #expect(try await Self.side(browser) == expected)
      browser.visits.set(VisitScenarios.visitor(browser, [.viewer]))
      #expect(try await Self.side(browser) == (0..<20).map { "Model \($0)" })
      browser.visits.set(TestVisits.operator)
      // A page costs no write; once a minute they are kept.
      let person = TestVisits.operator.person.id
      #expect(try await browser.people.store.recentModels(in: browser.deploymentID, for: person) == [])
      try await browser.people.tend()
      #expect(try await browser.people.store.recentModels(in: browser.deploymentID, for: person) == ["m25", "m29"])
      for model in 5..<30 { #expect(await browser.send(.get, "/models/m\(model)/about").status == 200) }
      #expect(try await Self.side(browser) == (10..<30).map { "Model \($0)" })
    }
  }
}
