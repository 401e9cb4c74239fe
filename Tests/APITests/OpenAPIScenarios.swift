import API
import Deployments
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

  @Test("calls operations on models verb_model, and all others by a noun that is no such verb")
  func operationIDs() async throws {
    try await TestAPI.run { api in
      let document = try await document(api)
      var verbs: Set<String> = []
      var nouns: Set<String> = []
      for route in Route.table {
        let isOfModel = route.parts.contains(.model)
        for model in isOfModel ? Self.models : [""] {
          let operation = document["paths"]?[route.path(model: model)]?[route.method.name.lowercased()]
          let words = try #require(operation?["operationId"]?.string).split(separator: "_", maxSplits: 1).map(
            String.init)
          #expect(words.count == 2 && words[0] == words[0].lowercased(), "\(words)")
          if isOfModel {
            #expect(words[1] == model)
            verbs.insert(words[0])
          } else {
            nouns.insert(words[0])
          }
        }
      }
      #expect(verbs == ["list", "count", "search", "query", "get", "create", "patch", "put", "delete"])
      #expect(verbs.isDisjoint(with: nouns))
    }
  }

  @Test("gives each value one type, each list its items, and each key of an enum one spelling")
  func types() async throws {
    try await TestAPI.run { api in
      let document = try await document(api)
      var enums = 0
      var lists = 0
      func check(_ schema: JSONValue, _ path: String) {
        if schema["$ref"] != nil { return }
        let parts = ["anyOf", "allOf"].flatMap { schema[$0].map { Array($0.elements) } ?? [] }
        for (index, part) in parts.enumerated() { check(part, "\(path).\(index)") }
        if let properties = schema["properties"] {
          for member in properties.members { check(member.value, "\(path).\(member.key)") }
        }
        if let items = schema["items"] { check(items, "\(path)[]") }
        if let others = schema["additionalProperties"], others.isObject { check(others, "\(path).*") }

        let types = schema["type"]?.string.map { [$0] } ?? schema["type"]?.elements.compactMap(\.string) ?? []
        #expect(types.count { $0 != "null" } <= 1, "\(path) has several types")
        // What may be anything says nothing but that.
        let isOpen = types.isEmpty && parts.isEmpty
        if isOpen { #expect(schema.members.allSatisfy { ["title", "description"].contains($0.key) }, "\(path)") }
        if types.contains("array") {
          lists += 1
          #expect(schema["items"] != nil, "\(path) has no items")
        }
        guard let keys = schema["enum"]?.elements else { return }
        enums += 1
        let texts = keys.compactMap { types == ["integer"] ? $0.number?.integer.map { "\($0)" } : $0.string }
        #expect(texts.count == Array(keys).count, "\(path) mixes types")
        let names = schema["x-enum-varnames"]?.elements.compactMap(\.string) ?? texts.map { $0.uppercased() }
        #expect(Set(names).count == texts.count, "\(path) has a key twice")
      }
      for schema in try #require(document["components"]?["schemas"]?.members) {
        check(schema.value, schema.key)
        // Generators would call it that, and labels are not unique.
        #expect(schema.value["title"] == nil, "\(schema.key)")
      }
      func visit(_ value: JSONValue, _ path: String) {
        for member in value.isObject ? Array(value.members) : [] {
          if ["example", "examples", "schemas"].contains(member.key) { continue }
          if member.key == "schema" { check(member.value, path) }
          visit(member.value, "\(path).\(member.key)")
        }
        for element in value.isArray ? Array(value.elements) : [] { visit(element, path) }
      }
      visit(document, "")
      #expect(enums > 20 && lists >= 20)
    }
  }

  @Test(
    "leaves forms out where they are not wanted",
    arguments: [
      ("", 4), ("?forms=true", 4), ("?forms=1", 4), ("?forms=", 4), ("?forms=false", 0), ("?forms=0", 0),
      ("?forms=true&forms=false", 0),
    ])
  func forms(query: String, expected: Int) async throws {
    try await TestAPI.run { api in
      let answer = await api.send(.get, "openapi.json\(query)")
      let flights = try #require(answer.json?["paths"]?.members.filter { $0.key.hasPrefix("/objects/") })
      let bodies = flights.flatMap { $0.value.members.compactMap { $0.value["requestBody"]?["content"] } }
      #expect(bodies.count { $0["application/x-www-form-urlencoded"] != nil } == expected * Self.models.count)
      #expect(bodies.count == 5 * Self.models.count)
      for query in ["forms=no", "forms[]=false", "forms[0]=false"] {
        #expect(await api.send(.get, "openapi.json?\(query)").status == 400, "\(query)")
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
            var found: JSONValue? = document
            for part in reference.split(separator: "/").dropFirst() { found = found?[String(part)] }
            #expect(reference.hasPrefix("#/") && found?.isObject == true, "\(reference)")
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
        filters.isSuperset(of: [
          "number", "number.gte", "title.contains", "tags", "airline_id.ne", "pass_id", "_type", "airline_id.contains",
          "status.contains", "id.contains",
        ]))
      #expect(
        filters.isDisjoint(with: [
          "number.contains", "level.contains", "diverted.contains", "pass_id.contains", "position", "tags.lt",
          "number.in",
          "_type.contains", "updated_at.contains",
        ]))
      let sorted = Set(schemas["flight.sort"]?["properties"]?.members.map(\.key) ?? [])
      #expect(
        sorted.isSuperset(of: ["number", "tags", "position", "route", "pass", "pass_id", "airline", "airline_id"]))
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
      #expect(
        marked == ["openapi_read", "docs_read", "devices_enroll", "attachments_create", "attachments_put"])
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
      try await api.deployments.set([("label", "Another name")], of: api.deploymentID)
      let changed = await api.send(.get, path, headers: ["If-None-Match": tag])
      #expect(changed.status == 200 && changed.text.contains("Another name"))
    }
  }
}
