import DataModel
import Deployments
import HTTPServer
import JSON
import Testing

/// Data models that other servers take, to the last answer (data-model.md «Leniency»).
@Suite("Lenient data models")
struct LenientModelScenarios {
  private static let schema = """
    <?xml version="1.0" encoding="utf8"?>
    <data-model>
      <model name="airline" label="">
        <field name="carrier" label=" " type="text" media="any"><option key="a">A</option></field>
        <field name="logo" label="Logo" type="photo" media="image/png" auto-download=""/>
        <display format="{carrier} {id}"/>
      </model>
      <model name="flight" label="Flight">
        <field name="state" label="State" type="single-choice"/>
        <field name="level" label="Level" type="single-choice-integer"/>
        <field name="tags" label="Tags" type="multiple-choice"/>
        <field name="codes" label="Codes" type="multiple-choice-integer"/>
        <field name="place" label="Place" type="location"/>
        <field name="number" label="Number" type="integer"/>
        <belongs-to model="airline"/>
        <belongs-to model="flight" name="previous"/>
        <display>{id}|{airline.id}|{airline_id}|{previous.airline_id}|{previous.id}|{airline}|{state}|{tags}</display>
        <index on="place"/>
        <index on="airline,tags"/>
        <index on="-number"/>
        <webhook type="update"><field name="id"/><field name="updated_at"/><field name="number" required=""/></webhook>
        <webhook type="update"><field name="airline" embed=""/></webhook>
        <webhook type="ready" receiver="cloudcode" action="send-email"/>
      </model>
    </data-model>
    """

  private static let airline = "5f0d4c1e-0f43-4f52-8b0c-6d0f2f9f6f10"
  private static let first = "5f0d4c1e-0f43-4f52-8b0c-6d0f2f9f6f11"
  private static let second = "5f0d4c1e-0f43-4f52-8b0c-6d0f2f9f6f12"

  @Test("have warnings alone")
  func findings() {
    let (model, findings) = DataModelReader.read(Array(Self.schema.utf8))
    #expect(model != nil && findings.count == 20, "\(findings.map(\.description))")
    #expect(findings.allSatisfy { $0.severity == .warning })
  }

  @Test("show ids in displays, with one object, in lists, and of objects that are not there")
  func displays() async throws {
    try await TestAPI.run(schema: Self.schema) { api in
      func save(_ model: String, _ id: String, _ members: String) async -> String? {
        let answer = await api.send(.put, "objects/\(model)/\(id)", "{\"\(model)\":{\(members)}}")
        #expect(answer.status == 200, "\(answer.text)")
        return answer.json?["display"]?.string
      }
      // The airline is not there yet: its id is.
      #expect(
        await save("flight", Self.first, "\"airline_id\":\"\(Self.airline)\"")
          == "\(Self.first)|\(Self.airline)|\(Self.airline)|||||")
      #expect(await save("airline", Self.airline, #""carrier":"UA""#) == "UA \(Self.airline)")
      let shown = "\(Self.second)|||\(Self.airline)|\(Self.first)|||"
      #expect(await save("flight", Self.second, "\"previous_id\":\"\(Self.first)\"") == shown)
      let list = await api.send(.get, "objects/flight?sort[id]=1")
      #expect(
        list.json?["objects"]?.elements.map { $0["display"]?.string } == [
          "\(Self.first)|\(Self.airline)|\(Self.airline)|||UA \(Self.airline)||", shown,
        ])
      let embedded = await api.send(.get, "objects/flight/\(Self.first)?include=airline")
      #expect(embedded.json?["airline"]?["display"]?.string == "UA \(Self.airline)")
      #expect(await api.send(.get, "objects/flight/\(Self.first)").json?["display"]?.string?.hasSuffix("||") == true)
    }
  }

  @Test("take no key where a choice has no options, and keep those that are there")
  func choices() async throws {
    try await TestAPI.run(schema: Self.schema) { api in
      let refused = [
        ("state", #""a""#), ("state", #"{"key":"a","display":"A"}"#), ("level", "1"), ("tags", #"["a"]"#),
        ("codes", "[1]"),
      ]
      for (field, value) in refused {
        let answer = await api.send(.post, "objects/flight", "{\"flight\":{\"\(field)\":\(value)}}")
        #expect(answer.status == 422 && answer.detail.contains("has no options"), "\(answer.text)")
      }
      for (field, value) in [("state", "null"), ("level", "null"), ("tags", "[]"), ("codes", "null")] {
        let answer = await api.send(.post, "objects/flight", "{\"flight\":{\"\(field)\":\(value)}}")
        #expect(answer.status == 200 && answer.json?[field]?.rawText == value, "\(answer.text)")
      }
      for filter in ["q[state]=a", "q[state.null]=false", "q[tags.contains]=a", "sort[state]=1"] {
        #expect(await api.send(.get, "objects/flight?\(filter)").status == 200, "\(filter)")
      }
      #expect(await api.send(.post, "objects/flight/search", #"{"query":"a"}"#).status == 200)
    }
  }

  @Test("keep keys whose options a deploy takes away, all of them")
  func removedOptions() async throws {
    let full = Self.schema.replacing(
      #"type="single-choice"/>"#, with: #"type="single-choice"><option key="a">A</option></field>"#)
    try await TestAPI.run(schema: full) { api in
      let made = await api.send(.post, "objects/flight", #"{"flight":{"state":"a"}}"#)
      let id = made.json?["id"]?.string ?? ""
      #expect(made.json?["state"]?.rawText == #"{"key":"a","display":"A"}"#)
      _ = try await api.deployments.deploy(try #require(TestAPI.model(Self.schema)), to: api.deploymentID, by: nil)
      let read = await api.send(.get, "objects/flight/\(id)")
      #expect(read.json?["state"]?.rawText == #"{"key":"a","display":"< invalid value >"}"#)
      #expect(read.json?["display"]?.string?.hasSuffix("|< invalid value >|") == true)
    }
  }

  @Test("leave out the indexes that cannot be, and name fields by their names")
  func descriptions() async throws {
    try await TestAPI.run(schema: Self.schema) { api in
      let indexes = await api.send(.get, "indexes.json")
      let names = indexes.json?["models"]?["flight"]?["indexes"]?.elements.filter { $0["type"]?.string == "schema" }
        .compactMap { $0["name"]?.string }
      #expect(names == ["number"], "\(indexes.text)")
      let model = await api.send(.get, "datamodel.json").json?["models"]?["airline"]
      #expect(model?["label"]?.string == "airline" && model?["fields"]?["carrier"]?["label"]?.string == "carrier")
      #expect(model?["display"]?.string == "{carrier} {id}")
      #expect(model?["fields"]?["carrier"]?["options"] == nil)
      let page = await api.send(.get, "docs")
      #expect(page.status == 200 && page.text.contains("carrier"))
    }
  }

  @Test("have an OpenAPI document without an empty enum")
  func openAPI() async throws {
    try await TestAPI.run(schema: Self.schema) { api in
      let document = try #require(await api.send(.get, "openapi.json").json)
      var enums = 0
      func visit(_ value: JSONValue) {
        for member in value.isObject ? Array(value.members) : [] {
          if member.key == "enum", member.value.isArray {
            enums += 1
            #expect(member.value.elements.contains { _ in true })
          }
          visit(member.value)
        }
        for element in value.isArray ? Array(value.elements) : [] { visit(element) }
      }
      visit(document)
      #expect(enums > 10)
    }
  }
}
