import DataBrowser
import HTTPServer
import PageReading
import People
import Storage
import Testing
import Wire

/// Who made a change, in words.
@Suite struct OriginScenarios {
  private static let person = PersonID(drawn: [0, 0, 0, 0, 0, 7])

  @Test func originsAreReadAsTheyAreWritten() throws {
    let id = try #require(ObjectID("0195a3b2-0000-7000-8000-0000000000ee"))
    let table: [(String, Origin?, String)] = [
      ("", nil, ""), ("password", .password, "API password"), ("token:import", .token("import"), "token import"),
      ("token:a:b", .token("a:b"), "token a:b"), ("device:\(id)", .device(id), "device of Ada"),
      ("device:x", .other("device:x"), "device:x"), ("person:000000000007", .person(Self.person), "Vera"),
      ("person:000000000007/job:12", .person(Self.person, job: "12"), "Vera, job 12"),
      ("person:000000000008", .person(PersonID(drawn: [0, 0, 0, 0, 0, 8])), "person 000000000008"),
      ("person:x", .other("person:x"), "person:x"),
      ("person:000000000007/x", .other("person:000000000007/x"), "person:000000000007/x"),
      ("test", .other("test"), "test"), (":", .other(":"), ":"),
    ]
    let names = OriginNames(people: [Self.person: "Vera"], users: [id: "Ada"])
    for (text, origin, words) in table {
      #expect(Origin(text) == origin, "\(text)")
      if let origin { #expect(names.words(origin) == words, "\(text)") }
    }
    #expect(OriginNames().words(.device(id)) == "device of \(id.description)")
  }

  private static let schema = """
    <data-model>
      <model name="user" label="User"><field name="name" label="Name" type="text"/><display>{name}</display></model>
      <model name="note" label="Note">
        <field name="text" label="Text" type="text"/><field name="pin" label="Pin" type="text:password"/>
        <field name="kind" label="Kind" type="single-choice"><option key="a">Alpha</option></field>
        <field name="keys" label="Keys" type="multiple-choice"><option key="x">X</option><option key="y">Y</option></field>
        <field name="done" label="Done" type="boolean"/><field name="photo" label="Photo" type="photo"/>
        <belongs-to model="user"/>
        <display>{text}</display>
      </model>
      <model name="memo" label="Memo"><field name="text" label="Text" type="text"/><display>{text}</display></model>
    </data-model>
    """
  private static let user = VisitScenarios.airline
  private static let note = VisitScenarios.flight

  private static func write(_ browser: TestBrowser, _ operation: String, as origin: String) async throws {
    try await browser.batch("{\"operations\":[\(operation)]}", as: origin)
  }

  @Test func changesSayWhoMadeThem() async throws {
    try await TestBrowser.run(schema: Self.schema) { browser in
      let maker = try await browser.people.createFirst(
        Invitation(email: "v@example.org", name: "Vera <b>"), password: RoleWorld.password,
        from: Browser(address: ""))
      try await Self.write(
        browser, "{\"method\":\"POST\",\"object\":{\"type\":\"user\",\"id\":\"\(Self.user)\",\"name\":\"Ada\"}}",
        as: "token:import")
      try await Self.write(
        browser, "{\"method\":\"POST\",\"object\":{\"type\":\"note\",\"id\":\"\(Self.note)\",\"text\":\"one\"}}",
        as: "device:\(Self.user)")
      let object = "/models/note/\(Self.note)"
      #expect(try await browser.send(.get, object).page.text.contains("by device of Ada"))
      #expect(try await browser.send(.get, object).page.text.contains("Created 2026"))
      try await Self.write(
        browser,
        "{\"method\":\"PATCH\",\"object\":{\"type\":\"note\",\"id\":\"\(Self.note)\",\"text\":\"two\"}}",
        as: maker.id.origin)
      #expect(try await browser.send(.get, object).page.text.contains("by Vera <b>"))
      let overview = try await browser.send().page
      #expect(overview.faults == [])
      for text in ["created · token import", "created · device of Ada", "changed · Vera <b>"] {
        #expect(overview.text.contains(text), "\(text)")
      }
      let other = try await browser.people.person(maker.id.text)
      try await Self.remove(other, browser)
      #expect(try await browser.send(.get, object).page.text.contains("by Vera <b>"))
      #expect(try await browser.send().page.text.contains("changed · Vera <b>"))
    }
  }

  private static func remove(_ person: PersonRecord, _ browser: TestBrowser) async throws {
    try await browser.people.remove(person, by: nil, from: Browser(address: ""))
  }

  @Test func theLastChangeIsACallOfTheAPI() async throws {
    try await TestBrowser.run(schema: Self.schema) { browser in
      try await Self.write(
        browser, "{\"method\":\"POST\",\"object\":{\"type\":\"user\",\"id\":\"\(Self.user)\",\"name\":\"Ada\"}}",
        as: "x")
      try await Self.write(
        browser,
        """
        {"method":"POST","object":{"type":"note","id":"\(Self.note)","text":"it's","pin":"swordfish","kind":"a",
          "keys":["x","y"],"done":true,"user_id":"\(Self.user)"}}
        """, as: "x")
      let object = "/models/note/\(Self.note)"
      let created = try await browser.send(.get, object).page
      #expect(created.faults == [])
      let url = "'http://here/api/v4/\(browser.deploymentID)/objects/note/\(Self.note).json'"
      let curl = "curl -g -u \"\(browser.deploymentID):$SOJOURN_PASSWORD\" \(url)"
      #expect(created.element(withID: "curl-0")?.text == curl)
      #expect(
        created.element(withID: "curl-1")?.text == curl
          + " \\\n  -X PATCH -H 'Content-Type: application/json' \\\n  -d '{\"text\":\"it'\\''s\",\"kind\":\"a\",\"keys\":[\"x\",\"y\"],\"done\":true,\"user_id\":\"\(Self.user)\"}'"
      )
      #expect(!created.text.contains("swordfish"))
      try await Self.write(
        browser,
        "{\"method\":\"PATCH\",\"object\":{\"type\":\"note\",\"id\":\"\(Self.note)\",\"done\":null,\"pin\":\"cod\",\"keys\":[]}}",
        as: "x")
      let changed = try await browser.send(.get, object).page
      #expect(changed.element(withID: "curl-1")?.text.hasSuffix("-d '{\"keys\":[],\"done\":null}'") == true)
      // However far back the change before lies.
      let others = (0..<320).map { "{\"method\":\"POST\",\"object\":{\"type\":\"memo\",\"text\":\"\($0)\"}}" }
      try await Self.write(browser, others.joined(separator: ","), as: "x")
      try await Self.write(
        browser, "{\"method\":\"PATCH\",\"object\":{\"type\":\"note\",\"id\":\"\(Self.note)\",\"text\":\"two\"}}",
        as: "x")
      let late = try await browser.send(.get, object).page
      #expect(late.element(withID: "curl-1")?.text.hasSuffix("-d '{\"text\":\"two\"}'") == true)
    }
  }

  @Test func oneIdInTwoModelsIsTwoObjects() async throws {
    try await TestBrowser.run(schema: Self.schema) { browser in
      try await browser.batch(
        """
        {"operations":[
          {"method":"POST","object":{"type":"user","id":"\(Self.user)","name":"Ada"}},
          {"method":"POST","object":{"type":"memo","id":"\(Self.user)","text":"Remember"}},
          {"method":"POST","object":{"type":"note","id":"\(Self.user)","text":"Other","user_id":"\(Self.user)"}}
        ]}
        """)
      let overview = try await browser.send().page
      for text in ["Ada User", "Remember Memo", "Other Note"] { #expect(overview.text.contains(text), "\(text)") }
      let found = try await browser.send(.get, "/find?q=\(Self.user)").page
      for text in ["Ada", "Remember", "Other"] { #expect(found.all("a").contains { $0.text == text }, "\(text)") }
    }
  }
}
