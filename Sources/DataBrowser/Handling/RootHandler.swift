import HTTPServer
import Web

/// Leads from the host's root to the pages.
package struct RootHandler: Handler {
  private let pages: DataBrowserHandler

  package init(beside pages: DataBrowserHandler) { self.pages = pages }

  package func verdict(on head: RequestHead) -> Verdict {
    guard head.method == .get || head.method == .head else { return pages.verdict(on: head) }
    return .answer(DataBrowserHandler.seeOther(.deployments))
  }

  package func response(to failure: TransportFailure, of head: RequestHead) -> Response {
    pages.response(to: failure, of: head)
  }

  package func finished(_ exchange: FinishedExchange) { pages.finished(exchange) }
}
