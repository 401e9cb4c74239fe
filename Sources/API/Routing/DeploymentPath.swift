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
