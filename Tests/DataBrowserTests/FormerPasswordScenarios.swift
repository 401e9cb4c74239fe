import DataBrowser
import DataModel
import Deployments
import HTTPServer
import JSON
import PageReading
import People
import Storage
import Testing
import Wire

/// Fields that were `text:password` under an earlier data model, and fields that become one.
@Suite("What was written as a password")
struct FormerPasswordScenarios {
  private static let secret = "<field name=\"secret\" label=\"Secret\" type=\"text:password\"/>"
  /// Reads as an integer, a number and as the key of an option too.
  private static let first = "74310988"
  private static let last = "20180931"

  private static func schema(_ field: String = secret) -> String {
    """
    <data-model>
      <model name="owner" label="Owner">
        <field name="name" label="Name" type="text"/>
        \(field)
        <display>{name}\(field.isEmpty ? "" : " {secret}")</display>
      </model>
      <model name="thing" label="Thing">
        <field name="name" label="Name" type="text"/>
        <belongs-to model="owner"/>
        <display>{name} of {owner}</display>
        <webhook type="update" name="saved"><field name="name"/><field name="owner" embed="true"/></webhook>
      </model>
    </data-model>
    """
  }

  private static let id = VisitScenarios.flight
  private static let gone = VisitScenarios.airline
  private static let thing = "0195a3b2-0000-7000-8000-0000000000aa"

  private static func deploy(_ schema: String, to browser: TestBrowser) async throws {
    let model = try #require(DataModelReader.read(Array(schema.utf8)).model)
    _ = try await RestoreScenarios.store(browser).deploy(model, by: nil)
  }

  private static func write(_ browser: TestBrowser, _ method: String, _ type: String, _ id: String, _ rest: String = "")
    async throws
  {
    let members = rest.isEmpty ? "" : ",\(rest)"
    try await browser.batch(
      "{\"operations\":[{\"method\":\"\(method)\",\"object\":{\"type\":\"\(type)\",\"id\":\"\(id)\"\(members)}}]}")
  }

  private static func fill(_ browser: TestBrowser) async throws {
    try await write(browser, "POST", "owner", id, "\"name\":\"Ada\",\"secret\":\"\(first)\"")
    try await write(browser, "PATCH", "owner", id, "\"secret\":\"\(last)\"")
    try await write(browser, "POST", "owner", gone, "\"name\":\"Bob\",\"secret\":\"\(first)\"")
    try await write(browser, "DELETE", "owner", gone)
    try await write(browser, "POST", "thing", thing, "\"name\":\"T\",\"owner_id\":\"\(id)\"")
  }

  /// The sequences of the owner, oldest first.
  private static func sequences(_ browser: TestBrowser) async throws -> [Int64] {
    try await RestoreScenarios.store(browser).read { try $0.oplog(from: 0, limit: 1000) }
      .filter { $0.id == ObjectID(id) }.map(\.sequence)
  }

  /// Pages and files that show values of the field, or say which objects have one.
  private static func addresses(_ browser: TestBrowser) async throws -> [String] {
    let all = try await sequences(browser)
    let (first, second) = (all[0], all[1])
    let owner = "/models/owner/\(id)"
    return [
      "", "/changes", "/models/owner", "/models/owner?columns=secret,name", "/models/owner/about",
      "/models/owner/deleted", "/models/thing", "/models/thing/\(thing)", "/query?model=owner", "/query",
      "/models/thing/pick?relationship=owner&text=ada", "/find?q=ada", "/models/owner/filter", "/models/owner/columns",
      owner, "\(owner)/edit", "\(owner)/peek", "\(owner)/json", "\(owner)/json?as=file", "\(owner)/history",
      "\(owner)/history?first=\(first)&second=\(second)", "\(owner)/restore?to=\(first)", "\(owner)/delete",
      "/models/owner/\(gone)/history", "/models/owner/new?copy=\(id)",
    ]
      + ["csv", "spreadsheet", "ndjson", "json"].flatMap {
        ["/models/owner/export?as=\($0)", "/models/thing/export?as=\($0)"]
      }
  }

  private static func check(_ browser: TestBrowser, hide secrets: [String], _ what: String) async throws {
    for path in try await addresses(browser) {
      let answer = await browser.send(.get, path)
      #expect(answer.status == 200, "\(what): \(path)")
      for secret in secrets { #expect(!answer.text.contains(secret), "\(what): \(path) shows \(secret)") }
    }
    // What finds or orders by it tells of it as well.
    for secret in secrets {
      for path in ["/models/owner?search=\(secret)", "/models/thing/pick?relationship=owner&text=\(secret)"] {
        let answer = await browser.send(.get, path)
        #expect(answer.status == 200 && !answer.text.contains("Ada"), "\(what): \(path)")
      }
      for query in [secret, "Ada+\(secret)"] {
        let links = try await browser.send(.get, "/find?q=\(query)").page.links
        #expect(!links.contains { $0.contains(id) }, "\(what): \(query)")
      }
      let file = await browser.send(.get, "/models/owner/export?as=json&search=\(secret)")
      #expect(file.text == "[]\n", "\(what)")
    }
  }

  private static func refuses(_ browser: TestBrowser, _ what: String) async throws {
    for query in ["q[secret]=\(last)", "sort[secret]=1", "expression=secret%20%3D%20%3F&arguments=[\"\(last)\"]"] {
      #expect(await browser.send(.get, "/models/owner?\(query)").status == 422, "\(what): \(query)")
    }
  }

  @Test(
    "stays masked under every later type through which it reads",
    arguments: [
      ("plain text", "type=\"text\"/>"), ("a paragraph", "type=\"text:paragraph\"/>"),
      ("an integer", "type=\"integer\"/>"), ("a number", "type=\"number\"/>"),
      ("a choice", "type=\"single-choice\"><option key=\"a\">One</option></field>"),
      ("a password", "type=\"text:password\"/>"),
    ])
  func laterTypes(_ what: String, _ rest: String) async throws {
    try await TestBrowser.run(schema: Self.schema()) { browser in
      try await Self.fill(browser)
      try await Self.deploy(Self.schema("<field name=\"secret\" label=\"Secret\" \(rest)"), to: browser)
      try await Self.check(browser, hide: [Self.first, Self.last], what)
      try await Self.refuses(browser, what)
      // What is written from then on could not be told from it.
      if what == "plain text" {
        try await Self.write(browser, "PATCH", "owner", Self.id, "\"secret\":\"opensesame\"")
        try await Self.check(browser, hide: [Self.first, Self.last, "opensesame"], what)
        #expect(await browser.send(.get, "/models/owner/about").text.contains("has held passwords"))
      }
    }
  }

  @Test("is shown nowhere under a type through which it does not read, and new values are")
  func unreadable() async throws {
    try await TestBrowser.run(schema: Self.schema()) { browser in
      try await Self.fill(browser)
      try await Self.deploy(Self.schema("<field name=\"secret\" label=\"Secret\" type=\"location\"/>"), to: browser)
      try await Self.check(browser, hide: [Self.first, Self.last], "a location")
      try await Self.write(
        browser, "PATCH", "owner", Self.id, "\"secret\":{\"latitude\":40.5,\"longitude\":-73.75}")
      let page = try await browser.send(.get, "/models/owner/\(Self.id)/history").page
      #expect(page.text.contains("40.5") && page.text.contains("stored as text: masked"))
    }
  }

  @Test("stays masked where the field was removed, and when it is declared again")
  func removed() async throws {
    try await TestBrowser.run(schema: Self.schema()) { browser in
      try await Self.fill(browser)
      try await Self.deploy(Self.schema(""), to: browser)
      try await Self.check(browser, hide: [Self.first, Self.last], "removed")
      try await Self.deploy(
        Self.schema("<field name=\"secret\" label=\"Secret\" type=\"text\"/>"), to: browser)
      try await Self.check(browser, hide: [Self.first, Self.last], "declared again")
      try await Self.refuses(browser, "declared again")
    }
  }

  @Test("counts what stood in a text that becomes a password")
  func becoming() async throws {
    let text = Self.schema("<field name=\"secret\" label=\"Secret\" type=\"text\"/>")
    try await TestBrowser.run(schema: text) { browser in
      try await Self.fill(browser)
      #expect(await browser.send(.get, "/models/owner/\(Self.id)/history").text.contains(Self.first))
      try await Self.deploy(Self.schema(), to: browser)
      try await Self.check(browser, hide: [Self.first, Self.last], "becoming one")
      try await Self.deploy(text, to: browser)
      try await Self.check(browser, hide: [Self.first, Self.last], "having been one")
    }
  }

  @Test("is edited, revealed and exported like a password, whatever its type is now")
  func editing() async throws {
    try await TestBrowser.run(schema: Self.schema()) { browser in
      try await Self.fill(browser)
      try await Self.deploy(Self.schema("<field name=\"secret\" label=\"Secret\" type=\"integer\"/>"), to: browser)
      var journey = try Journey(browser)
      journey.host = "here"
      let object = "/databrowser/\(browser.deploymentID)/models/owner/\(Self.id)"
      func stored() async throws -> String {
        try await RestoreScenarios.store(browser).planning { stored in
          let model = try #require(stored["owner"])
          let row = try await RestoreScenarios.store(browser).read { try $0.object(model, ObjectID(Self.id)!) }
          return row.map { "\($0.value(0, RowPage.Lead.count + 1))" } ?? "none"
        }
      }
      // Left alone, it stays as it is.
      try await journey.open("\(object)/edit")
      try await journey.send(to: "\(object)/edit", ["do": "save", "v[name]": "Eve"])
      #expect(try await stored() == "integer(\(Self.last))")
      try await journey.open("\(object)/edit")
      try await journey.send(to: "\(object)/edit", ["do": "save", "v[secret]": "77"])
      #expect(try await stored() == "integer(77)")
      var visitor = TestVisits.operator
      visitor.session.elevatedUntil = .last
      browser.visits.set(visitor)
      let full = await browser.send(.get, "/models/owner/export?as=json&with=passwords")
      #expect(full.status == 200 && full.text.contains("\"secret\":77"))
    }
  }
}
