import JSON
import QueryLanguage
import Storage
import Wire

/// A list as asked for: decoded and checked under the model.
package struct ListQuery: Sendable {
  /// All that match, in order, without the bounds.
  let plan: ReadPlan
  package let bounds: PageBounds
  /// Whether the answer says how many objects match.
  package let hasTotal: Bool
  /// Where it goes on; nil for a list from its beginning.
  let cursor: ListCursor?
  /// What each object embeds.
  let includes: Includes

  /// - Throws: `ClientFault.request` where `bounds.after` is no cursor of this query, or comes with a `skip`.
  package init(
    on model: ModelView, predicate: Predicate, sort: [SortKey], bounds: PageBounds, hasTotal: Bool,
    includes: Includes = .none
  ) throws(ClientFault) {
    plan = ReadPlan(model: model.stored, predicate: predicate, sort: sort, limit: bounds.limit)
    self.bounds = bounds
    self.hasTotal = hasTotal
    self.includes = includes
    guard let after = bounds.after else {
      cursor = nil
      return
    }
    if bounds.skip > 0 {
      throw .request("after and skip exclude each other: a cursor already says where the list goes on.")
    }
    cursor = try ListCursor(after, for: plan)
  }

  /// Reads `q`, `sort`, `limit`, `skip`, `total`, `after` and `include` of a query string.
  /// - Throws: `ClientFault`.
  package init(
    _ query: QueryPairs, on model: ModelView, in view: DataModelView, totalByDefault: Bool
  ) throws(ClientFault) {
    let bounds = try PageBounds(from: query)
    try self.init(
      on: model, predicate: try Filters(on: model.stored).predicate(from: query),
      sort: try SortOrder.keys(from: query, on: model.stored), bounds: bounds,
      hasTotal: bounds.total ?? totalByDefault,
      includes: try Includes(try IncludePaths(from: query), of: model, in: view))
  }

  /// Reads the body of `query.json`, with `include` in it or in the query string, and the query string's
  /// `total`, which is true unless it says otherwise.
  /// - Throws: `ClientFault`.
  package init(
    _ body: JSONValue, query: QueryPairs, on model: ModelView, in view: DataModelView
  ) throws(ClientFault) {
    let read = try QueryBody(body, query: query, on: model.stored)
    let paths: IncludePaths
    if let json = body["include"] { paths = try IncludePaths(json) } else { paths = try IncludePaths(from: query) }
    try self.init(
      on: model, predicate: read.predicate, sort: read.sort, bounds: read.bounds,
      hasTotal: read.bounds.total ?? true, includes: try Includes(paths, of: model, in: view))
  }
}
