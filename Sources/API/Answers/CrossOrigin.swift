import Deployments
import HTTPServer

/// Cross-origin rules: web pages may call the API directly (api.md section 2).
enum CrossOrigin {
  private static let exposed =
    "ETag, Retry-After, X-Request-Id, X-Sojourn-Sequence, X-Sojourn-Feed, Content-Disposition, Link"

  private static let forAll: [(name: String, value: String)] = [
    ("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", exposed),
  ]

  /// The headers that every answer under `/api/` carries.
  static func headers(for head: RequestHead, allowed: AllowedOrigins) -> [(name: String, value: String)] {
    if allowed.isAll { return forAll }
    guard let origin = head.headers["origin"], allowed.listed.contains(origin) else {
      return [("Vary", "Origin")]
    }
    return [
      ("Access-Control-Allow-Origin", origin), ("Vary", "Origin"), ("Access-Control-Expose-Headers", exposed),
    ]
  }

  /// The answer to a preflight, which needs neither credentials nor a deployment.
  static func preflight(_ head: RequestHead, allowed: AllowedOrigins) -> Response {
    var headers = headers(for: head, allowed: allowed)
    headers.append(("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"))
    // A list that no page has would not fit in the header of an answer.
    if let asked = head.headers["access-control-request-headers"], asked.utf8.count <= 4096 {
      headers.append(("Access-Control-Allow-Headers", asked))
    }
    headers.append(("Access-Control-Max-Age", "86400"))
    return Response(status: 204, headers: headers)
  }
}
