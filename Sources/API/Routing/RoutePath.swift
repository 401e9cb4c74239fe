import HTTPServer
import Wire

/// A path, split and decoded: where in the server it points.
package enum RoutePath: Sendable, Equatable {
  /// Under `/api/v4/{deployment}`: the deployment's id as written, and what follows it.
  case deployment(String, rest: [String])
  /// Elsewhere.
  case other([String])

  /// - Throws: `APIError` for bad percent-encoding.
  package init(_ rawPath: String) throws(APIError) {
    var segments: [String] = []
    segments.reserveCapacity(8)
    let bytes = Array(rawPath.utf8)
    // Several slashes in a row are one, and one at the end is none (api.md section 2).
    for part in bytes.split(separator: UInt8(ascii: "/")) {
      do throws(PercentText.Fault) {
        segments.append(try PercentText.decode(part))
      } catch {
        throw APIError(.invalidRequest, "The path cannot be read: \(error).")
      }
    }
    if segments.count >= 3, segments[0] == "api", segments[1] == "v4" {
      self = .deployment(segments[2], rest: Array(segments[3...]))
    } else {
      self = .other(segments)
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
