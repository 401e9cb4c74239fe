import APIClient
import DataBrowser
import DataModel
import Foundation
import HTTPServer
import JSON
import PageReading
import People
import Storage
import Synchronization
import Testing
import Wire

/// Exports of a view.
@Suite("An export")
struct ExportScenarios {
  fileprivate static let schema = """
    <data-model>
      <model name="owner" label="Owner">
        <field name="name" label="Name" type="text"/>
        <display>{name}</display>
      </model>
      <model name="thing" label="Thing, ünique &quot;and&quot; 100%">
        <field name="name" label="=Name" type="text"/>
        <field name="notes" label="Notes" type="text:paragraph"/>
        <field name="count" label="Count" type="integer"/>
        <field name="weight" label="Weight" type="number"/>
        <field name="day" label="Day" type="date"/>
        <field name="at" label="At" type="datetime"/>
        <field name="is_good" label="Good" type="boolean"/>
        <field name="kind" label="Kind" type="single-choice"><option key="a">+A</option><option key="b,c">B</option></field>
        <field name="rank" label="Rank" type="single-choice-integer"><option key="1">One</option><option key="2">Two</option></field>
        <field name="tags" label="Tags" type="multiple-choice"><option key="x">X</option><option key="y&quot;z">Y</option><option key="p|q">P</option><option key="[&quot;x&quot;]">L</option><option key="|">B</option><option key="[&quot;&#x301;x&quot;]">M</option></field>
        <field name="marks" label="Marks" type="multiple-choice-integer"><option key="1">1</option><option key="2">2</option></field>
        <field name="place" label="Place" type="location"/>
        <field name="way" label="Way" type="track"/>
        <field name="photo" label="Photo" type="photo"/>
        <field name="pin" label="Pin" type="text:password"/>
        <belongs-to model="owner"/>
        <display>{name}</display>
      </model>
      <model name="illness" label="Illness" classification="sensitive">
        <field name="name" label="Name" type="text"/>
        <display>{name}</display>
      </model>
    </data-model>
    """

  private static let owner = "0195a3b2-0000-7000-8000-000000000001"

  // MARK: Random objects.

  private static let texts = [
    "", " ", "a", "a,b", "\"", "\"\"", "a\"b", "=1+1", "+1", "-1", "@x", "\tx", "\rx", "line\nline", "line\r\nline",
    "'x", "|",
    "null", "true", "1", "<b>&amp;", "\u{202E}abc", "\u{1F600}", "\\", "\u{7}", "\u{FEFF}x", "é",
    String(repeating: "long ", count: 400),
  ]

  private static func thing(_ random: inout some RandomNumberGenerator) -> String {
    func one(_ values: [String]) -> String { values.randomElement(using: &random) ?? "null" }
    func text() -> String { HostileScenarios.quoted(texts.randomElement(using: &random) ?? "") }
    var members = ["\"type\":\"thing\""]
    func add(_ name: String, _ value: String) {
      if Int.random(in: 0..<4, using: &random) > 0 { members.append("\"\(name)\":\(value)") }
    }
    add("name", text())
    add("notes", text())
    add("count", one(["0", "-1", "2147483647", "-2147483648"]))
    add("weight", one(["0", "-0.5", "0.1", "1e300", "5e-324", "123456789.125"]))
    add("day", one(["\"2013-01-31\"", "\"0001-01-01\"", "\"9999-12-31\""]))
    add("at", one(["\"2013-01-31T09:05:07Z\"", "\"1969-12-31T23:59:59Z\""]))
    add("is_good", one(["true", "false"]))
    add("kind", one(["\"a\"", "\"b,c\""]))
    add("rank", one(["1", "2"]))
    add(
      "tags",
      one([
        "[]", "[\"x\"]", "[\"y\\\"z\",\"x\"]", "[\"x\",\"y\\\"z\"]", "[\"p|q\"]", "[\"x\",\"p|q\"]",
        "[\"[\\\"x\\\"]\"]", "[\"|\"]", "[\"[\\\"x\\\"]\",\"|\"]",
        // A mark that makes one character of the quote before it and itself.
        "[\"[\\\"\u{301}x\\\"]\"]",
      ]))
    add("marks", one(["[]", "[1]", "[2,1]"]))
    add(
      "place",
      one([
        "{\"latitude\":40.5,\"longitude\":-73.75}",
        "{\"latitude\":-90,\"longitude\":180,\"altitude\":1.5,\"timestamp\":\"2013-01-31T09:05:00Z\"}",
      ]))
    add("way", one(["[]", "[[1,2],[3,\"a,\\\"b\"]]", "{\"p\":[1, 2]}", "\"text\"", "5"]))
    add("photo_id", "\"0195a3b2-0000-7000-8000-0000000000\(Int.random(in: 10..<99, using: &random))\"")
    add("pin", text())
    add("owner_id", one(["\"\(owner)\"", "\"0195a3b2-0000-7000-8000-0000000000ff\""]))
    return "{\"method\":\"POST\",\"object\":{\(members.joined(separator: ","))}}"
  }

  private static func fill(_ browser: TestBrowser, _ count: Int, seed: UInt64 = 1) async throws {
    var random = Seeded(state: seed)
    let things = (0..<count).map { _ in thing(&random) }
    let owner = "{\"method\":\"POST\",\"object\":{\"type\":\"owner\",\"id\":\"\(owner)\",\"name\":\"=Ada, \\\"A\\\"\"}}"
    try await browser.batch("{\"operations\":[\(([owner] + things).joined(separator: ","))]}")
  }

  private struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state ^ (state >> 29)) &* 0x9E37_79B9_7F4A_7C15
    }
  }

  /// An operator who has just proved who it is.
  private static func elevated() -> Visitor {
    var visitor = TestVisits.operator
    visitor.session.elevatedUntil = .last
    return visitor
  }

  private static func audit(_ browser: TestBrowser) async throws -> [AuditDraft] {
    var want = AuditWant(.oldest(after: 0), limit: 100)
    want.action = AuditAction.export.rawValue
    return try await browser.people.audit(want).map(\.draft)
  }

  // MARK: Reading back.

  /// A deployment as `sojourn import` sees it.
  private struct Transport: APITransport {
    let browser: TestBrowser

    func send(_ request: APIRequest) async throws(TransferFailure) -> APIResponse {
      do {
        if request.path == ["datamodel.json"] {
          var writer = ByteWriter(capacity: 4096)
          DataModelReader.read(Array(ExportScenarios.schema.utf8)).model?.appendJSON(to: &writer)
          return APIResponse(status: 200, body: Array(writer.string.utf8))
        }
        let text = request.body.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
        let count = try JSONDocument.read(text).root["operations"]?.count ?? 0
        try await browser.batch(text)
        let results = Array(repeating: "{\"success\":true}", count: count).joined(separator: ",")
        return APIResponse(status: 200, body: Array("{\"operations\":[\(results)]}".utf8))
      } catch {
        throw TransferFailure(.other, "\(error)")
      }
    }
  }

  private final class Source: CSVSource {
    private let bytes: [UInt8]
    private let position = Mutex(0)
    init(_ bytes: [UInt8]) { self.bytes = bytes }
    var size: Int? { bytes.count }
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(CSVFault) -> Int {
      position.withLock { position in
        let part = bytes[position..<min(position + buffer.count, bytes.count)]
        buffer.copyBytes(from: part)
        position += part.count
        return part.count
      }
    }
  }

  private static let records = "/models/thing/export?sort[id]=1&with=passwords&as=ndjson"

  /// Each object but for when it was written.
  private static func values(_ browser: TestBrowser) async -> String {
    let answer = await browser.send(.get, records)
    #expect(answer.status == 200)
    return answer.text.replacing(/"updated_at":"[^"]*"/, with: "")
  }

  @Test("as CSV for programs is read back to the same objects", arguments: [1, 2, 3] as [UInt64])
  func readBack(_ seed: UInt64) async throws {
    try await TestBrowser.run(schema: Self.schema) { browser in
      try await Self.fill(browser, 150, seed: seed)
      browser.visits.set(Self.elevated())
      let file = await browser.send(.get, "/models/thing/export?with=passwords&as=csv&sort[count]=1")
      #expect(file.status == 200)
      let expected = await Self.values(browser)
      #expect(expected.split(separator: "\n").count == 150)
      try await TestBrowser.run(schema: Self.schema) { other in
        other.visits.set(Self.elevated())
        try await other.batch(
          "{\"operations\":[{\"method\":\"POST\",\"object\":{\"type\":\"owner\",\"id\":\"\(Self.owner)\",\"name\":\"=Ada, \\\"A\\\"\"}}]}"
        )
        let summary = try await Import(
          Transport(browser: other), Source(file.bytes), model: "thing", rejectsPath: other.path + "/rejects.csv"
        ).run()
        #expect(summary.stored == 150 && summary.refused == 0, "\(summary)")
        let found = await Self.values(other)
        #expect(found == expected)
        if found != expected {
          for (one, two) in zip(expected.split(separator: "\n"), found.split(separator: "\n")) where one != two {
            Issue.record("\(one.prefix(1500)) became \(two.prefix(1500))")
            break
          }
        }
      }
    }
  }

  // MARK: Forms.

  @Test("as JSON and NDJSON has each object once, in the order of the view, with its columns or all fields")
  func json() async throws {
    try await TestBrowser.run(schema: Self.schema) { browser in
      try await Self.fill(browser, 400)
      let all = try JSONDocument.read(await browser.send(.get, "/models/thing/export?as=json&sort[count]=1").text).root
      #expect(all.count == 400)
      #expect(Set(all.elements.compactMap { $0["id"]?.string }).count == 400)
      #expect(all.elements.allSatisfy { $0["pin"]?.isNull == true })
      let lines = await browser.send(.get, "/models/thing/export?as=ndjson&sort[count]=1").text.split(separator: "\n")
      #expect(
        try lines.map { try JSONDocument.read(String($0)).root["id"]?.string } == all.elements.map { $0["id"]?.string })
      let some = await browser.send(
        .get, "/models/thing/export?as=ndjson&fields=view&columns=tags,count,photo&q[kind]=a&size=30")
      let first = try JSONDocument.read(String(try #require(some.text.split(separator: "\n").first))).root
      #expect(
        first.members.map(\.key) == ["id", "type", "updated_at", "display", "tags", "count", "photo_id", "photo"])
      let page = try await browser.send(.get, "/models/thing?q[kind]=a").page
      #expect(page.text.contains(Grouped.text(some.text.split(separator: "\n").count, "object")))
      #expect(await browser.send(.get, "/models/thing/export?as=json&q[count]=7").text == "[]\n")
      #expect(await browser.send(.get, "/models/thing/export?as=ndjson&q[count]=7").text == "")
    }
  }

  @Test("for spreadsheets has labels and displays, and no formula")
  func spreadsheet() async throws {
    try await TestBrowser.run(schema: Self.schema) { browser in
      try await browser.batch(
        """
        {"operations":[
          {"method":"POST","object":{"type":"owner","id":"\(Self.owner)","name":"=Ada, \\"A\\""}},
          {"method":"POST","object":{"type":"thing","name":"@x","notes":"-1","count":-5,"weight":-0.5,
            "at":"2013-01-31T09:05:07Z","kind":"a","tags":["x","y\\"z"],"is_good":true,"owner_id":"\(Self.owner)","pin":"swordfish"}}
        ]}
        """)
      let answer = await browser.send(
        .get,
        "/models/thing/export?as=spreadsheet&fields=view&columns=name,notes,count,weight,at,kind,tags,is_good,pin,owner"
      )
      #expect(
        answer.text
          == "\u{FEFF}Object,'=Name,Notes,Count,Weight,At (UTC),Kind,Tags,Good,owner\r\n"
          + "'@x,'@x,'-1,-5,-0.5,2013-01-31 09:05:07,'+A,\"X, Y\",Yes,\"'=Ada, \"\"A\"\"\"\r\n")
      #expect(answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present")
      #expect(
        answer.headers["Content-Disposition"]
          == "attachment; filename=\"Thing_ _nique _and_ 100_ 2026-01-01.csv\"; "
          + "filename*=UTF-8''Thing_%20%C3%BCnique%20_and_%20100_%202026-01-01.csv")
    }
  }

  // MARK: Who and how many.

  @Test("says how many it has, keeps the view, and needs no script")
  func form() async throws {
    try await TestBrowser.run(schema: Self.schema) { browser in
      try await Self.fill(browser, 20)
      let table = try await browser.send(.get, "/models/thing?q[kind]=a&sort[count]=1&columns=name").page
      let link = try #require(table.links.first { $0.contains("/export") })
      let page = try await browser.send(.get, link).page
      #expect(page.faults == [])
      #expect(page.text.contains("Kind is +A") && page.text.contains("objects that match:"))
      let chosen = page.all("input").filter { $0.attributes["checked"] != nil }.map { $0.attributes["value"] }
      #expect(chosen == ["all", "spreadsheet"])
      let hidden = page.all("input").filter { $0.attributes["type"] == "hidden" }
      #expect(
        hidden.compactMap { $0.attributes["name"] }.filter { $0 != "ticket" } == ["q[kind]", "sort[count]", "columns"])
      #expect(await browser.send(.get, "/models/thing/export?q[pin]=x&as=csv").status == 422)
      #expect(await browser.send(.get, "/models/thing/export?q[nothing]=x").status == 422)
      #expect(await browser.send(.get, "/models/thing/export?as=exe").status == 200)
    }
  }

  @Test("with password fields asks who one is, and is entered into the audit before it is answered")
  func passwords() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      for format in ["csv", "spreadsheet", "ndjson", "json"] {
        let plain = await browser.send(.get, "/models/flight/export?as=\(format)")
        #expect(plain.status == 200 && !plain.text.contains("swordfish"))
        let asked = await browser.send(.get, "/models/flight/export?with=passwords&as=\(format)")
        #expect(asked.status == 303 && asked.headers["Location"]?.hasPrefix("/databrowser/elevate") == true)
      }
      #expect(try await Self.audit(browser) == [])
      browser.visits.set(Self.elevated())
      let form = try await browser.send(.get, "/models/flight/export?with=passwords").page
      #expect(form.faults == [])
      #expect(try await Self.audit(browser) == [])
      let full = await browser.send(.get, "/models/flight/export?with=passwords&as=csv&q[status]=landed")
      #expect(full.status == 200 && full.text.contains("swordfish"))
      #expect(full.headers["Cache-Control"] == "no-store, no-transform")
      let entry = try #require(try await Self.audit(browser).first)
      #expect(entry.target == "flight: CSV for programs with password fields" && entry.count == 1)
      #expect(entry.filter == "status ?" && entry.deployment == browser.deploymentID)
      browser.audit.isBroken.store(true, ordering: .relaxed)
      #expect(await browser.send(.get, "/models/flight/export?with=passwords&as=csv").status == 503)
      // Where there are none, nothing needs to be proved.
      let none = await browser.send(.get, "/models/airline/export?with=passwords&as=csv")
      #expect(none.status == 303 && none.headers["Location"]?.hasSuffix("/models/airline/export?as=csv") == true)
    }
  }

  @Test("of a sensitive model is audited, and not there for who may not see it")
  func sensitive() async throws {
    try await TestBrowser.run(schema: Schemas.flights) { browser in
      try await VisitScenarios.fill(browser)
      #expect(await browser.send(.get, "/models/medical/export").status == 200)
      #expect(try await Self.audit(browser) == [])
      #expect(await browser.send(.get, "/models/medical/export?as=json").text.contains("Hidden illness"))
      #expect(try await Self.audit(browser).map(\.target) == ["medical: JSON"])
      browser.visits.set(VisitScenarios.visitor(browser, [.administrator]))
      for path in ["", "?as=json"] {
        #expect(await browser.send(.get, "/models/medical/export\(path)").status == 404)
      }
      let flights = await browser.send(.get, "/models/flight/export?as=spreadsheet")
      #expect(flights.status == 200 && !flights.text.contains("edical"))
    }
  }
}
