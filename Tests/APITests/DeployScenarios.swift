import DataModel
import Deployments
import HTTPServer
import JSON
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

  @Test("A request that a deploy overtakes is answered as if it had come after it")
  func interleaved() async throws {
    // the requests                            | the deploy
    // heads judged: number is an integer      |
    //                                         | number is a text, title is removed, the display another
    // bodies read, performed, answered        |
    try await with(Self.xml(Self.number)) { api in
      let object = #"{"flight":{"id":"\#(Self.id)","title":"A","number":7}}"#
      #expect(await api.send(.post, "objects/flight.json", object).status == 200)
      let one = "objects/flight/\(Self.id).json"
      // The object alone is answered with its head: what it embeds, be it nothing, is not.
      let reads = [
        one + "?include=", "objects/flight.json?q[number]=7&sort[number]=-1", "objects/flight/count.json?q[number]=7",
        "objects/flight.json?q[title]=A", "oplog.json",
      ]
      let began = reads.map { api.begin(.get, $0, bytes: []) }
      let patches = [#"{"number":"8"}"#, #"{"number":8}"#, #"{"title":"B"}"#].map { #"{"flight":\#($0)}"# }
      let writes = patches.map { api.begin(.patch, one, bytes: Array($0.utf8)) }
      let batch = #"{"operations":[{"method":"patch","object":{"type":"flight","id":"\#(Self.id)","title":"C"}}]}"#
      let batched = api.begin(.post, "batch.json", bytes: Array(batch.utf8))
      try await deploy(
        "<data-model><model name=\"flight\" label=\"F\">\(Self.numberText)<display>new {number}</display></model></data-model>",
        to: api)
      for (path, request) in zip(reads, began) {
        let (overtaken, after) = (await request(), await api.send(.get, path))
        #expect(overtaken.status == after.status && overtaken.text == after.text, "\(path)")
      }
      for (patch, request) in zip(patches, writes) {
        let (overtaken, after) = (await request(), await api.send(.patch, one, patch))
        #expect(overtaken.status == after.status, "\(patch)")
        #expect(overtaken.json?["number"]?.string == after.json?["number"]?.string, "\(patch)")
        #expect(overtaken.json?["detail"]?.string == after.json?["detail"]?.string, "\(patch)")
      }
      #expect(await batched().text == api.send(.post, "batch.json", batch).text)
      let now = await api.send(.get, one)
      #expect(now.json?["display"]?.string == "new 8" && now.json?["title"] == nil)
    }
  }

  @Test("A request for a model that a deploy removed meanwhile is told so, and nothing is done")
  func removed() async throws {
    try await with(Self.xml(Self.number)) { api in
      let object = #"{"flight":{"id":"\#(Self.id)","title":"A","number":7}}"#
      let post = api.begin(.post, "objects/flight.json", bytes: Array(object.utf8))
      let list = api.begin(.get, "objects/flight.json", bytes: [])
      try await deploy(
        "<data-model><model name=\"gate\" label=\"G\"><display>G</display></model></data-model>", to: api)
      for request in [post, list] {
        let answer = await request()
        #expect(answer.status == 404 && answer.text.contains("There is no model"), "\(answer.text)")
      }
      try await deploy(Self.xml(Self.number), to: api)
      #expect(await api.send(.get, "objects/flight/count.json").json?["count"]?.rawText == "0")
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
              #expect(await self.statusOfCreating(in: api) == 200)
            }
          }
        }
        try await group.waitForAll()
      }
      let count = await api.send(.get, "objects/flight/count.json?q[number]=5")
      #expect(count.json?["count"]?.number?.integer == 300)
    }
  }

  /// Creates a flight as a client does that minds `Retry-After`: deploys without a pause can outrun five plans.
  /// Whoever is answered 503 has written nothing, which the count at the end proves.
  private func statusOfCreating(in api: TestAPI) async -> Int {
    for _ in 0..<50 {
      let answer = await api.send(.post, "objects/flight.json", #"{"flight":{"number":"5"}}"#)
      guard answer.status == 503, answer.headers["retry-after"] == "1" else { return answer.status }
    }
    return 503
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
