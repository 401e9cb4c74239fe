import JSON

/// The error table as responses: one for each status, and one more where a route has types of its own
/// at a status that all share.
enum ErrorResponses {
  struct Answer {
    /// The name among the components.
    let name: String
    let status: Int
    let types: [ErrorType]
  }

  /// The answers of a route, by status.
  static func of(_ route: Route) -> [Answer] {
    let common = Set(Route.commonErrors)
    var answers: [Answer] = []
    for error in route.errors {
      let isExtra = !common.contains(error) && common.contains { $0.status == error.status }
      if let last = answers.last, last.status == error.status {
        answers[answers.count - 1] = Answer(
          name: isExtra ? "\(last.name)_\(error.type.rawValue)" : last.name, status: last.status,
          types: last.types + [error.type])
      } else {
        answers.append(Answer(name: "Error\(error.status)", status: error.status, types: [error.type]))
      }
    }
    return answers
  }

  private static let answers: [Answer] = {
    var names: Set<String> = []
    return Route.table.flatMap(of).filter { names.insert($0.name).inserted }.sorted { $0.name < $1.name }
  }()

  static let all: [(key: String, value: JSONNode)] =
    [("Error401", denied)] + answers.map { (key: $0.name, value: node($0)) }

  /// The bodies, under the names of the responses that have them.
  static let schemas: [(key: String, value: JSONNode)] = answers.map { answer in
    (
      key: answer.name,
      value: [
        "allOf": [
          FieldSchema.reference("Error"),
          [
            "type": "object",
            "properties": ["type": ["type": "string", "enum": .array(answer.types.map { .text($0.rawValue) })]],
          ],
        ]
      ]
    )
  }

  private static func node(_ answer: Answer) -> JSONNode {
    let example: JSONNode? = answer.types.last.map { type in
      [
        "type": .text(type.rawValue), "title": .text(type.title), "detail": "…",
        "see": "https://localhost/docs/errors#\(type.rawValue)",
      ]
    }
    let waits = answer.types.contains(.unavailable) || answer.types.contains(.tooManyRequests)
    let schema = FieldSchema.reference(answer.name)
    return [
      "description": .text(answer.types.map { "\($0.rawValue): \($0.title)" }.joined(separator: " ")),
      "headers": SharedHeaders.references(waits ? [.requestID, .retryAfter] : [.requestID]),
      "content": ["application/json": JSONNode.object([("schema", schema)]).adding("example", example)],
    ]
  }

  /// The one error that is no JSON.
  private static let denied: JSONNode = [
    "description": "Credentials are missing, malformed, wrong, revoked or expired.",
    "headers": SharedHeaders.references([.requestID, .authenticate]),
    "content": ["text/plain": ["schema": ["type": "string", "const": "HTTP Basic: Access denied."]]],
  ]
}
