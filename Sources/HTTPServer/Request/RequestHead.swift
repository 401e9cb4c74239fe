import Wire

/// The head of a request: all that came before the body, within the limits of size.
package struct RequestHead: Sendable {
  package var method: Method
  /// The path as it was sent, still percent-encoded, up to the first `?`, with several slashes in a row as
  /// one. It begins with `/`.
  package var rawPath: String
  /// The query as it was sent, still percent-encoded, without the `?`; nil where there was none.
  package var rawQuery: String?
  package var headers: Headers
  /// The caller's address as text: the peer, or what a trusted proxy says of it.
  package var remoteAddress: String
  /// `https` or `http` as the client sees it: a trusted proxy may say so.
  package var scheme: String
  /// The host, and port, that the client asked for, where a trusted proxy says so.
  package var forwardedHost: String?
  /// The caller's `X-Request-Id` where it is fit to use, else a fresh one.
  package var requestID: String
  /// `Content-Length`, or nil where it is unknown (chunked) or there is no body.
  package var declaredLength: Int?

  package init(
    method: Method, rawPath: String, rawQuery: String? = nil, headers: Headers = Headers([]),
    remoteAddress: String = "127.0.0.1", scheme: String = "http", requestID: String = "",
    declaredLength: Int? = nil
  ) {
    self.method = method
    self.rawPath = rawPath
    self.rawQuery = rawQuery
    self.headers = headers
    self.remoteAddress = remoteAddress
    self.scheme = scheme
    self.requestID = requestID
    self.declaredLength = declaredLength
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
      var segments: [String] = []
      segments.reserveCapacity(8)
      for part in Array(rawPath.utf8).split(separator: UInt8(ascii: "/")) {
        segments.append(try PercentText.decode(part))
      }
      return segments
    }
  }
}
