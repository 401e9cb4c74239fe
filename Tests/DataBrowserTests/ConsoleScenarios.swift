import HTTPServer
import PageReading
import People
import Storage
import StorageUnderTest
import Testing
import Web
import Wire

@testable import DataBrowser

/// The query console.
@Suite struct ConsoleScenarios {
  /// What is typed, as an address.
  private static func path(_ texts: [ConsoleText.Key: String], _ browser: TestBrowser) -> String {
    Route.console(browser.deploymentID, ConsoleText(texts)).address.text
  }

  @Test(arguments: [
    ("", 0, ""), ("landed", 1, #"["landed"]"#), ("5", 1, "[5]"), ("\"5\"", 1, #"["5"]"#), ("007", 1, #"["007"]"#),
    ("null\r\ntrue\n\n a b \n", 3, #"[null,true,"a b"]"#), (#"["a","b"]"#, 1, #"[["a","b"]]"#),
    (#"["a",5]"#, 2, #"["a",5]"#), (#"a"b"#, 1, #"["a\"b"]"#), ("1,2", 1, #"["1,2"]"#), ("1],[2", 1, #"["1],[2"]"#),
    ("[1", 1, #"["[1"]"#),
  ])
  func argumentsAreReadAsTheyAreTyped(_ typed: String, places: Int, json: String) {
    #expect(ConsoleQuestion.arguments(typed, places: places) == json)
  }

  @Test func aQueryGivesATableWithItsLinksAndCalls() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await TableScenarios.fill(browser, 40)
      for (texts, count) in [
        ([.model: "flight", .expression: "status = ? and distance >= ?", .arguments: "late\n300"], 8),
        ([.model: "flight", .query: "q[status]=late&sort[number]=1"], 14),
        ([.model: "flight", .query: "\(browser.deploymentID)/objects/flight.json?q[status]=late"], 14),
        ([.model: "flight", .query: "q[status]=late", .expression: "distance = ?", .arguments: "0"], 2),
        ([.model: "flight", .sort: "-number", .size: "100"], 40), ([.model: "flight"], 30),
        ([.model: "airline"], 0),
      ] as [([ConsoleText.Key: String], Int)] {
        let answer = await browser.send(.get, Self.path(texts, browser))
        let page = try answer.page
        #expect(answer.status == 200 && page.faults == [], "\(texts)")
        #expect(TableScenarios.rows(page).count == count, "\(texts)")
        let table = try #require(page.all("a").first { $0.text == "As a table" }?.attributes["href"])
        let rows = TableScenarios.rows(try await browser.send(.get, table).page)
        #expect(rows.prefix(30) == TableScenarios.rows(page).prefix(30))
        #expect(answer.text.contains("urllib.request") == (texts.count < 4 || texts[.query] == nil))
      }
      let sorted = await browser.send(.get, Self.path([.model: "flight", .sort: "-number", .size: "100"], browser))
      #expect(TableScenarios.rows(try sorted.page).first?.hasPrefix("Flight N1039") == true)
      #expect(sorted.text.contains("-Uri ") && sorted.text.contains("sort[number]=-1"))
    }
  }

  @Test func whatAQueryCostIsTold() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await TableScenarios.fill(browser, 40)
      for (texts, words) in [
        ([.model: "flight", .expression: "distance = ?", .arguments: "0"], "40 rows examined, without an index."),
        (
          [.model: "flight", .query: "q[airline_id]=\(VisitScenarios.airline)"],
          "0 rows examined, by the index airline_id."
        ),
        ([.model: "flight", .sort: "-$natural"], "31 rows examined, without an index."),
        ([.model: "flight", .sort: "-updated_at"], "31 rows examined, by the index updated_at."),
      ] as [([ConsoleText.Key: String], String)] {
        let answer = await browser.send(.get, Self.path(texts, browser)).text
        // PostgreSQL reads so few objects without an index wherever it likes.
        let mayReadAll = !TestStorage.isSQLite && answer.contains("40 rows examined, without an index.")
        #expect(mayReadAll || answer.contains(words), "\(texts)")
      }
    }
  }

  @Test func aQueryIsKeptAndExported() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await TableScenarios.fill(browser, 40)
      let path = Self.path([.model: "flight", .expression: "distance = ?", .arguments: "0", .sort: "number"], browser)
      let page = try await browser.send(.get, path).page
      func link(_ text: String) throws -> String {
        try #require(page.all("a").first { $0.text == text }?.attributes["href"])
      }
      let keep = try await browser.send(.get, try link("Keep")).page
      #expect(keep.faults == [] && keep.text.contains("Distance"))
      let fields = try #require(
        FormBrowser(page: keep).forms(to: "/databrowser/\(browser.deploymentID)/models/flight/keep").first)
      let form = FilterScenarios.encoded(fields.filter { $0.0 != "name" } + [("name", "None"), ("do", "save")])
      let kept = await browser.send(.post, "/models/flight/keep", form: form, headers: TestBrowser.ours)
      #expect(kept.headers["Location"]?.contains("expression=distance") == true)
      let table = await browser.send(.get, try #require(kept.headers["Location"]))
      #expect(table.text.contains("None") && table.text.contains("6 objects"))
      #expect(await browser.send(.get, try link("Export")).status == 200)
    }
  }

  @Test(
    arguments: [
      ([.model: "none"], "field-model"), ([.expression: "a = ?"], "field-model"), ([.model: "medical"], "field-model"),
      ([.model: "flight", .expression: "status ="], "field-expression"),
      ([.model: "flight", .expression: "number = ? and\nnothing = ?", .arguments: "1\n2"], "field-expression"),
      ([.model: "flight", .expression: "status = ?"], "field-arguments"),
      ([.model: "flight", .arguments: "5"], "field-arguments"), ([.model: "flight", .query: "q[a"], "field-query"),
      ([.model: "flight", .size: "7"], "field-size"),
      ([.model: "flight", .expression: "distance = ?", .arguments: "far"], nil),
      ([.model: "flight", .sort: "nothing"], nil), ([.model: "flight", .sort: "secret"], nil),
      ([.model: "flight", .expression: "secret = ?", .arguments: "a"], nil),
      ([.model: "flight", .query: "q[secret]=swordfish"], nil), ([.model: "flight", .query: "q[nothing]=1"], nil),
    ] as [([ConsoleText.Key: String], String?)])
  func whatIsWrongStandsAtItsField(_ texts: [ConsoleText.Key: String], _ id: String?) async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      browser.visits.set(VisitScenarios.visitor(browser, [.viewer]))
      let answer = await browser.send(.get, Self.path(texts, browser))
      let page = try answer.page
      #expect(answer.status == 422 && page.faults == [])
      #expect(page.all("title").first?.text.hasPrefix("Error: Query") == true)
      #expect(!answer.text.contains("Hidden illness") && page.all("table").isEmpty)
      if let id { #expect(page.all("a").contains { $0.attributes["href"] == "#\(id)" }) }
      if id == "field-expression" { #expect(page.all("pre").first?.text.hasSuffix("^") == true) }
      // What was typed stays.
      if let typed = texts[.expression] {
        #expect(page.all("textarea").first?.text.contains("=") == typed.contains("="))
      }
    }
  }

  @Test func theMarkStandsBelowTheCharacter() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      let texts: [ConsoleText.Key: String] = [
        .model: "flight", .expression: "number = ? and\nnothing = ?", .arguments: "1\n2",
      ]
      let page = try await browser.send(.get, Self.path(texts, browser)).page
      #expect(page.all("pre").first?.text == "nothing = ?\n^")
      // As browsers send it.
      let sent = "model=flight&expression=number+%3D+%3F+and%0D%0Anothing+%3D+%3F&arguments=1%0D%0A2"
      let same = await browser.send(.get, "/query?\(sent)")
      #expect(same.text.contains("wrong at position 15") && same.text.contains("nothing = ?\n^"))
    }
  }

  @Test func hostileTextsStayTexts() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      for text in ["<script>\"]]>'&", "\u{202E}abc", String(repeating: "(", count: 5000), "a\u{1}b", "? ? ?"] {
        for key in ConsoleText.Key.allCases {
          var texts: [ConsoleText.Key: String] = [.model: "flight"]
          texts[key] = text
          let answer = await browser.send(.get, Self.path(texts, browser))
          #expect([200, 422].contains(answer.status), "\(key) \(text.prefix(20))")
          let faults = try answer.page.faults
          #expect(faults == [])
          #expect(!answer.text.contains("<script>\""))
        }
      }
    }
  }

  @Test func aFormWithEmptyFieldsLeadsToTheCleanAddress() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      let answer = await browser.send(.get, "/query?model=flight&expression=&arguments=&sort=&query=&size=30")
      #expect(answer.status == 303)
      #expect(answer.headers["Location"]?.hasSuffix("/query?model=flight&size=30") == true)
      let begin = await browser.send(.get, "/query")
      #expect(begin.status == 200)
      let faults = try begin.page.faults
      #expect(faults == [])
    }
  }
}
