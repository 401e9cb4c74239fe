import HTTPServer

/// A route that a request matched, by who may ask for it.
enum MatchedRoute: Sendable {
  case open(RouteMatch<OpenRoute>)
  case call(RouteMatch<CallKind>)

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
      guard let values = PathValues(segments, as: route.parts) else { continue }
      switch route.kind {
      case .open(let kind): self = .open(RouteMatch(route: route, kind: kind, values: values))
      case .call(let kind): self = .call(RouteMatch(route: route, kind: kind, values: values))
      }
      return
    }
    return nil
  }
}

/// A route that a request matched, with what stands for the parameters in its path.
struct RouteMatch<Kind: Sendable>: Sendable {
  let route: Route
  let kind: Kind
  let values: PathValues
}

typealias CallMatch = RouteMatch<CallKind>

/// The values of the parameters in a path. Those that the route does not have are empty, and nobody asks for them.
struct PathValues: Sendable {
  private(set) var model = ""
  private(set) var id = ""
  private(set) var session = ""
  private(set) var variant = ""

  /// Nil where the segments, of which there are as many as parts, do not fit.
  fileprivate init?(_ segments: [String], as parts: [Route.Part]) {
    for (part, segment) in zip(parts, segments) {
      switch part {
      case .word(let word): if word != segment { return nil }
      case .model, .userModel: model = segment
      case .session: session = segment
      case .variant: variant = segment
      case .id:
        if Route.reservedWords.contains(segment) { return nil }
        id = segment
      }
    }
  }
}
