import Deployments
import HTTPServer
import JSON
import Objects
import QueryLanguage
import Wire

/// From the request to the call.
extension ObjectRequest {
  func call(_ body: RequestBody) throws -> ObjectCall {
    switch subject {
    case .batch: .batch(try Batch(try JSONDocument.read(body), under: view, newID: request.newID))
    case .model(let route, let model): try call(route, on: model, body)
    }
  }

  private func call(_ route: ObjectRoute, on model: ModelView, _ body: RequestBody) throws -> ObjectCall {
    switch route {
    case .list:
      let query = try request.query
      try check(query, for: Self.namesOfLists, on: model)
      return .list(model, try ListQuery(query, on: model, in: view, totalByDefault: hasTotal))
    case .query:
      let written = try JSONDocument.read(body).root
      return .list(
        model, try ListQuery(written, query: try request.query, on: model, in: view, totalByDefault: hasTotal))
    case .count:
      let query = try request.query
      try check(query, for: Self.namesOfCounts, on: model)
      return .count(model, try Filters(on: model.stored).predicate(from: query))
    case .search:
      return .list(model, try ListQuery(try search(body), on: model, in: view, totalByDefault: hasTotal))
    case .get:
      let includes = try Includes(try IncludePaths(from: try request.query), of: model, in: view)
      return .get(model, try id(of: model), includes)
    case .create: return try .create(try content(body), model, newID: request.newID)
    case .patch:
      let content = try content(body)
      // What is wrong with the body comes before what is not there.
      guard let id else {
        _ = try content.object(of: model)
        throw missing(model)
      }
      return try .patch(content, model, id, if: try request.head.conditions(of: route))
    case .put:
      let content = try content(body)
      guard let id else {
        _ = try content.object(of: model)
        throw APIError.noID(request.match.values.id)
      }
      return try .put(content, model, id, if: try request.head.conditions(of: route))
    case .delete: return .delete(model, try id(of: model), if: try request.head.conditions(of: route))
    }
  }

  private static let namesOfLists = ObjectRoute.list.queryParameters
  private static let namesOfCounts = ObjectRoute.count.queryParameters

  /// Whether lists say how many objects match, where the request says nothing of it.
  private var hasTotal: Bool { !request.context.caller.isDevice }

  // MARK: The object that the path names

  private var id: ObjectID? { ObjectID(request.match.values.id) }

  /// What no id is is no object's.
  private func id(of model: ModelView) throws(APIError) -> ObjectID {
    guard let id else { throw missing(model) }
    return id
  }

  func missing(_ model: ModelView) -> APIError {
    .objectNotFound(model: model.name, id: request.match.values.id)
  }
}
