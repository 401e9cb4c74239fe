import DataModel
import HTTPServer
import JSON

/// One operation of the document: a route, for one model where its path names a model.
struct OpenAPIOperation {
  let route: Route
  let model: Model?
  /// The model that examples are made of.
  let example: Model?
  var hasForms = true

  private var description: RouteDescription { route.description }

  /// `/objects/flight/{id}.json`
  var path: String { route.path(model: model?.name ?? "") }

  var node: JSONNode {
    var members: [(key: String, value: JSONNode)] = [
      ("operationId", .text(OperationID.of(route.kind, on: model))),
      ("tags", [.text(model?.name ?? "deployment")]), ("summary", .text(description.summary)),
    ]
    if !description.details.isEmpty { members.append(("description", .text(description.details))) }
    if description.isExtension { members.append(("x-sojourn-extension", true)) }
    if !route.needsCredentials { members.append(("security", [])) }
    let parameters = self.parameters
    if !parameters.isEmpty { members.append(("parameters", .array(parameters))) }
    if let body { members.append(("requestBody", body)) }
    members.append(("responses", .object(responses)))
    return .object(members)
  }

  private var parameters: [JSONNode] {
    route.parts.compactMap(SharedParameters.reference)
      + description.parameters.map { SharedParameters.node($0, of: model) }
  }

  // MARK: Body

  private var body: JSONNode? {
    if route.body == .bytes {
      return ["required": true, "content": ["application/octet-stream": ["schema": Self.bytes]]]
    }
    guard route.body != .none, let schema = bodySchema else { return nil }
    let reference = FieldSchema.reference(schema)
    let json = JSONNode.object([("schema", reference)]).adding("example", bodyExample)
    var content: [(key: String, value: JSONNode)] = [("application/json", json)]
    if hasForms, route.body != .json, let model {
      let style: JSONNode = ["style": "deepObject", "explode": true]
      let nested = route.kind == .object(.search) ? "sort" : model.name
      let form: JSONNode = ["schema": reference, "encoding": .object([(nested, style)])]
      content.append(("application/x-www-form-urlencoded", form))
    }
    return ["required": true, "content": .object(content)]
  }

  private static let bytes: JSONNode = ["type": "string", "format": "binary"]

  private var bodySchema: String? {
    guard let model else { return route.kind == .batch ? "Batch" : route.kind == .open(.enrol) ? "Enrolment" : nil }
    return switch route.kind {
    case .object(.create), .object(.put): "\(model.name).write"
    case .object(.patch): "\(model.name).patch"
    case .object(.search): "\(model.name).search"
    case .object(.query): "\(model.name).query"
    default: nil
    }
  }

  /// What a client would send.
  var bodyExample: JSONNode? {
    if route.kind == .open(.enrol) { return UserExample.enrolment }
    guard let example else { return route.kind == .batch ? ["operations": []] : nil }
    let made = ModelExample(model: example)
    return switch route.kind {
    case .object(.create), .object(.put): made.body
    case .object(.patch): made.change
    case .object(.search): ["query": .text(made.text), "limit": 10]
    case .batch:
      ["operations": [made.operation("put"), made.operation("delete")], "stop_on_error": false]
    case .object(.query): made.query
    default: nil
    }
  }

  // MARK: Responses

  private var responses: [(key: String, value: JSONNode)] {
    var responses: [(key: String, value: JSONNode)] = [("200", success)]
    if route.mayBeUnchanged {
      responses.append(
        (
          "304",
          [
            "description": "What the client has still holds.",
            "headers": SharedHeaders.references([.requestID, .entityTag]),
          ]
        ))
    }
    if route.isSigned {
      responses.append(("206", ["description": "The part, or the parts, that were asked for."]))
      responses.append(("302", ["description": "The bytes are to be had there."]))
    } else {
      responses.append(("401", ["$ref": "#/components/responses/Error401"]))
    }
    for answer in ErrorResponses.of(route) {
      responses.append((String(answer.status), ["$ref": "#/components/responses/\(answer.name)"]))
    }
    return responses.sorted { $0.key < $1.key }
  }

  private var success: JSONNode {
    var headers: [SharedHeaders.Name] = [.requestID]
    if route.readsSequence { headers += [.sequence, .feed] }
    if case .feed = description.answer { headers.append(.feed) }
    if goesOn { headers.append(.link) }
    if route.mayBeUnchanged { headers.append(.entityTag) }
    if case .object = description.answer, route.writes { headers.append(.entityTag) }
    return JSONNode.object([
      ("description", .text(description.answer.words)), ("headers", SharedHeaders.references(headers)),
    ]).adding("content", content).adding("links", links)
  }

  /// Whether it is read page by page.
  private var goesOn: Bool { description.parameters.contains { $0.name == RouteParameter.after.name } }

  private var content: JSONNode? {
    guard let type = description.answer.contentType else { return nil }
    // Of whichever type they were uploaded with: as clients that want one type take them, and as they come.
    if case .bytes = description.answer { return ["application/octet-stream": ["schema": Self.bytes], "*/*": [:]] }
    guard let schema = description.answer.schema(of: model) else { return .object([(type, .object([]))]) }
    return .object([(type, JSONNode.object([("schema", schema)]).adding("example", answerExample))])
  }

  private var answerExample: JSONNode? {
    if let example = UserExample.answer(description.answer) { return example }
    guard let example else { return nil }
    return switch description.answer {
    case .object: ModelExample(model: example).object
    case .list: ["objects": [ModelExample(model: example).object], "count": 1, "total": 1, "more": false]
    case .count: ["count": 1]
    case .batch:
      [
        "stop_on_error": false,
        "operations": .array(
          ["put", "delete"].map { method in
            [
              "method": .text(method), "object": ["type": .text(example.name), "id": .text(ModelExample.id)],
              "success": true,
            ]
          }),
      ]
    default: nil
    }
  }

  /// What can be done with the object that was written.
  private var links: JSONNode? {
    guard let model else { return nil }
    if goesOn {
      let id = OperationID.of(route.kind, on: model)
      return ["next": ["operationId": .text(id), "parameters": ["after": "$response.body#/next"]]]
    }
    guard route.writes, case .object = description.answer else { return nil }
    let next = Route.table.filter { $0.parts.contains(.model) && $0.parts.contains(.id) && $0.kind != .object(.put) }
    return .object(
      next.map { route in
        (
          key: OperationID.of(route.kind, on: model),
          value: [
            "operationId": .text(OperationID.of(route.kind, on: model)), "parameters": ["id": "$response.body#/id"],
          ]
        )
      })
  }
}

extension Route {
  /// The path after the deployment's base, with `{id}` where the id stands.
  package func path(model: String) -> String {
    let words = parts.map { part in
      switch part {
      case .word(let word): word
      case .model: model
      case .id: "{id}"
      case .session: "{session}"
      case .userModel: "{user_model}"
      case .variant: "{variant}"
      }
    }
    let path = "/" + words.joined(separator: "/")
    switch description.answer {
    case .page, .bytes, .attachmentID: return path
    default: break
    }
    return path.hasSuffix(".xml") ? path : path + ".json"
  }

  /// Whether a client can say which answers it has, and be told that one still holds.
  var mayBeUnchanged: Bool {
    method == .get && description.parameters.contains { $0.name == RouteParameter.ifNoneMatch.name }
  }

  /// Whether good answers say which oplog entries they contain (api.md section 11).
  var readsSequence: Bool {
    switch description.answer {
    case .list, .count: true
    case .object: !writes
    default: false
    }
  }
}

extension RouteDescription.Answer {
  var words: String {
    switch self {
    case .object: "The object."
    case .list: "The objects."
    case .count: "The count."
    case .batch: "One entry for each operation, in their order."
    case .dataModelJSON, .dataModelXML: "The data model."
    case .info: "The deployment's names and dates; unset is null."
    case .feed: "The entries."
    case .indexes: "The indexes, true of the storage engine's real ones."
    case .users: "The users."
    case .user: "The user; unset is null."
    case .session: "The session; unset is null."
    case .authenticationToken: "The token, which is shown this once."
    case .enrolment: "The device's credentials, which are shown this once."
    case .success: "Done."
    case .openAPI: "The document."
    case .page: "The page."
    case .bytes: "The bytes."
    case .attachmentID: "The attachment's id."
    case .empty: "Done. The body is empty."
    }
  }

  /// Without parameters: generators of clients look for exactly these names, and whoever compares types
  /// passes over the charset that the answers name.
  var contentType: String? {
    switch self {
    case .empty: nil
    case .dataModelXML: "application/xml"
    case .page: "text/html"
    case .bytes: "*/*"
    default: "application/json"
    }
  }

  func schema(of model: Model?) -> JSONNode? {
    switch self {
    case .object: model.map { FieldSchema.reference("\($0.name).object") }
    case .list: model.map { FieldSchema.reference("\($0.name).list") }
    case .count: FieldSchema.reference("Count")
    case .batch: FieldSchema.reference("BatchAnswer")
    case .dataModelJSON: FieldSchema.reference("DataModel")
    case .info: FieldSchema.reference("Info")
    case .indexes: FieldSchema.reference("Indexes")
    case .feed: FieldSchema.reference("Feed")
    case .users: FieldSchema.reference("Users")
    case .user: FieldSchema.reference("User")
    case .session: FieldSchema.reference("Session")
    case .authenticationToken: FieldSchema.reference("AuthenticationToken")
    case .enrolment: FieldSchema.reference("EnrolledDevice")
    case .success: FieldSchema.reference("Success")
    case .openAPI: ["type": "object", "required": ["openapi", "info", "paths"]]
    case .attachmentID: FieldSchema.reference("AttachmentId")
    case .dataModelXML, .page: ["type": "string"]
    case .bytes, .empty: nil
    }
  }
}
