import Deployments
import HTTPServer
import Objects
import QueryLanguage
import Storage
import Web
import Wire

/// Answers requests for pages: the address becomes a `Route`, cookies a `Visitor`, both together a `Visit`; a call
/// fetches what its page shows on one snapshot; then the page is written.
package final class DataBrowserHandler: Handler {
  let services: DataBrowserServices
  private let calls = DeploymentSlot<ObjectCalls>(.deployment)

  package init(_ services: DataBrowserServices) { self.services = services }

  package func verdict(on head: RequestHead) -> Verdict {
    var kind: UInt8 = 0
    return verdict(on: head, kind: &kind)
  }

  package func verdict(on head: RequestHead, kind: inout UInt8) -> Verdict {
    guard let route = Route(rawPath: head.rawPath, rawQuery: head.rawQuery) else {
      return .read { [self] _ in await missing(head) }
    }
    kind = route.kind.rawValue
    if case .assets(let hash, let file) = route {
      guard isGet(head), let answer = Asset.all.response(to: file, hash: hash) else {
        return .answer(response(.notFound(), head))
      }
      return .answer(answer)
    }
    return .read { [self] body in await respond(to: route, head, body) }
  }

  package func response(to failure: TransportFailure, of head: RequestHead) -> Response {
    if case .unexpected(let sentence) = failure { services.log.fault(sentence, requestID: head.requestID) }
    return response(PageFault(failure), head)
  }

  package func finished(_ exchange: FinishedExchange) { services.log.request(exchange) }

  // MARK: Answering

  private func respond(to route: Route, _ head: RequestHead, _ body: RequestBody) async -> Response {
    let visit = await visit(to: route, head)
    do {
      try check(visit)
      return try await PageCall(self, visit).answer(body)
    } catch {
      return await response(fault(error, head), visit)
    }
  }

  /// Somebody who is signed in gets the frame with it.
  private func missing(_ head: RequestHead) async -> Response {
    await response(.notFound(), await visit(to: .deployments, head))
  }

  private func visit(to route: Route, _ head: RequestHead) async -> Visit {
    let now = services.clock.now
    let visitor = await services.visits.visitor(of: head, at: now)
    return Visit(head: head, route: route, visitor: visitor, now: now, origin: origin(of: head)) { [services] route in
      visitor.map { services.visits.ticket(for: $0, to: route, at: now) } ?? ""
    }
  }

  private func origin(of head: RequestHead) -> String {
    if let publicURL = services.publicURL { return publicURL }
    let host = head.forwardedHost ?? head.headers["host"] ?? "localhost"
    return "\(head.scheme)://\(HostField.isHost(host) ? host : "localhost")"
  }

  // MARK: What holds of all routes

  private func check(_ visit: Visit) throws(PageFault) {
    let kind = visit.route.kind
    // Other sites may link here, and nothing else.
    if visit.head.headers["sec-fetch-site"] == "cross-site", visit.head.headers["sec-fetch-mode"] != "navigate" {
      throw .badTicket
    }
    guard let visitor = visit.visitor else {
      if kind.need == .anyone { return }
      throw .noSession
    }
    switch visitor.may(kind.need, in: visit.route.deployment) {
    case .allowed: break
    case .signIn: throw .noSession
    case .forbidden(let role): throw .forbidden(role)
    case .forbiddenButToOperators: throw .forbiddenButToOperators
    case .unknown: throw .notFound()
    }
    guard isAllowed(visit.head.method, kind.methods) else { throw .wrongMethod }
  }

  private func isAllowed(_ method: Method, _ methods: Methods) -> Bool {
    switch (method, methods) {
    case (.get, .get), (.head, .get), (.get, .both), (.head, .both), (.post, .post), (.post, .both): true
    default: false
    }
  }

  private func isGet(_ head: RequestHead) -> Bool { head.method == .get || head.method == .head }

  // MARK: Errors

  private func fault(_ error: any Error, _ head: RequestHead) -> PageFault {
    switch error {
    case let fault as PageFault: return fault
    case let fault as ClientFault: return .invalid(fault.detail, ways: [])
    case let error as StorageError:
      note(error, head)
      return PageFault(error)
    default:
      services.log.fault("unexpected: \(error)", requestID: head.requestID)
      return .unexpected
    }
  }

  private func note(_ error: StorageError, _ head: RequestHead) {
    switch error {
    case .unavailable, .broken, .unusable, .tooManyFiles, .noRoomForAnswer:
      services.log.fault(error.sentence, requestID: head.requestID)
    case .busy, .closed, .timeLimit, .sessionEnded, .leaseLost, .webhookChanged, .uploadOutdated, .replan: break
    }
  }

  /// An error with what one is shown around it.
  private func response(_ fault: PageFault, _ visit: Visit) async -> Response {
    let call = PageCall(self, visit)
    // Where the deployment itself is what one may not see, nothing of it stands around the error.
    let isOpen = visit.visitor?.may(.viewer, in: visit.route.deployment) == .allowed
    let frame = isOpen ? await call.frameOfError() : call.plainFrame()
    return Self.response(ErrorPage(fault), in: frame, status: fault.status, retryAfter: fault.retryAfter)
  }

  private func response(_ fault: PageFault, _ head: RequestHead) -> Response {
    var frame = Frame()
    frame.requestID = head.requestID
    return Self.response(ErrorPage(fault), in: frame, status: fault.status, retryAfter: fault.retryAfter)
  }

  // MARK: Pieces

  static func response(
    _ page: some Page, in frame: Frame, status: Int = 200, retryAfter: Int? = nil
  ) -> Response {
    var headers = PageHeaders.page()
    if let retryAfter { headers.append(("Retry-After", String(retryAfter))) }
    if let ends = frame.sessionEndsAt { headers.append(("X-Session-Ends", ends.description)) }
    return Response(status: status, headers: headers, body: .block(frame.bytes(around: page)))
  }

  static func seeOther(_ route: Route) -> Response {
    Response(
      status: 303, headers: [("Location", route.address.text), ("Cache-Control", "no-store")] + PageHeaders.isolation)
  }

  func calls(of deployment: Deployment) -> ObjectCalls {
    deployment.value(in: calls) { [services] in
      ObjectCalls(
        store: deployment.store, spool: services.spool, blobs: try? deployment.blobs(in: services.attachments))
    }
  }
}
