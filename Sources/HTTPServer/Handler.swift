/// What answers requests. The server calls `prepare` and then `verdict` once per request, when the head is
/// complete.
///
/// 1. They run on the connection's own thread: they must not block and must not wait.
/// 2. `verdict` either answers at once, without the body (refused, preflight), or asks for the body: whole, or
///    piece by piece.
/// 3. `respond` is called when the body is complete, also when there is none. It starts on the
///    connection's thread and may suspend; up to its first suspension it must be quick.
package protocol Handler: Sendable {
  /// May read the head as something else than it says; checks, `finished` and so log and figures see what it
  /// makes of it.
  func prepare(_ head: inout RequestHead)
  func verdict(on head: RequestHead) -> Verdict
  /// The same, and says which kind of request it is, as a number of the handler's own that `finished` is
  /// given again.
  func verdict(on head: RequestHead, kind: inout UInt8) -> Verdict
  /// The answer to a request that broke a limit of transport, before or instead of `verdict`.
  func response(to failure: TransportFailure, of head: RequestHead) -> Response
  /// Called once for each answer, when it has gone out or its connection was lost.
  func finished(_ exchange: FinishedExchange)
}

extension Handler {
  package func prepare(_ head: inout RequestHead) {}
  /// For handlers that tell no kinds apart.
  package func verdict(on head: RequestHead, kind: inout UInt8) -> Verdict { verdict(on: head) }
}

package enum Verdict: Sendable {
  case answer(Response)
  case read(@Sendable (RequestBody) async -> Response)
  /// Asks for the body piece by piece, with a limit of its own.
  case stream(any BodyReceiver)
}

/// A limit of transport that a request broke (api.md section 2).
package enum TransportFailure: Error, Equatable {
  case requestLineTooLong(limit: Int)  // 414
  case headTooLarge(limit: Int)  // 431
  case bodyTooLarge(limit: Int)  // 413
  /// The same of a body that is streamed, which has a limit of its own.  413
  case streamTooLarge(limit: Int)
  /// The head leaves in doubt what is asked for.  400
  case malformed(HeadFault)
  /// The HTTP library could not read the request or hold it; its own status is 400, 413, 414, 431 or 505.
  case unreadable(status: Int)
  /// The body's `Content-Encoding` is none of gzip, deflate and identity.  415
  case unknownEncoding(String)
  /// The body is not what its `Content-Encoding` says, or ends early.  400
  case brokenEncoding
  /// All memory for bodies is in use.  503
  case busy
  /// No answer came: the handler is shutting down.  503
  case draining
  /// The connection was called in a way that it cannot be: a fault of the server, in a sentence for its log.  500
  case unexpected(String)
}

package struct FinishedExchange: Sendable {
  package var head: RequestHead
  package var status: Int
  /// Bytes of the body as sent (after compression).
  package var bodyBytes: Int
  package var microseconds: Int
  /// Whether the answer went out whole.
  package var completed: Bool
  /// Who asked: `Response.caller`; nil where that is not known.
  package var caller: String?
  /// What the handler's verdict called it; 0 where there was none.
  package var kind: UInt8
  /// Bytes of the request's body that came, as sent.
  package var receivedBytes: Int

  package init(
    head: RequestHead, status: Int, bodyBytes: Int, microseconds: Int, completed: Bool, caller: String? = nil,
    kind: UInt8 = 0, receivedBytes: Int = 0
  ) {
    self.head = head
    self.status = status
    self.bodyBytes = bodyBytes
    self.microseconds = microseconds
    self.completed = completed
    self.caller = caller
    self.kind = kind
    self.receivedBytes = receivedBytes
  }
}
