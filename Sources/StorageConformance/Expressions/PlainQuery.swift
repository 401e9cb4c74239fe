/// A query as a client would put it, in pieces that can be evaluated, written and left out.
struct PlainQuery: Sendable {
  indirect enum Node: Sendable {
    case all([Node])
    case any([Node])
    case term(Term)
    /// Parentheses that say nothing.
    case wrapped(Node)
  }

  struct Term: Sendable {
    /// The name in the expression and the field that it means.
    var name: String
    var field: String
    var word: String
    var argument: Argument
    /// Whether no blank stands about a symbol.
    var isTight = false
  }

  enum Argument: Sendable {
    case one(Spelled)
    case list([Spelled])

    var json: String {
      switch self {
      case .one(let value): value.json
      case .list(let values): "[\(values.map(\.json).joined(separator: ","))]"
      }
    }
  }

  var filter: Node?
  struct Key: Sendable {
    /// The name in the query, and the field that it means.
    var name: String
    var field: String
    var descending: Bool
    /// Whether the field's values have one.
    var hasOrder = true
  }

  var sort: [Key] = []
  var limit: Int?
  var skip: Int?

  /// The body of the request.
  var body: String {
    var arguments: [String] = []
    let expression = filter.map { Self.text($0, &arguments) } ?? ""
    let keys = sort.map { "\"\($0.descending ? "-" : "")\($0.name)\"" }.joined(separator: ",")
    return "{\"expression\":\"\(expression)\",\"arguments\":[\(arguments.joined(separator: ","))],"
      + "\"sort\":[\(keys)],\"limit\":\(limit.map(String.init) ?? "null"),"
      + "\"skip\":\(skip.map(String.init) ?? "null")}"
  }

  private static func text(_ node: Node, _ arguments: inout [String]) -> String {
    switch node {
    case .all(let parts):
      return parts.map { part in
        let text = text(part, &arguments)
        if case .any = part { return "(\(text))" }
        return text
      }.joined(separator: " and ")
    case .any(let parts): return parts.map { text($0, &arguments) }.joined(separator: " or ")
    case .wrapped(let inner): return "(\(text(inner, &arguments)))"
    case .term(let term):
      arguments.append(term.argument.json)
      let isSymbol = term.word.utf8.allSatisfy { "<>=!".utf8.contains($0) }
      return term.isTight && isSymbol ? "\(term.name)\(term.word)?" : "\(term.name) \(term.word) ?"
    }
  }
}
