import JSON
import Storage
import Wire

/// The body of `query.json`: `{expression, arguments, limit, skip, sort, after, cursor}`, each of which may be missing or
/// null; other keys are ignored (api.md section 13).
package struct QueryBody: Sendable {
  package var predicate: Predicate
  package var sort: [SortKey]
  package var bounds: PageBounds

  /// `query` is the query string, in which `total` stands.
  /// - Throws: `ClientFault`.
  package init(_ body: JSONValue, query: QueryPairs, on model: StoredModel) throws(ClientFault) {
    guard body.isObject else {
      throw .request("The body is an object such as {\"expression\": \"number = ?\", \"arguments\": [5]}.")
    }
    bounds = try PageBounds(body: body, query: query)
    sort = try SortOrder.keys(from: body["sort"], on: model)
    var text = ""
    if let expression = body["expression"], !expression.isNull {
      guard let string = expression.string else {
        throw .request("expression takes a string, not \(ClientValue.json(expression).shown).")
      }
      text = string
    }
    predicate = try Expression.predicate(text, arguments: body["arguments"], on: model)
  }
}
