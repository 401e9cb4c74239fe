import HTTPServer
import JSON
import Testing

@Suite("Batches")
struct BatchScenarios {
  private static let first = "8a2b1c34-77a0-4e55-9a6c-0f3f7b8f1d20"
  private static let second = "c7d5e6f8-1b2a-4c3d-8e9f-102132435465"

  private func outcomes(_ answer: TestAPI.Answer) -> [String] {
    answer.json?["operations"]?.elements.map { entry in
      entry["success"]?.bool == true ? "done" : entry["error"]?["type"]?.string ?? "?"
    } ?? []
  }

  @Test("answer each operation in its place, and later ones see earlier ones")
  func outcomesInOrder() async throws {
    try await TestAPI.run { api in
      let answer = await api.send(
        .post, "batch.json",
        """
        {"operations":[
          {"method":"POST","object":{"type":"airline","carrier":"UA"}},
          {"method":"put","object":{"type":"flight","id":"\(Self.first)","number":1}},
          {"method":"Patch","object":{"type":"flight","id":"\(Self.first)","number":2}},
          {"method":"post","object":{"type":"flight","id":"\(Self.first)"}},
          {"method":"patch","object":{"type":"flight","id":"\(Self.second)","number":2}},
          {"method":"delete","object":{"type":"flight","id":"\(Self.second)"}},
          {"method":"put","object":{"type":"boat","id":"\(Self.second)"}},
          {"method":"put","object":{"type":"flight","id":"NOPE"}},
          {"method":"delete","object":{"type":"flight","id":"NOPE"}},
          {"method":"post","object":{"type":"flight","number":"x"}},
          {"method":"post","object":{"type":"flight","nope":1}}
        ]}
        """)
      #expect(answer.status == 200)
      #expect(answer.json?["stop_on_error"]?.bool == false)
      #expect(
        outcomes(answer) == [
          "done", "done", "done", "INVALID_VALUE", "OBJECT_NOT_FOUND", "OBJECT_NOT_FOUND", "INVALID_VALUE",
          "INVALID_VALUE", "OBJECT_NOT_FOUND", "INVALID_VALUE", "INVALID_VALUE",
        ])
      let entries = Array(answer.json!["operations"]!.elements)
      #expect(entries[0]["method"]?.string == "post")
      #expect(entries[0]["object"]?["id"]?.string?.utf8.count == 36)
      #expect(entries[2]["method"]?.string == "patch")
      #expect(await api.send(.get, "objects/flight/\(Self.first)").json?["number"]?.rawText == "2")
      #expect(await api.send(.get, "objects/flight/count").text == #"{"count":1}"#)
    }
  }

  @Test("fail where a text was cut in the middle of an emoji, for that operation alone")
  func cutTexts() async throws {
    try await TestAPI.run { api in
      let texts = [
        #""title":"a""#, #""title":"\ud83d""#, #""title":"\ud83d\ude00""#, #""route":["\ude00"]"#, #""\ud83d":1"#,
      ]
      let operations = texts.map { "{\"method\":\"post\",\"object\":{\"type\":\"flight\",\($0)}}" }
      let strange = [
        #"{"method":"post","object":{"type":"\ud83d"}}"#, #"{"method":"put","object":{"type":"flight","id":"\ud83d"}}"#,
        #"{"method":"delete","object":{"type":"flight","id":"\ud83d"}}"#,
        #"{"method":"post","object":{"type":"flight","display":"\ud83d"}}"#,
      ]
      let body = "{\"\\ud83d\":1,\"operations\":[\((operations + strange).joined(separator: ","))]}"
      let answer = await api.send(.post, "batch.json", body)
      #expect(answer.status == 200, "\(answer.text)")
      #expect(
        outcomes(answer) == [
          "done", "INVALID_VALUE", "done", "INVALID_VALUE", "INVALID_VALUE", "INVALID_VALUE", "INVALID_VALUE",
          "OBJECT_NOT_FOUND", "done",
        ])
      #expect(
        answer.json?["operations"]?.elements.dropFirst().first { _ in true }?["error"]?["detail"]?.string?.hasPrefix(
          #"title: "\ud83d" is refused: it holds half of a surrogate pair"#) == true, "\(answer.text)")
      #expect(await api.send(.get, "objects/flight/count").text == #"{"count":3}"#)
    }
  }

  @Test("stop at an error where asked, and keep what came before", arguments: [false, true])
  func stopping(atomic: Bool) async throws {
    try await TestAPI.run { api in
      let answer = await api.send(
        .post, "batch.json",
        """
        {"stop_on_error":true,"atomic":\(atomic),"operations":[
          {"method":"post","object":{"type":"airline","carrier":"UA"}},
          {"method":"delete","object":{"type":"airline","id":"\(Self.second)"}},
          {"method":"post","object":{"type":"airline","carrier":"B6"}}]}
        """)
      #expect(outcomes(answer) == [atomic ? "OPERATION_SKIPPED" : "done", "OBJECT_NOT_FOUND", "OPERATION_SKIPPED"])
      #expect(await api.send(.get, "objects/airline/count").text == "{\"count\":\(atomic ? 0 : 1)}")
    }
  }

  @Test("may be tried without doing anything")
  func dryRun() async throws {
    try await TestAPI.run { api in
      let body = #"{"dry_run":true,"operations":[{"method":"post","object":{"type":"airline"}}]}"#
      #expect(outcomes(await api.send(.post, "batch.json", body)) == ["done"])
      #expect(await api.send(.get, "objects/airline/count").text == #"{"count":0}"#)
    }
  }

  @Test("may be repeated: puts that change nothing write nothing")
  func repeats() async throws {
    try await TestAPI.run { api in
      let body = #"{"operations":[{"method":"put","object":{"type":"airline","id":"\#(Self.first)","carrier":"UA"}}]}"#
      #expect(outcomes(await api.send(.post, "batch.json", body)) == ["done"])
      let sequence = await api.send(.get, "objects/airline.json").headers["x-sojourn-sequence"]
      #expect(outcomes(await api.send(.post, "batch.json", body)) == ["done"])
      #expect(await api.send(.get, "objects/airline.json").headers["x-sojourn-sequence"] == sequence)
      #expect(outcomes(await api.send(.post, "batch.json", #"{"operations":[]}"#)) == [])
    }
  }
}
