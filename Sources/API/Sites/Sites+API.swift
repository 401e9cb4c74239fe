import HTTPServer

extension Sites {
  /// The API's own sites, and others beside them that the API knows nothing of.
  /// Whoever looks at the host's root is led to `root`, where it is given.
  package init(_ services: APIServices, beside others: [Site] = [], root: String? = nil) {
    let sites = [Site("/api", APIHandler(services)), Site("/health", HealthHandler(services))]
    let pages = PageHandler(services)
    let ways = root.map { [Site("/", RootHandler(target: $0, rest: pages))] } ?? []
    self.init(sites + others + ways, rest: pages)
  }
}

/// Tells whether the process answers, and whether it can take requests.
final class HealthHandler: PublicHandler {
  let common: CommonAnswers
  private let health: ServerHealth

  init(_ services: APIServices) {
    common = CommonAnswers(services)
    health = services.health ?? ServerHealth(serving: services.deployments)
  }

  func response(to head: RequestHead, at segments: [String], kind: inout UInt8) -> Response? {
    guard let response = health.response(to: segments) else { return nil }
    kind = RouteLabel.health
    return response
  }
}

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
