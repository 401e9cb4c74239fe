/// What answers the requests of a site. The server calls `prepare` and then `verdict` once per request, when the head
/// is complete.
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
