import JSON
import QueryLanguage
import Storage
import Wire

/// The parameters of a search: those of the query string, and those of the body, which win (api.md
/// section 13 «Search»).
package struct SearchParameters: Sendable {
  /// In the form of a query string, so that the same readers read them.
  private(set) var pairs: QueryPairs

  package init(query: QueryPairs) { pairs = query }

  package init(query: QueryPairs, form: QueryPairs) {
    self.init(query: query)
    add(form.pairs)
  }

  /// Takes a body such as `{"query": "late", "limit": 10, "sort": ["-number"]}`. Members that it does not
  /// know are ignored; null says nothing.
  /// - Throws: `ClientFault.request` naming the member.
  package init(query: QueryPairs, json: JSONValue) throws(ClientFault) {
    self.init(query: query)
    guard json.isObject else { throw .request("The body is no JSON object; it has the member \"query\".") }
    var body: [QueryPairs.Pair] = []
    for member in json.members {
      let value = ClientValue.json(member.value)
      if member.key == "query" {
        guard let text = member.value.string ?? member.value.number?.exactText else {
          throw .request("query takes the text to look for, not \(value.shown).")
        }
        if member.value.holdsLoneSurrogate {
          throw .value("query: \(value.shown) is refused: \(FieldValue.loneSurrogate).")
        }
        body.append(QueryPairs.Pair(path: ["query"], value: text))
      } else if member.value.isNull {
        continue
      } else if member.key == "sort" {
        body += try Self.sort(member.value)
      } else if Self.words.contains(member.key) {
        body.append(QueryPairs.Pair(path: [member.key], value: try Self.word(member.value, of: member.key)))
      }
    }
    add(body)
  }

  private static let words: Set<String> = ["limit", "skip", "total", "include", "after", "cursor"]

  /// What the body names is taken from the body alone.
  private mutating func add(_ body: [QueryPairs.Pair]) {
    var named = Set(body.map { $0.path[0] })
    // They are one parameter.
    if !named.isDisjoint(with: ["after", "cursor"]) { named.formUnion(["after", "cursor"]) }
    pairs = QueryPairs(pairs: pairs.pairs.filter { !named.contains($0.path[0]) } + body)
  }

  /// As it would stand in a query string.
  private static func word(_ value: JSONValue, of name: String) throws(ClientFault) -> String {
    if let text = value.string { return text }
    // 10.0 is 10 in JSON.
    if let integer = value.number?.integer { return String(integer) }
    if value.isArray, name == "include" {
      var paths: [String] = []
      for element in value.elements { paths.append(try word(element, of: "an element of include")) }
      return paths.joined(separator: ",")
    }
    guard value.number != nil || value.bool != nil, value.withRawText({ $0.count }) <= 100 else {
      throw .request("\(name) cannot be \(ClientValue.json(value).shown).")
    }
    return value.rawText
  }

  /// `{"number": -1}`, as in a query string, or `["-number"]` or `"-number"`, as in an expression.
  private static func sort(_ value: JSONValue) throws(ClientFault) -> [QueryPairs.Pair] {
    var pairs: [QueryPairs.Pair] = []
    if value.isObject {
      for member in value.members {
        let direction = try word(member.value, of: "sort[\(CutText.cut(member.key))]")
        pairs.append(QueryPairs.Pair(path: ["sort", member.key], value: direction))
      }
      return pairs
    }
    for name in value.isArray ? Array(value.elements) : [value] {
      guard let text = name.string else {
        throw .request("sort takes names of fields, with - for descending, not \(ClientValue.json(name).shown).")
      }
      let isDescending = text.utf8.first == UInt8(ascii: "-")
      pairs.append(
        QueryPairs.Pair(
          path: ["sort", isDescending ? String(text.dropFirst()) : text], value: isDescending ? "-1" : "1"))
    }
    return pairs
  }

  /// The text to look for.
  /// - Throws: `ClientFault.request` where there is none.
  fileprivate func text() throws(ClientFault) -> String {
    for pair in pairs.pairs where pair.path[0] == "query" && (pair.path.count > 1 || pair.appends) {
      throw .request("query takes the text to look for, once and without brackets.")
    }
    guard let text = pairs["query"] else {
      throw .request("A search needs \"query\", the text to look for, in the body or the query string.")
    }
    return text
  }
}

extension ListQuery {
  /// - Throws: `ClientFault.request`.
  package init(
    _ search: SearchParameters, on model: ModelView, in view: DataModelView, totalByDefault: Bool
  ) throws(ClientFault) {
    let bounds = try PageBounds(from: search.pairs)
    try self.init(
      on: model, predicate: try TextSearch.predicate(for: try search.text(), on: model.stored, seesMasked: true),
      sort: try SortOrder.keys(from: search.pairs, on: model.stored), bounds: bounds,
      hasTotal: bounds.total ?? totalByDefault,
      includes: try Includes(try IncludePaths(from: search.pairs), of: model, in: view))
  }
}
