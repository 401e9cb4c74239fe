import DataBrowser
import DataModel
import Deployments
import HTTPServer
import PageReading
import Storage
import Testing
import Wire

/// Exports of as much as one takes, while others write, and of texts that a spreadsheet would compute.
@Suite("An export at its limits")
struct ExportLimitScenarios {
  private static func schema(_ more: String = "") -> String {
    """
    <data-model><model name="item" label="Item"><field name="number" label="Number" type="integer"/>\(more)
    <display>{number}</display></model></data-model>
    """
  }

  private static func id(_ number: Int) -> ObjectID {
    ObjectID(high: 0x0195_a3b2_0000_7000, low: 1 << 63 | UInt64(number))
  }

  /// In one go each thousand.
  private static func write(_ browser: TestBrowser, _ numbers: Range<Int>, _ value: (Int) -> Int) async throws {
    let store = try browser.deployments.deployment(browser.deploymentID).store
    for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 1000) {
      while true {
        let model = try #require(store.dataModel.models.first)
        let position = try #require(model.position(of: "number"))
        let steps = (start..<min(start + 1000, numbers.upperBound)).map { number in
          var row = [StoredValue](repeating: .null, count: model.columns.count)
          row[position] = .integer(Int64(value(number)))
          return WriteStep.put(model, id(number), row)
        }
        do {
          let outcomes = try await store.write(WritePlan(steps: steps, policy: .atomic, origin: "test")).steps
          #expect(!outcomes.contains { $0.isFailure })
          break
        } catch StorageError.replan {
          continue
        }
      }
    }
  }

  private static func lines(_ answer: TestBrowser.Answer) -> [Substring] {
    answer.text.split(whereSeparator: \.isNewline)
  }

  @Test("takes 50,000 objects and not one more, and says so before it is asked for")
  func most() async throws {
    try await TestBrowser.run(schema: Self.schema()) { browser in
      func export(_ query: String) async -> TestBrowser.Answer {
        await browser.send(.get, "/models/item/export?\(query)")
      }
      try await Self.write(browser, 0..<49_999) { $0 }
      for count in [49_999, 50_000] {
        try await Self.write(browser, 49_999..<count) { $0 }
        let form = try await export("").page
        #expect(form.text.contains("\(Grouped.text(count)) objects, which is all of them"))
        #expect(form.all("button").contains { $0.text == "Download" })
        let file = await export("as=csv")
        #expect(file.status == 200)
        let lines = Self.lines(file)
        #expect(lines.count == count + 1 && Set(lines).count == lines.count)
      }
      #expect(Self.lines(await export("as=spreadsheet")).count == 50_001)

      try await Self.write(browser, 50_000..<50_001) { $0 }
      let words = "50,001 objects, and one export takes at most 50,000. Narrow the view, and export it in parts."
      let form = try await export("").page
      #expect(form.faults == [] && form.text.contains(words))
      #expect(!form.all("button").contains { $0.text == "Download" })
      #expect(form.links.contains { $0.hasSuffix("/models/item/filter") })
      for format in ["csv", "spreadsheet", "ndjson", "json"] {
        let refused = await export("as=\(format)")
        #expect(refused.status == 422 && refused.headers["Content-Disposition"] == nil)
        let page = try refused.page
        #expect(page.faults == [] && page.text.contains(words) && page.text.contains("Nothing was exported."))
      }
      // A part of it goes.
      let part = await export("as=ndjson&q[number.lt]=50000")
      #expect(part.status == 200 && Self.lines(part).count == 50_000)
    }
  }

  @Test("is of one moment, whatever is written, trimmed and deployed meanwhile")
  func oneMoment() async throws {
    try await TestBrowser.run(schema: Self.schema()) { browser in
      // All of them have one number at any moment.
      try await Self.write(browser, 0..<1000) { _ in 0 }
      let store = try browser.deployments.deployment(browser.deploymentID).store
      func change() async throws {
        for round in 1...24 {
          try await Self.write(browser, 0..<1000) { _ in round }
          if round % 3 == 0 { while try await !store.trimOplog(.before(.max)).isDone {} }
          if round % 4 == 0 {
            let more = "<field name=\"more\" label=\"More\" type=\"text\"/>"
            let schema = Self.schema(round % 8 == 0 ? "" : more)
            _ = try await store.deploy(try #require(DataModelReader.read(Array(schema.utf8)).model), by: nil)
          }
        }
      }
      func exports(_ format: String) async -> Set<Substring> {
        var seen: Set<Substring> = []
        for _ in 0..<12 {
          let file = await browser.send(.get, "/models/item/export?as=\(format)&columns=number&fields=view")
          #expect(file.status == 200, "\(file.text.prefix(300))")
          let rows = Self.lines(file).dropFirst()
          #expect(rows.count == 1000 && Set(rows).count == (format == "csv" ? 1000 : 1))
          let numbers = Set(rows.map { $0.split(separator: ",")[1] })
          #expect(numbers.count == 1, "\(numbers)")
          seen.formUnion(numbers)
        }
        return seen
      }
      async let changed: Void = change()
      async let first = exports("csv")
      async let second = exports("spreadsheet")
      let seen = await first.union(second)
      try await changed
      #expect(seen.count > 1, "nothing was written meanwhile")
      #expect(browser.log.faults == [])
    }
  }

  // MARK: Formulas.

  private static let texts = """
    <data-model>
      <model name="owner" label="Owner"><field name="name" label="Name" type="text"/><display>{name}</display></model>
      <model name="thing" label="Thing">
        <field name="name" label="Name" type="text"/><field name="notes" label="Notes" type="text:paragraph"/>
        <belongs-to model="owner"/><display>{name}</display>
      </model>
    </data-model>
    """

  struct Cell: Sendable, CustomTestStringConvertible {
    let text: String
    let forPrograms: String
    let forSpreadsheets: String
    var testDescription: String { forPrograms }

    init(_ text: String, _ forPrograms: String, _ forSpreadsheets: String) {
      (self.text, self.forPrograms, self.forSpreadsheets) = (text, forPrograms, forSpreadsheets)
    }
  }

  static let cells = [
    Cell("=1+1", "=1+1", "'=1+1"), Cell("=", "=", "'="), Cell("+1", "+1", "'+1"), Cell("-1", "-1", "'-1"),
    Cell("@SUM(A1)", "@SUM(A1)", "'@SUM(A1)"), Cell("\tx", "\tx", "'\tx"), Cell("\rx", "\"\rx\"", "\"'\rx\""),
    Cell("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
    Cell(
      "=HYPERLINK(\"http://a\",\"b\")", "\"=HYPERLINK(\"\"http://a\"\",\"\"b\"\")\"",
      "\"'=HYPERLINK(\"\"http://a\"\",\"\"b\"\")\""),
    Cell("-\nx", "\"-\nx\"", "\"'-\nx\""), Cell("\t\"", "\"\t\"\"\"", "\"'\t\"\"\""),
    // None that a spreadsheet would compute.
    Cell(" =1", " =1", " =1"), Cell("'=1", "'=1", "'=1"), Cell("1-2", "1-2", "1-2"),
    Cell("a,=b", "\"a,=b\"", "\"a,=b\""),
    Cell("\n=1", "\"\n=1\"", "\"\n=1\""), Cell("x\r\n=1", "\"x\r\n=1\"", "\"x\r\n=1\""),
  ]

  @Test("guards a text that a spreadsheet would compute, wherever it stands, for spreadsheets alone", arguments: cells)
  func formulas(_ cell: Cell) async throws {
    try await TestBrowser.run(schema: Self.texts) { browser in
      let (owner, text) = (VisitScenarios.airline, HostileScenarios.quoted(cell.text))
      try await browser.batch(
        """
        {"operations":[{"method":"POST","object":{"type":"owner","id":"\(owner)","name":\(text)}},
          {"method":"POST","object":{"type":"thing","id":"\(VisitScenarios.flight)","name":\(text),"notes":\(text),
            "owner_id":"\(owner)"}}]}
        """)
      let columns = "columns=name,notes,owner&fields=view"
      let programs = await browser.send(.get, "/models/thing/export?as=csv&\(columns)")
      #expect(
        programs.text == "id,name,notes,owner_id\r\n"
          + "\(VisitScenarios.flight),\(cell.forPrograms),\(cell.forPrograms),\(owner)\r\n")
      let spreadsheets = await browser.send(.get, "/models/thing/export?as=spreadsheet&\(columns)")
      let four = Array(repeating: cell.forSpreadsheets, count: 4).joined(separator: ",")
      #expect(spreadsheets.text == "\u{FEFF}Object,Name,Notes,owner\r\n\(four)\r\n")
    }
  }
}
