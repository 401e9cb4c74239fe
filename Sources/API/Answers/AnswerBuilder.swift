import Deployments
import HTTPServer
import Objects
import Storage
import Wire

/// Puts answers into the form that all of the API has: headers of cross-origin and caching, and errors
/// as JSON.
struct AnswerBuilder: Sendable {
  let head: RequestHead
  /// The origins that the deployment allows; nil where there is none.
  let origins: AllowedOrigins?
  let publicURL: String?
  /// The id of the deployment's feed, once the credentials are known to be good.
  var feedID: String?
  /// Who asks, for the log, once the credentials are known to be good.
  var caller: String?

  private var crossOrigin: [(name: String, value: String)] {
    head.rawPath.hasPrefix("/api/")
      ? CrossOrigin.headers(for: head, allowed: origins ?? AllowedOrigins("*")) : []
  }

  /// Adds what every answer has.
  func dressed(_ response: consuming Response) -> Response {
    response.headers += crossOrigin
    response.caller = caller
    if let feedID { response.headers.append(("X-Sojourn-Feed", feedID)) }
    return response
  }

  /// Room for what most answers have, so that it is not made anew while they are added.
  private static let usualHeaders = 8

  func json(_ answer: RenderedAnswer, nextSequence: Int64? = nil, next: NextLink? = nil) -> Response {
    var headers: [(name: String, value: String)] = []
    headers.reserveCapacity(Self.usualHeaders)
    headers.append(("Content-Type", TextType.json))
    headers.append(("Cache-Control", "no-store"))
    if let link = next?.header(origin: origin) { headers.append(("Link", link)) }
    let body: Response.Body =
      switch answer {
      case .memory(let block): .block(block)
      case .file(let file, let length): .file(file, offset: 0, length: length)
      }
    var response = Response(status: 200, headers: headers, body: body)
    response.number = nextSequence.map { Response.NumberField("X-Sojourn-Sequence", $0) }
    return dressed(response)
  }

  func response(to error: APIError) -> Response {
    var writer = ByteWriter(capacity: 512)
    error.append(to: &writer, documentation: documentation)
    var headers = [(name: "Content-Type", value: TextType.json), (name: "Cache-Control", value: "no-store")]
    if let seconds = error.retryAfter { headers.append(("Retry-After", String(seconds))) }
    return dressed(Response(status: error.status, headers: headers, body: .block(writer.detach())))
  }

  /// 401, in plain text (api.md section 3). A device whose session has ended is told its state.
  func denied(realm: String, state: SessionState? = nil) -> Response {
    // The path is the client's: only what an id can hold goes into the header.
    let safe = realm.utf8.prefix(100).filter {
      ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) || ($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z"))
        || ($0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z")) || $0 == UInt8(ascii: "-")
    }
    var headers = [
      (name: "Content-Type", value: TextType.plain),
      (name: "WWW-Authenticate", value: "Basic realm=\"\(String(decoding: safe, as: UTF8.self))\""),
      (name: "Cache-Control", value: "no-store"),
    ]
    if let state {
      headers.append(("Sojourn-Session-State", state.rawValue))
      headers.append(("Access-Control-Expose-Headers", "Sojourn-Session-State"))
    }
    return dressed(
      Response(
        status: 401, headers: headers,
        body: .block(ByteBlock(Array("HTTP Basic: Access denied.".utf8)))))
  }

  /// The page that errors point to.
  var documentation: String { origin + "/docs/errors" }

  /// The public URL, or scheme and host of the request at hand, as the client sees them.
  var origin: String {
    if let publicURL { return publicURL }
    let host = head.forwardedHost ?? head.headers["host"] ?? "localhost"
    return "\(head.scheme)://\(HostField.isHost(host) ? host : "localhost")"
  }
}
