import HTTPServer
import Wire

/// A path under `/api/v4/{deployment}`.
struct DeploymentPath: Sendable, Equatable {
  /// The deployment's id as written.
  let deployment: String
  /// What follows it.
  let rest: [String]

  /// Nil for other paths.
  /// - Throws: `APIError` for bad percent-encoding.
  init?(_ head: RequestHead) throws(APIError) {
    let segments = try head.readSegments()
    guard segments.count >= 3, segments[0] == "api", segments[1] == "v4" else { return nil }
    deployment = segments[2]
    rest = Array(segments[3...])
  }
}

extension RequestHead {
  /// The path's segments.
  /// - Throws: `APIError` for bad percent-encoding.
  func readSegments() throws(APIError) -> [String] {
    do throws(PercentText.Fault) {
      return try segments
    } catch {
      throw APIError(.invalidRequest, "The path cannot be read: \(error).")
    }
  }
}

/// A route that a request matched, with the values of the parameters in its path.
struct RouteMatch: Sendable {
  let route: Route
  let model: String?
  let id: String?
  let session: String?
  let variant: String?

  /// Nil where no route has this method and path.
  init?(_ method: Method, _ segments: [String]) {
    var segments = segments
    guard let last = segments.last else { return nil }
    if last.hasSuffix(".json"), last.utf8.count > 5 {
      segments[segments.count - 1] = String(last.dropLast(5))
    } else if last.hasSuffix(".xml"), last != "datamodel.xml" {
      return nil
    }
    for route in Route.candidates(method, parts: segments.count) {
      var model: String?
      var id: String?
      var session: String?
      var variant: String?
      var matches = true
      for (part, segment) in zip(route.parts, segments) {
        switch part {
        case .word(let word): matches = matches && word == segment
        case .model, .userModel: model = segment
        case .session: session = segment
        case .variant: variant = segment
        case .id:
          id = segment
          matches = matches && !Route.reservedWords.contains(segment)
        }
      }
      if matches {
        self.route = route
        self.model = model
        self.id = id
        self.session = session
        self.variant = variant
        return
      }
    }
    return nil
  }
}
