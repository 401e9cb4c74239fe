import Wire

/// The head of a request: all that came before the body, within the limits of size.
///
/// A request's steps hand it on, each with a copy of its own: so its parts lie in one object that the copies share until
/// one of them is changed.
package struct RequestHead: Sendable {
  private struct Parts: Sendable {
    var method: Method
    var rawPath: String
    var rawQuery: String?
    var headers: Headers
    var remoteAddress: String
    var scheme: String
    var forwardedHost: String?
    var requestID: String
    var declaredLength: Int?
    var hasBody: Bool
  }

  /// `@unchecked Sendable` is safe: what several copies share is never changed.
  private final class Shared: @unchecked Sendable {
    var parts: Parts
    init(_ parts: Parts) { self.parts = parts }
  }

  private var shared: Shared

  private var parts: Parts {
    get { shared.parts }
    set {
      if isKnownUniquelyReferenced(&shared) { shared.parts = newValue } else { shared = Shared(newValue) }
    }
  }

  package var method: Method {
    get { shared.parts.method }
    set { parts.method = newValue }
  }
  /// The path as it was sent, still percent-encoded, up to the first `?`, with several slashes in a row as
  /// one. It begins with `/`.
  package var rawPath: String {
    get { shared.parts.rawPath }
    set { parts.rawPath = newValue }
  }
  /// The query as it was sent, still percent-encoded, without the `?`; nil where there was none.
  package var rawQuery: String? { shared.parts.rawQuery }
  package var headers: Headers { shared.parts.headers }
  /// The caller's address as text: the peer, or what a trusted proxy says of it.
  package var remoteAddress: String {
    get { shared.parts.remoteAddress }
    set { parts.remoteAddress = newValue }
  }
  /// `https` or `http` as the client sees it: a trusted proxy may say so.
  package var scheme: String {
    get { shared.parts.scheme }
    set { parts.scheme = newValue }
  }
  /// The host, and port, that the client asked for, where a trusted proxy says so.
  package var forwardedHost: String? {
    get { shared.parts.forwardedHost }
    set { parts.forwardedHost = newValue }
  }
  /// The caller's `X-Request-Id` where it is fit to use, else a fresh one.
  package var requestID: String { shared.parts.requestID }
  /// `Content-Length`, or nil where it is unknown (chunked) or there is no body.
  package var declaredLength: Int? { shared.parts.declaredLength }
  /// Whether a body follows.
  package var hasBody: Bool { shared.parts.hasBody }

  package init(
    method: Method, rawPath: String, rawQuery: String? = nil, headers: Headers = Headers([]),
    remoteAddress: String = "127.0.0.1", scheme: String = "http", requestID: String = "",
    declaredLength: Int? = nil, hasBody: Bool = false
  ) {
    shared = Shared(
      Parts(
        method: method, rawPath: rawPath, rawQuery: rawQuery, headers: headers, remoteAddress: remoteAddress,
        scheme: scheme, forwardedHost: nil, requestID: requestID, declaredLength: declaredLength, hasBody: hasBody))
  }
}

package enum Method: Hashable, Sendable {
  case get, head, post, put, patch, delete, options
  /// Any other token, as sent.
  case other(String)
}

extension RequestHead {
  /// Whether it was sent to this host, which is in lower case; trusted proxies say so where they stand in front.
  package func isFor(host: String) -> Bool {
    HostField.name(of: forwardedHost ?? headers["host"] ?? "") == host
  }
}

extension RequestHead {
  /// The path's segments, decoded. Several slashes in a row are one, and one at the end is none.
  package var segments: [String] {
    get throws(PercentText.Fault) {
      var path = rawPath
      return try path.withUTF8(Self.segments(of:)).get()
    }
  }

  private static func segments(of path: UnsafeBufferPointer<UInt8>) -> Result<[String], PercentText.Fault> {
    var segments: [String] = []
    segments.reserveCapacity(8)
    var start = 0
    while start < path.count {
      let end = path[start...].firstIndex(of: UInt8(ascii: "/")) ?? path.count
      let part = path[start..<end]
      if part.contains(where: { $0 == UInt8(ascii: "%") || $0 >= 0x80 }) {
        // With the path's own offsets, for the error.
        do { segments.append(try PercentText.decode(Array(path[..<end])[start...])) } catch { return .failure(error) }
      } else if !part.isEmpty {
        segments.append(String(decoding: part, as: UTF8.self))
      }
      start = end + 1
    }
    return .success(segments)
  }
}
