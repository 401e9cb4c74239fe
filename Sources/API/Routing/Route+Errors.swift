/// An error that a route can answer with.
package struct RouteError: Sendable, Hashable {
  package let status: Int
  package let type: ErrorType
}

extension Route {
  /// What any request may meet: transport, the path, the deployment, and the state of the server. 401,
  /// which is no JSON and has no type, comes on top.
  package static let commonErrors: [RouteError] = [
    RouteError(status: 400, type: .invalidRequest), RouteError(status: 403, type: .permissionDenied),
    RouteError(status: 404, type: .accountNotFound),
    RouteError(status: 404, type: .routeError), RouteError(status: 413, type: .invalidRequest),
    RouteError(status: 414, type: .invalidRequest), RouteError(status: 415, type: .invalidRequest),
    RouteError(status: 429, type: .tooManyRequests), RouteError(status: 431, type: .invalidRequest),
    RouteError(status: 500, type: .internalError), RouteError(status: 503, type: .unavailable),
  ]

  /// What can happen here beyond the common errors, as the order of checks has it (api.md section 5).
  package var ownErrors: [RouteError] {
    var errors: [RouteError] = []
    if isSigned {
      errors.append(RouteError(status: 403, type: .permissionDenied))
      errors.append(RouteError(status: 416, type: .invalidRequest))
    }
    if kind == .attachment(.put) { errors.append(RouteError(status: 409, type: .conflict)) }
    // PUT makes what is not there.
    if parts.contains(.id), kind != .object(.put), kind != .attachment(.put) {
      errors.append(RouteError(status: 404, type: .objectNotFound))
    }
    if takesTags { errors.append(RouteError(status: 412, type: .conflict)) }
    if readsValues { errors.append(RouteError(status: 422, type: .invalidValue)) }
    return errors
  }

  /// Whether a request can say which state of the object it changes.
  private var takesTags: Bool { description.parameters.contains { $0.name == RouteParameter.ifMatch.name } }

  /// Whether it reads values under the data model. A batch answers for each of its operations.
  private var readsValues: Bool {
    body == .jsonOrForm || body == .bytes || parts.contains(.word("query"))
      || description.parameters.contains { if case .filter = $0.kind { true } else { false } }
  }

  /// All errors of the route, by status.
  package var errors: [RouteError] {
    (Route.commonErrors + ownErrors).enumerated()
      .sorted { ($0.element.status, $0.offset) < ($1.element.status, $1.offset) }.map(\.element)
  }
}
