import Deployments
import JSON
import HTTPServer
import DataModel
import Testing

@Suite("Requests and deploys")
struct DeployScenarios {
  private static let id = "5f0d4c1e-0f43-4f52-8b0c-6d0f2f9f6f11"

  private static func xml(_ fields: String, tail: String = "", display: String = "{title}") -> String {
    "<data-model><model name=\"flight\" label=\"F\"><field name=\"title\" label=\"T\" type=\"text\"/>\(fields)"
      + "<display>\(display)</display>\(tail)</model></data-model>"
  }

  private static let number = "<field name=\"number\" label=\"N\" type=\"integer\"/>"
  private static let numberText = "<field name=\"number\" label=\"N\" type=\"text\"/>"

  private func deploy(_ xml: String, to api: TestAPI) async throws {
    let model = try #require(DataModelReader.read(Array(xml.utf8)).model)
    _ = try await api.deployments.deploy(model, to: api.deploymentID, by: nil)
  }

  private func with(_ xml: String, _ body: (TestAPI) async throws -> Void) async throws {
    let api = try await TestAPI(schema: xml)
    try await body(api)
    await api.deployments.close()
  }

  @Test("A request that began before a deploy is answered wholly under the model that it began with")
  func interleaved() async throws {
    // the requests                            | the deploy
    // heads judged: number is an integer      |
    //                                         | number is a text, title is removed, the display another
    // bodies read, performed, answered        |
    try await with(Self.xml(Self.number)) { api in
      let object = #"{"flight":{"id":"\#(Self.id)","title":"A","number":7}}"#
      #expect(await api.send(.post, "objects/flight.json", object).status == 200)
      let one = "objects/flight/\(Self.id).json"
      let reads = [one, "objects/flight.json?q[number]=7&sort[number]=-1", "objects/flight/count.json?q[title]=A"]
      let before = [await api.send(.get, reads[0]), await api.send(.get, reads[1]), await api.send(.get, reads[2])]
      let began = reads.map { api.begin(.get, $0, bytes: []) }
      let json = ["Content-Type": "application/json"]
      let patch = api.begin(.patch, one, bytes: Array(#"{"flight":{"title":"B","number":8}}"#.utf8), headers: json)
      let batch = api.begin(
        .post, "batch.json",
        bytes: Array(
          #"{"operations":[{"method":"post","object":{"type":"flight","title":"C","number":9}}]}"#.utf8), headers: json)
      try await deploy(
        "<data-model><model name=\"flight\" label=\"F\">\(Self.numberText)<display>new {number}</display></model></data-model>",
        to: api)
      for (request, expected) in zip(began, before) { #expect(await request().text == expected.text) }
      let patched = await patch()
      #expect(patched.status == 200, "\(patched.text)")
      #expect(patched.json?["title"]?.string == "B" && patched.json?["number"]?.number?.integer == 8)
      #expect(patched.json?["display"]?.string == "B")
      let batched = await batch()
      #expect(batched.status == 200, "\(batched.text)")
      // And under the new one it is what was written, as it reads there.
      let now = await api.send(.get, one)
      #expect(now.json?["number"]?.string == "8" && now.json?["title"] == nil)
      #expect(now.json?["display"]?.string == "new 8")
      let list = await api.send(.get, "objects/flight.json?sort[number]=1")
      #expect(list.json?["objects"]?.elements.map { $0["number"]?.string } == ["8", "9"])
    }
  }

  @Test("A request that began before a deploy shows what was written after it, under its own model")
  func written() async throws {
    // the requests                            | the others
    // heads judged: number is an integer      |
    //                                         | number is a text, and "8" is written
    // performed, answered                     |
    try await with(Self.xml(Self.number)) { api in
      let object = #"{"flight":{"id":"\#(Self.id)","title":"A","number":7}}"#
      #expect(await api.send(.post, "objects/flight.json", object).status == 200)
      let one = "objects/flight/\(Self.id).json"
      let get = api.begin(.get, one, bytes: [])
      let list = api.begin(.get, "objects/flight.json?q[number.gt]=7", bytes: [])
      let count = api.begin(.get, "objects/flight/count.json?q[number]=8", bytes: [])
      let search = api.begin(.post, "objects/flight/search.json", bytes: Array(#"{"query":"8"}"#.utf8))
      try await deploy(Self.xml(Self.numberText), to: api)
      #expect(await api.send(.patch, one, #"{"flight":{"number":"8"}}"#).status == 200)
      #expect(await get().json?["number"]?.rawText == "8")
      #expect(await list().json?["objects"]?.elements.map { $0["number"]?.rawText } == ["8"])
      #expect(await count().json?["count"]?.rawText == "1")
      #expect(await search().json?["objects"]?.elements.map { $0["number"]?.rawText } == ["8"])
    }
  }

  @Test("What describes a deployment moves in one step: hash, time and behaviour")
  func described() async throws {
    try await with(Self.xml(Self.number)) { api in
      let before = await api.send(.get, "datamodel.json")
      let tag = try #require(before.headers["etag"])
      #expect(await api.send(.get, "datamodel.json", headers: ["If-None-Match": tag]).status == 304)
      try await deploy(Self.xml(Self.numberText), to: api)
      let after = await api.send(.get, "datamodel.json", headers: ["If-None-Match": tag])
      #expect(after.status == 200)
      #expect(after.json?["datamodel_hash"]?.string != before.json?["datamodel_hash"]?.string)
      #expect(await api.send(.get, "datamodel.xml").text == Self.xml(Self.numberText))
      #expect(after.json?["models"]?["flight"]?["fields"]?["number"]?["type"]?.string == "text")
    }
  }

  @Test("While deploys go on, no answer of the data model mixes two of them")
  func unmixed() async throws {
    try await with(Self.xml(Self.number)) { api in
      let models = [Self.xml(Self.number), Self.xml(Self.numberText)]
      let types = try Dictionary(
        uniqueKeysWithValues: zip(models, ["integer", "text"]).map { xml, type in
          (try #require(DataModelReader.read(Array(xml.utf8)).model).hash, type)
        })
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { for round in 1...40 { try await self.deploy(models[round % 2], to: api) } }
        for _ in 0..<2 {
          group.addTask {
            for _ in 0..<150 {
              let answer = await api.send(.get, "datamodel.json")
              let hash = try #require(answer.json?["datamodel_hash"]?.string)
              let type = answer.json?["models"]?["flight"]?["fields"]?["number"]?["type"]?.string
              #expect(type == types[hash])
              #expect(await api.send(.post, "objects/flight.json", #"{"flight":{"number":"5"}}"#).status == 200)
            }
          }
        }
        try await group.waitForAll()
      }
      let count = await api.send(.get, "objects/flight/count.json?q[number]=5")
      #expect(count.json?["count"]?.number?.integer == 300)
    }
  }

  @Test("A changed type, seen through the API: converted, filtered, sorted, displayed, and back")
  func retyped() async throws {
    try await with(Self.xml(Self.numberText, display: "{title} {number}")) { api in
      for (title, number) in [("A", "12"), ("B", "late"), ("C", "3.0")] {
        let body = #"{"flight":{"title":"\#(title)","number":"\#(number)"}}"#
        #expect(await api.send(.post, "objects/flight.json", body).status == 200)
      }
      func list(_ query: String) async -> [String] {
        let answer = await api.send(.get, "objects/flight.json?\(query)")
        return answer.json?["objects"]?.elements.map { "\($0["display"]?.string ?? "")=\($0["number"]?.rawText ?? "")" }
          ?? [answer.text]
      }
      try await deploy(Self.xml(Self.number, display: "{title} {number}"), to: api)
      #expect(await list("sort[number]=1") == ["B =null", "C 3=3", "A 12=12"])
      #expect(await list("q[number.gte]=4") == ["A 12=12"])
      let level = "<field name=\"number\" label=\"N\" type=\"single-choice\"><option key=\"12\">Dozen</option></field>"
      try await deploy(Self.xml(level, display: "{title} {number}"), to: api)
      #expect(
        await list("sort[number]=1") == [
          #"A Dozen={"key":"12","display":"Dozen"}"#,
          #"C < invalid value >={"key":"3.0","display":"< invalid value >"}"#,
          #"B < invalid value >={"key":"late","display":"< invalid value >"}"#,
        ])
      try await deploy(Self.xml(Self.numberText, display: "{title} {number}"), to: api)
      #expect(await list("sort[title]=1") == [#"A 12="12""#, #"B late="late""#, #"C 3.0="3.0""#])
    }
  }
}
