import DataModel
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
    var name = key
    var comparison = FilterOperator.equal
    if let dot = key.firstIndex(of: ".") {
      name = String(key[..<dot])
      let word = String(key[key.index(after: dot)...])
      guard let found = FilterOperator(rawValue: word), found != .equal else {
        throw .request(
          "\"\(CutText.cut(word))\" in \"\(CutText.cut(key))\" is no filter operator; those are "
            + "ne, lt, lte, gt, gte, contains and null.")
      }
      comparison = found
    }
    let field = try QueryField(name, of: model)
    let allowed = FilterOperator.all(of: field)
    guard allowed.contains(comparison) else {
      let words = allowed.map { $0 == .equal ? "=" : ".\($0.rawValue)" }.joined(separator: ", ")
      throw .request("\(name) cannot be filtered by \(comparison.rawValue); it has \(words).")
    }
    return try ComparisonRule(name: name, field: field, model: model).predicate(comparison, .text(text))
  }
}
