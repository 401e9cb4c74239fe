import DataBrowser
import HTTPServer
import PageReading
import People
import Storage
import Testing
import Wire

/// Finding objects by what their displays show, in the flights example.
@Suite("Finding by words of a display")
struct FindScenarios {
  /// The flights' display is `{airline.carrier} {number} {origin} - {destination}`.
  private static func run(_ body: (TestBrowser) async throws -> Void) async throws {
    try await TestBrowser.run(schema: try ShownPages.text("schema.xml")) { browser in
      for (model, file) in [("airline", "airlines"), ("airport", "airports"), ("flight", "flights-week1")] {
        var text = try ShownPages.text("\(file).csv")
        // A day of flights is enough.
        text = text.split(separator: "\n").prefix(900).joined(separator: "\n")
        try await ShownPages.load(text, as: model, into: browser)
      }
      try await body(browser)
    }
  }

  private static func found(_ browser: TestBrowser, _ text: String) async throws -> [String] {
    let query = text.replacing(" ", with: "+").replacing("&", with: "%26")
    let answer = await browser.send(.get, "/find?q=\(query)")
    let page = try answer.page
    #expect(answer.status == 200 && page.faults == [], "\(text)")
    return page.all("a").filter { $0.attributes["href"]?.contains("/models/flight/") == true }.map(\.text)
  }

  @Test("A flight is found by its airline and its number, in any order, whatever signs are between them")
  func words() async throws {
    try await Self.run { browser in
      for text in ["UA 15", "15 ua", "ua, 15", "UA 15 EWR - HNL", "(UA) 15"] {
        let found = try await Self.found(browser, text)
        #expect(!found.isEmpty && found.count <= 5, "\(text)")
        for display in found {
          #expect(display.hasPrefix("UA ") && display.contains("15"), "\(text): \(display)")
        }
      }
      for text in ["UA zz", "ZZ 15", "UA 15 EWR - HNL nowhere", "- -", "a b c d e f g h i j"] {
        #expect(try await Self.found(browser, text).isEmpty, "\(text)")
      }
      // One word is found as it always was.
      #expect(try await Self.found(browser, "N14228").allSatisfy { $0.hasPrefix("UA ") })
      let page = try await browser.send(.get, "/find?q=UA+15").page
      #expect(page.text.contains("display"))
    }
  }

  private static let called: [(query: String, display: String, match: FindMatch?)] = [
    ("n1416", "N1416", .equal), ("UA 1416", "UA 1416 EWR - SFO", .beginning), ("1416", "UA 1416 EWR - SFO", .words),
    ("sfo 1416", "UA 1416 EWR - SFO", .words), ("(UA) 1416 -", "UA 1416 EWR - SFO", .words),
    ("UA 14", "UA 1416 EWR - SFO", .start), ("141", "UA 1416 EWR - SFO", .parts), ("416 ew", "UA 1416 EWR", .parts),
    ("1416 jfk", "UA 1416 EWR - SFO", nil), ("ÉTÉ", "été", .equal), ("t", "été", .parts), ("  ua ", "UA", .equal),
    ("-", "UA 1416 EWR - SFO", nil), ("", "x", nil), ("x", "", nil), ("a", "b a", .words), ("14", "1416 14", .words),
  ]

  @Test("How a display fits is told by its words", arguments: called.indices)
  func matches(_ index: Int) {
    let (query, display, match) = Self.called[index]
    #expect(FindText(query).match(display: display) == match, "\(query): \(display)")
  }

  @Test(
    "A value holds a text as a search finds it, whatever marks stand behind its letters",
    arguments: [
      ("caf", "Cafe\u{301} Sojourn", true), ("cafe", "Cafe\u{301} Sojourn", true), ("É", "été", true),
      ("e", "é", false),
      ("ab", "a b", false), ("abc", "ab", false),
    ])
  func values(_ query: String, _ value: String, _ isIn: Bool) {
    #expect(FindText(query).isIn(value) == isIn, "\(query): \(value)")
  }

  @Test("What is called so stands first, whatever else holds the text, and each object says what of it fits")
  func order() async throws {
    try await Self.run { browser in
      try await ShownPages.load(try ShownPages.text("planes.csv"), as: "plane", into: browser)
      for query in ["1416", "UA+1416", "ua+1416", "1416+ua", "UA+1416+EWR"] {
        let page = try await browser.send(.get, "/find?q=\(query)").page
        #expect(page.faults == [], "\(query)")
        let found = page.all("li").map(\.text).filter {
          $0.contains("-") && $0.contains("has ") || $0.contains("begins ")
        }
        let words = query.contains("+") ? query.hasPrefix("1416") ? "has all words" : "begins with it" : "has the word"
        #expect(found.first?.hasPrefix("UA 1416 EWR - ") == true, "\(query): \(found)")
        #expect(found.first?.contains(words) == true, "\(query): \(found)")
      }
      let page = try await browser.send(.get, "/find?q=1416").page
      let heads = page.all("h2").map(\.text).filter { ["Airline", "Airport", "Flight", "Plane"].contains($0) }
      #expect(heads == ["Flight", "Plane"])
      let lines = page.all("li").map(\.text)
      #expect(lines.contains { $0.hasPrefix("N14162 has a part of a word") })
      #expect(lines.contains { $0.contains("Distance (miles): 1416") })
    }
  }

  @Test("What a sensitive model says is not followed")
  func sensitive() async throws {
    let schema = try ShownPages.text("schema.xml").replacing(
      "<model name=\"airline\" label=\"Airline\">",
      with: "<model name=\"airline\" label=\"Airline\" classification=\"sensitive\">")
    try await TestBrowser.run(schema: schema) { browser in
      let airline = "0195a3b2-0000-7000-8000-00000000000a"
      try await browser.batch(
        """
        {"operations":[
          {"method":"POST","object":{"type":"airline","id":"\(airline)","carrier":"UA","name":"United"}},
          {"method":"POST","object":{"type":"flight","number":488,"airline_id":"\(airline)"}}
        ]}
        """)
      #expect(try await Self.found(browser, "UA 488").count == 1)
      browser.visits.set(VisitScenarios.visitor(browser, [.viewer]))
      #expect(try await Self.found(browser, "UA 488").isEmpty)
    }
  }

  @Test("An object for a relationship is found by the words of its display, too")
  func picking() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      let path = "/models/medical/pick?relationship=flight&text=flight+n1"
      let page = try await browser.send(.get, path).page
      #expect(page.faults == [] && page.text.contains("Flight N1 <b>"))
    }
  }
}
