import QueryLanguage
import Storage
import Wire

/// What a request asks of a deployment's objects, under the data model in force when it came: decoded
/// and checked, nothing of it done yet.
package enum ObjectCall: Sendable {
  case get(ModelView, ObjectID)
  case list(ModelView, ListQuery)
  case count(ModelView, Predicate)
  /// One write that answers with the object.
  case write(ModelView, ObjectID, WriteStep)
  case delete(ModelView, ObjectID)
  case batch(Batch)
}

/// A list as asked for.
package struct ListQuery: Sendable {
  package var predicate: Predicate
  package var sort: [SortKey]
  package var bounds: PageBounds
  /// Whether the answer says how many objects match.
  package var hasTotal: Bool

  package init(predicate: Predicate, sort: [SortKey], bounds: PageBounds, hasTotal: Bool) {
    self.predicate = predicate
    self.sort = sort
    self.bounds = bounds
    self.hasTotal = hasTotal
  }

  /// Reads `q`, `sort`, `limit`, `skip` and `total` of a query string.
  /// - Throws: `ClientFault`.
  package init(_ query: QueryPairs, on model: ModelView, totalByDefault: Bool) throws(ClientFault) {
    bounds = try PageBounds(from: query)
    predicate = try Filters(on: model.stored).predicate(from: query)
    sort = try SortOrder.keys(from: query, on: model.stored)
    hasTotal = bounds.total ?? totalByDefault
  }

  /// What the body of `query.json` asks for.
  package init(_ body: QueryBody, totalByDefault: Bool) {
    self.init(
      predicate: body.predicate, sort: body.sort, bounds: body.bounds,
      hasTotal: body.bounds.total ?? totalByDefault)
  }
}
