import API
import HTTPServer
import JSON
import Testing

@Suite("The OpenAPI document")
struct OpenAPIScenarios {
  private static let models = ["airline", "flight"]

  private func document(_ api: TestAPI) async throws -> JSONValue {
    let answer = await api.send(.get, "openapi.json")
    #expect(answer.status == 200 && answer.headers["content-type"] == "application/json; charset=utf-8")
    return try #require(answer.json)
  }

  @Test("has each route of the table, once or once for each model, and nothing else")
  func routes() async throws {
    try await TestAPI.run { api in
      let paths = try #require(try await document(api)["paths"])
      var expected: Set<String> = []
      for route in Route.table {
        for model in route.parts.contains(.model) ? Self.models : [""] {
          expected.insert("\(route.method.name.lowercased()) \(route.path(model: model))")
        }
      }
      var found: Set<String> = []
      for path in paths.members {
        for operation in path.value.members { found.insert("\(operation.key) \(path.key)") }
      }
      #expect(found == expected)
    }
  }

  @Test("tells of each operation its id, and every status that the table of errors gives it")
  func operations() async throws {
    try await TestAPI.run { api in
      let document = try await document(api)
      var ids: Set<String> = []
      for route in Route.table {
        for model in route.parts.contains(.model) ? Self.models : [""] {
          let operation = document["paths"]?[route.path(model: model)]?[route.method.name.lowercased()]
          let isNew = ids.insert(operation?["operationId"]?.string ?? "").inserted
          #expect(isNew, "\(route.name)")
          #expect(operation?["summary"]?.string?.isEmpty == false)
          let statuses = Set(operation?["responses"]?.members.compactMap { Int($0.key) } ?? [])
          #expect(
            statuses.subtracting([200, 206, 302, 304])
              == Set(route.errors.map(\.status) + (route.isSigned ? [] : [401])), "\(route.name)")
          #expect((operation?["requestBody"] == nil) == (route.body == .none))
        }
      }
    }
  }

  @Test("has no reference that leads nowhere")
  func references() async throws {
    try await TestAPI.run { api in
      let document = try await document(api)
      var count = 0
      func visit(_ value: JSONValue) {
        for member in value.isObject ? Array(value.members) : [] {
          if member.key == "$ref", let reference = member.value.string {
            count += 1
            var place: JSONValue? = document
            for part in reference.split(separator: "/").dropFirst() { place = place?[String(part)] }
            #expect(reference.hasPrefix("#/") && place?.isObject == true, "\(reference)")
          } else {
            visit(member.value)
          }
        }
        for element in value.isArray ? Array(value.elements) : [] { visit(element) }
      }
      visit(document)
      #expect(count > 200)
    }
  }

  @Test("has all schemas of each model, with its fields in their order")
  func schemas() async throws {
    try await TestAPI.run { api in
      let schemas = try #require(try await document(api)["components"]?["schemas"])
      for model in Self.models {
        for kind in ["object", "fields", "write", "patch", "list", "filter", "sort", "search", "query"] {
          #expect(schemas["\(model).\(kind)"]?["type"]?.string == "object", "\(model).\(kind)")
        }
      }
      let made = await api.send(.post, "objects/flight", #"{"flight":{}}"#)
      let keys = made.json?.members.map(\.key)
      // And behind them what `include` may add.
      #expect(schemas["flight.object"]?["properties"]?.members.map(\.key) == keys.map { $0 + ["airline", "previous"] })
      #expect(schemas["flight.object"]?["required"]?.elements.compactMap(\.string) == keys)
      let filters = Set(schemas["flight.filter"]?["properties"]?.members.map(\.key) ?? [])
      #expect(
        filters.isSuperset(of: ["number", "number.gte", "title.contains", "tags", "airline_id.ne", "pass_id", "_type"]))
      #expect(filters.isDisjoint(with: ["number.contains", "airline_id.contains", "position", "tags.lt", "number.in"]))
      #expect(schemas["flight.sort"]?["properties"]?["tags"] == nil)
    }
  }

  @Test("has examples that the API takes, and answers as the examples say", arguments: models)
  func examples(model: String) async throws {
    try await TestAPI.run { api in
      let document = try await document(api)
      let item = try #require(document["paths"]?["/objects/\(model)/{id}.json"])
      func content(_ value: JSONValue?) -> JSONValue? { value?["content"]?["application/json"]?["example"] }
      let body = try #require(content(item["put"]?["requestBody"])?.rawText)
      let example = try #require(content(item["get"]?["responses"]?["200"]))
      let path = "objects/\(model)/\(try #require(example["id"]?.string))"

      let made = await api.send(.put, path, body)
      #expect(made.status == 200, "\(made.text)")
      #expect(made.json?.members.map(\.key) == example.members.map(\.key))
      for member in example.members where !["updated_at", "display"].contains(member.key) {
        #expect(made.json?[member.key]?.rawText == member.value.rawText)
      }
      let create = try #require(content(document["paths"]?["/objects/\(model).json"]?["post"]?["requestBody"]))
      #expect(await api.send(.post, "objects/\(model)", create.rawText).status == 200)
      let change = try #require(content(item["patch"]?["requestBody"]))
      #expect(await api.send(.patch, path, change.rawText).status == 200)
      let batch = try #require(content(document["paths"]?["/batch.json"]?["post"]?["requestBody"]))
      let entries = await api.send(.post, "batch.json", batch.rawText).json?["operations"]?.elements
      #expect(entries?.allSatisfy { $0["success"]?.bool == true } == true)
    }
  }

  @Test("marks what goes beyond v4")
  func extensions() async throws {
    try await TestAPI.run { api in
      let document = try await document(api)
      var marked: Set<String> = []
      for path in document["paths"]?.members.map(\.value) ?? [] {
        for operation in path.members where operation.value["x-sojourn-extension"]?.bool == true {
          marked.insert(operation.value["operationId"]?.string ?? "")
        }
      }
      #expect(marked == ["openAPI", "docs", "enrol", "createAttachment", "putAttachment"])
      let batch = document["components"]?["schemas"]?["Batch"]?["properties"]
      #expect(batch?["atomic"]?["x-sojourn-extension"]?.bool == true)
      #expect(batch?["stop_on_error"]?["x-sojourn-extension"] == nil)
    }
  }

  @Test(
    "and the page of it need credentials, and have tags that hold until the model changes",
    arguments: ["openapi.json", "openapi", "docs"])
  func tags(path: String) async throws {
    try await TestAPI.run { api in
      #expect(await api.send(.get, path, authorization: .some(nil)).status == 401)
      let first = await api.send(.get, path)
      let tag = first.headers["etag"] ?? ""
      #expect(first.status == 200 && tag.hasPrefix("\"") && first.headers["cache-control"] == "no-cache")
      let again = await api.send(.get, path, headers: ["If-None-Match": tag])
      #expect(again.status == 304 && again.text.isEmpty)
      try api.accounts.set([("label", "Another name")], of: api.deployment)
      let changed = await api.send(.get, path, headers: ["If-None-Match": tag])
      #expect(changed.status == 200 && changed.text.contains("Another name"))
    }
  }
}
