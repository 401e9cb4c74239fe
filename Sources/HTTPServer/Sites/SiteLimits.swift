/// What a site takes of a request where that is less than what the server takes.
package struct SiteLimits: Sendable, Equatable {
  /// As `TransportLimits.requestLine`.
  package var requestLine = Int.max
  /// As `TransportLimits.head`.
  package var head = Int.max
  /// As `TransportLimits.body`, for bodies that are read whole.
  package var body = Int.max
  /// Bytes of a refused body that are waited for before its answer, so that the connection can go on. Where more is to
  /// come, the answer goes out at once, what still comes is thrown away for some seconds, and the connection is
  /// closed. At most twice the server's limit of a body.
  package var refusedBody = Int.max

  package init() {}

  /// No more than the server takes: the memory of a connection is made for that.
  func within(_ server: TransportLimits) -> SiteLimits {
    var limits = self
    limits.requestLine = min(requestLine, server.requestLine)
    limits.head = min(head, server.head)
    limits.body = min(body, server.body)
    limits.refusedBody = min(refusedBody, 2 * server.body)
    return limits
  }
}
