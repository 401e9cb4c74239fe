import HTTPServer

/// Leads whoever looks at the host's root elsewhere; everything else there is answered as if it were not there.
struct RootHandler: Handler {
  /// A path of another site.
  let target: String
  /// What answers where no site does.
  let rest: any Handler

  func prepare(_ head: inout RequestHead) { rest.prepare(&head) }
  func verdict(on head: RequestHead) -> Verdict { isAsked(head) ? .answer(way) : rest.verdict(on: head) }

  func verdict(on head: RequestHead, kind: inout UInt8) -> Verdict {
    isAsked(head) ? .answer(way) : rest.verdict(on: head, kind: &kind)
  }

  private func isAsked(_ head: RequestHead) -> Bool { head.method == .get || head.method == .head }

  private var way: Response {
    Response(status: 303, headers: [("Location", target), ("Cache-Control", "no-store")])
  }

  func response(to failure: TransportFailure, of head: RequestHead) -> Response {
    rest.response(to: failure, of: head)
  }

  func finished(_ exchange: FinishedExchange) { rest.finished(exchange) }
}
