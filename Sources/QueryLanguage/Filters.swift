import Storage
import Wire

/// GET filters: `q[field.operator]=value`, all of which must hold (api.md section 13).
package struct Filters: Sendable {
  private let model: StoredModel

  package init(on model: StoredModel) { self.model = model }

  /// At most so many criteria in one request.
  package static let limit = 1000

  /// Takes the `q[…]` and `query[…]` pairs of a query string and leaves the others.
  /// - Throws: `ClientFault`.
  package func predicate(from query: QueryPairs) throws(ClientFault) -> Predicate {
    var terms: [Predicate] = []
    for pair in query.pairs {
      guard let root = pair.path.first, root == "q" || root == "query" else { continue }
      guard pair.path.count == 2, !pair.appends else {
        throw .request(
          "A filter is written \(root)[field]=value or \(root)[field.operator]=value, not "
            + "\"\(CutText.cut(pair.path.joined(separator: "/")))\".")
      }
      terms.append(try term(pair.path[1], pair.value))
      if terms.count > Self.limit { throw .request("A request has at most \(Self.limit) filters.") }
    }
    switch terms.count {
    case 0: return .always
    case 1: return terms[0]
    default: return .all(terms)
    }
  }

  private func term(_ key: String, _ text: String) throws(ClientFault) -> Predicate {
    let name = String(key.prefix { $0 != "." })
    let suffix = String(key.dropFirst(name.count))
    guard let comparison = Self.operators[suffix] else {
      throw .request(
        "\"\(CutText.cut(String(suffix.dropFirst())))\" in \"\(CutText.cut(key))\" is no filter operator; those are "
          + "ne, lt, lte, gt, gte, contains and null.")
    }
    let field = try QueryField(name, of: model, in: .filters)
    return try ComparisonRule(name: name, field: field, model: model, language: .filters)
      .predicate(comparison, .text(text))
  }

  /// Whether it is how an operator stands behind a field's name, with its dot; the empty text is.
  static func isOperator(_ suffix: String) -> Bool { operators[suffix] != nil }

  private static let operators = Dictionary(
    FilterOperator.allCases.compactMap { one in one.suffix.map { ($0, one) } }, uniquingKeysWith: { first, _ in first })
}
