import DataBrowser
import DataModel
import Deployments
import HTTPServer
import PageReading
import Storage
import Testing
import Wire

/// Tables by their addresses.
@Suite struct TableScenarios {
  static func fill(_ browser: TestBrowser, _ count: Int) async throws {
    let flights = (0..<count).map { index in
      """
      {"method":"POST","object":{"type":"flight","number":"N\(1000 + index)","distance":\(index % 7 * 100),
        "status":"\(index % 3 == 0 ? "late" : "landed")"}}
      """
    }
    try await browser.batch("{\"operations\":[\(flights.joined(separator: ","))]}")
  }

  /// The displays of the rows, and the links of the pager by their words.
  static func rows(_ page: ReadPage) -> [String] {
    page.all("th").filter { $0.attributes["scope"] == "row" }.map { row in
      row.text.hasSuffix(" ⋯") ? String(row.text.dropLast(2)) : row.text
    }
  }

  static func step(_ name: String, _ page: ReadPage) -> String? {
    page.all("a").first { $0.text == name && $0.attributes["class"] == "button small" }?.attributes["href"]
  }

  @Test func pagesGoForthAndBackOverAllObjectsOnce() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await Self.fill(browser, 95)
      for query in [
        "", "?sort[distance]=1", "?sort[distance]=-1&sort[number]=1", "?q[status]=landed", "?sort[status]=1",
      ] {
        var forth: [[String]] = []
        var path: String? = "/models/flight\(query)"
        var last = ""
        while let next = path {
          let answer = await browser.send(.get, next)
          #expect(answer.status == 200)
          let page = try answer.page
          #expect(page.faults == [])
          forth.append(Self.rows(page))
          last = next
          path = Self.step("Next", page)
        }
        let all = forth.joined().count
        #expect(all == (query.contains("landed") ? 63 : 95), "\(query)")
        #expect(Set(forth.joined()).count == all)
        // Back from the last page, and from the end.
        var back: [[String]] = []
        path = last
        while let previous = path {
          let page = try await browser.send(.get, previous).page
          back.append(Self.rows(page))
          path = Self.step("Previous", page)
        }
        #expect(Array(back.reversed().joined().suffix(all)) == Array(forth.joined()), "\(query)")
        let first = try await browser.send(.get, "/models/flight\(query)").page
        let end = try await browser.send(.get, try #require(Self.step("Last", first))).page
        #expect(Self.rows(end) == Array(forth.joined().suffix(30)), "\(query)")
      }
    }
  }

  @Test func rowsShowTheirValues() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      let answer = await browser.send(
        .get, "/models/flight?columns=number,status,tags,is_cargo,notes,secret,airline,place,day,id")
      let page = try answer.page
      #expect(page.faults == [])
      for text in [
        "Flight N1 <b>", "Landed", "Alpha", "Beta", "Yes", "Alpha Air", "40.5, -73.75", "2013-01-31", "no such object",
        "empty text", "empty list", "no value", "masked",
      ] { #expect(page.text.contains(text), "\(text)") }
      #expect(!answer.text.contains("swordfish"))
      #expect(page.links.contains { $0.hasSuffix("/models/airline/\(VisitScenarios.airline)") })
    }
  }

  @Test(arguments: [
    ("q[status]=landed", 63), ("q[number]=N1001", 1), ("expression=number+contains+%3F&arguments=[\"n100\"]", 10),
    ("search=N1005", 1), ("q[distance.gte]=300&q[status]=late", 18), ("q[notes.null]=true", 95),
    ("q[status]=landed&search=N100&expression=distance+in+%3F&arguments=[[100,200]]", 3), ("q[status]=none", 0),
  ])
  func filtersHoldTogether(_ query: String, _ count: Int) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await Self.fill(browser, 95)
      let answer = await browser.send(.get, "/models/flight?\(query)&size=100")
      #expect(answer.status == 200)
      let page = try answer.page
      #expect(page.faults == [])
      #expect(Self.rows(page).count == count)
      #expect(page.text.contains(Grouped.text(count, "object")))
      #expect(page.text.contains("No object fits") == (count == 0))
    }
  }

  @Test func chipsSayWhatHoldsAndCanBeRemoved() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      let path =
        "/models/flight?q[airline_id]=\(VisitScenarios.airline)&q[status]=landed&search=N1"
        + "&expression=(number+contains+%3F+or+distance+%3E+%3F)+and+notes+!=+%3F&arguments=[\"n\",5,null]"
      let page = try await browser.send(.get, path).page
      #expect(page.faults == [])
      let chips = page.all("li").filter { $0.attributes["class"] == "chip" }.map { String($0.text.dropLast()) }
      #expect(
        chips == [
          "holds “N1”", "airline is “Alpha Air”", "Status is Landed", "Number contains n or Distance > 5",
          "Notes has a value",
        ])
      var removed = page
      for rest in (0..<5).reversed() {
        let link = try #require(removed.all("a").first { $0.attributes["aria-label"]?.hasPrefix("Remove: ") == true })
        removed = try await browser.send(.get, try #require(link.attributes["href"])).page
        #expect(removed.all("li").count { $0.attributes["class"] == "chip" } == rest)
        #expect(Self.rows(removed).contains("Flight N1 <b>"))
      }
      let byHand = try await browser.send(
        .get, "/models/flight?expression=(number+=+%3F+and+notes+=+%3F)+or+distance+=+%3F&arguments=[\"a\",\"b\",1]"
      ).page
      #expect(byHand.text.contains("by hand: (number = ? and notes = ?) or distance = ?"))
    }
  }

  @Test(arguments: [
    "q[secret]=swordfish", "q[secret.null]=true", "sort[secret]=1", "expression=secret+=+%3F&arguments=[\"swordfish\"]",
    "expression=number+=+%3F+or+secret+starts+with+%3F&arguments=[1,\"s\"]", "q[nothing]=1", "sort[nothing]=1",
    "size=31",
    "size=-1", "row=1000001", "row=x", "after=forged", "before=forged", "expression=number+%3D", "arguments=[1]",
    "arguments={", "q[distance]=far", "q[status]", "q=1", "sort=1", "sort[number]=2",
  ])
  func whatCannotBeShownSaysWhy(_ query: String) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      let answer = await browser.send(.get, "/models/flight?\(query)")
      #expect(answer.status == 422)
      let page = try answer.page
      #expect(page.faults == [])
      #expect(page.links.contains { $0.hasSuffix("/models/flight") })
      #expect(browser.log.faults == [])
    }
  }

  @Test func aCursorOfAnotherViewLeadsToTheFirstPage() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await Self.fill(browser, 40)
      let page = try await browser.send(.get, "/models/flight?sort[number]=1").page
      let next = try #require(Self.step("Next", page))
      let other = await browser.send(.get, next + "&q[status]=landed")
      #expect(other.status == 422)
      let ways = try other.page
      #expect(ways.all("a").contains { $0.text == "First page" })
    }
  }

  @Test func whatADeployTookFromAViewIsToldWithAWayOut() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await Self.fill(browser, 40)
      var opened = ["/models/flight?sort[delay]=1", "/models/flight?columns=delay,number&q[delay.gte]=0"]
      for path in opened {
        let page = try await browser.send(.get, path).page
        if let next = Self.step("Next", page) { opened.append(next) }
      }
      #expect(opened.count > 2)
      let schema = Schemas.flights.replacing("<field name=\"delay\" label=\"Delay\" type=\"number\"/>", with: "")
      let model = try #require(DataModelReader.read(Array(schema.utf8)).model)
      _ = try await browser.deployments.deploy(model, to: browser.deploymentID, by: nil)
      for path in opened {
        let answer = await browser.send(.get, path)
        let page = try answer.page
        #expect(answer.status == 422 && page.faults == [], "\(path): \(answer.status)")
        #expect(page.all("a").contains { $0.attributes["href"]?.contains("/models/flight") == true }, "\(path)")
      }
      #expect(browser.log.faults == [])
    }
  }

  @Test func goingToARowCountsFromOne() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await Self.fill(browser, 95)
      let page = try await browser.send(.get, "/models/flight?sort[number]=1&row=50").page
      #expect(Self.rows(page).first == "Flight N1049")
      let before = try await browser.send(.get, try #require(Self.step("Previous", page))).page
      #expect(Self.rows(before).last == "Flight N1048")
      let beyond = try await browser.send(.get, "/models/flight?row=500").page
      #expect(beyond.text.contains("nothing further"))
    }
  }

  @Test func aSensitiveModelHasNoTable() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      #expect(await browser.send(.get, "/models/medical").status == 200)
      browser.visits.set(VisitScenarios.visitor(browser, [.administrator]))
      #expect(await browser.send(.get, "/models/medical").status == 404)
      #expect(await browser.send(.get, "/models/medical/filter").status == 404)
      #expect(await browser.send(.get, "/models/none").status == 404)
    }
  }

  @Test func theViewAsACallIsTheAPIs() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      func curl(_ query: String) async throws -> String? {
        try await browser.send(.get, "/models/flight?\(query)").page.element(withID: "curl")?.text
      }
      #expect(
        try await curl("q[number]=it's")
          == "curl -g -u \"\(browser.deploymentID):$SOJOURN_PASSWORD\" 'http://here/api/v4/\(browser.deploymentID)/objects/flight.json?q[number]=it%27s&sort[$natural]=-1&limit=30'"
      )
      let posted = try await curl("expression=number+=+%3F&arguments=[\"it's\"]")
      #expect(posted?.contains("objects/flight/query.json'") == true)
      #expect(
        posted?.hasSuffix(
          "-d '{\"expression\":\"number = ?\",\"arguments\":[\"it'\\''s\"],\"sort\":[\"-$natural\"],\"limit\":30}'")
          == true)
      #expect(try await curl("search=a&q[number]=b") == nil)
    }
  }
}
