import Attachments
import Deployments
import HTTPServer
import Objects
import People
import QueryLanguage
import Storage
import Synchronization
import Web
import Wire

/// Answers requests for pages: the address becomes a `Route`, cookies a `Visitor`, both together a `Visit`; a call
/// fetches what its page shows on one snapshot; then the page is written.
package final class DataBrowserHandler: Handler {
  let services: DataBrowserServices
  private let calls = DeploymentSlot<ObjectCalls>(.deployment)
  /// Pages have a rate of their own, for each person, and take nothing of a deployment's.
  private let buckets = Mutex(BucketTable<String>(rate: pagesPerSecond, burst: pagesAtOnce))

  package static let pagesPerSecond = 20.0
  package static let pagesAtOnce = 100.0

  package init(_ services: DataBrowserServices) { self.services = services }

  package func verdict(on head: RequestHead) -> Verdict {
    var kind: UInt8 = 0
    return verdict(on: head, kind: &kind)
  }

  package func verdict(on head: RequestHead, kind: inout UInt8) -> Verdict {
    if let host = services.host, !head.isFor(host: host) {
      return strict(.answer(response(.otherHost(services.pagesURL ?? host), head)), head)
    }
    return strict(verdict(atHome: head, kind: &kind), head)
  }

  /// With a word to the browser never to come without https, where that is wanted.
  private func strict(_ verdict: Verdict, _ head: RequestHead) -> Verdict {
    switch verdict {
    case .answer(let response): return .answer(strict(response, head))
    case .read(let respond): return .read { [self] in strict(await respond($0), head) }
    // Who takes a body in says it of the answer.
    case .stream: return verdict
    }
  }

  func strict(_ response: Response, _ head: RequestHead) -> Response {
    guard services.isStrict, head.scheme == "https" else { return response }
    var response = response
    response.headers.append(PageHeaders.strict)
    return response
  }

  private func verdict(atHome head: RequestHead, kind: inout UInt8) -> Verdict {
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
    return upload(to: route, head) ?? .read { [self] body in await respond(to: route, head, body) }
  }

  package func response(to failure: TransportFailure, of head: RequestHead) -> Response {
    if case .unexpected(let sentence) = failure { services.log.fault(sentence, requestID: head.requestID) }
    return response(PageFault(failure), head)
  }

  /// Whoever reads the log learns no code with which somebody joins.
  package func finished(_ exchange: FinishedExchange) {
    var exchange = exchange
    if Route.hasCode(rawPath: exchange.head.rawPath) { exchange.head.rawPath = RouteKind.join.pattern }
    services.count(exchange)
    services.log.request(exchange)
  }

  // MARK: Answering

  func respond(to route: Route, _ head: RequestHead, _ body: RequestBody) async -> Response {
    let visit: Visit
    do {
      visit = try await self.visit(to: route, head)
    } catch {
      return response(fault(error, head), head)
    }
    do {
      if let way = try check(visit) { return Self.seeOther(way) }
      guard head.method == .post else { return try await PageCall(self, visit).answer() }
      let gate = PostGate(people: services.people, visit: visit) { [self] in wait(of: $0) }
      switch try await gate.admit(body) {
      case .elsewhere(let way): return Self.seeOther(way)
      case .taken(let form):
        let response = try await PageCall(self, visit).answer(form)
        await drop(form, response, visit)
        return response
      }
    } catch {
      let fault = self.fault(error, head)
      if fault.status == 403 { noteRefusal(visit) }
      return await response(fault, visit)
    }
  }

  /// A form that was kept is not needed any more once it was looked at. Where that was not to be, it stays.
  private func drop(_ form: PostForm, _ response: Response, _ visit: Visit) async {
    guard let number = form.heldNumber, let visitor = visit.visitor, response.status < 400 || response.status == 422
    else { return }
    // What is done stays done. It goes by itself within the hour.
    try? await services.people.drop(held: number, of: visitor.person.id)
  }

  /// Somebody who is signed in gets the frame with it.
  private func missing(_ head: RequestHead) async -> Response {
    guard let visit = try? await visit(to: .deployments, head) else { return response(.notFound(), head) }
    return await response(.notFound(), visit)
  }

  func visit(to route: Route, _ head: RequestHead) async throws -> Visit {
    let host = host(of: head)
    let cookies = CookieScope(scheme: head.scheme, host: host)
    let own = "\(head.scheme)://\(host)"
    let visitor = try await services.visits.visitor(of: head, cookies)
    return Visit(
      head: head, route: route, visitor: visitor, now: services.clock.now,
      origin: services.pagesURL ?? services.publicURL ?? own, apiOrigin: services.publicURL ?? own, cookies: cookies
    ) { [people = services.people] route in
      visitor.map { people.ticket(for: route.address.path, $0) } ?? ""
    }
  }

  /// As the browser has it.
  private func host(of head: RequestHead) -> String {
    let host = head.forwardedHost ?? head.headers["host"] ?? "localhost"
    return HostField.isHost(host) ? host : "localhost"
  }

  // MARK: What holds of all routes

  /// Where to go first; nil where it can go on. What a POST needs is the gate's to say, which holds what was typed.
  private func check(_ visit: Visit) throws(PageFault) -> Route? {
    let kind = visit.route.kind
    guard comesByLink(visit.head.headers) else { throw .badTicket }
    guard isAllowed(visit.head.method, kind.methods) else { throw .wrongMethod }
    if let visitor = visit.visitor, let seconds = wait(of: visitor.person.id) { throw .tooMany(retryAfter: seconds) }
    if kind.need == .anyone || visit.head.method == .post { return nil }
    guard let visitor = visit.visitor else { return .signIn(to: visit.route) }
    switch visitor.may(kind.need, in: visit.route.deployment) {
    case .allowed: return nil
    case .signIn: return .signIn(to: visit.route)
    case .enrolFactor: return .factor
    case .elevate: return .elevate(to: visit.route)
    case .forbidden(let right): throw .forbidden(right)
    case .unknown: throw .notFound()
    }
  }

  /// In how many seconds this person may ask again; nil where it is now.
  private func wait(of person: PersonID) -> Int? {
    buckets.withLock { $0.take(for: person.text, atMilliseconds: services.clock.milliseconds()) }
  }

  /// Other sites may link here, and nothing else: a page of ours in a frame of theirs is no link.
  func comesByLink(_ headers: Headers) -> Bool {
    guard headers["sec-fetch-site"] == "cross-site" else { return true }
    return headers["sec-fetch-mode"] == "navigate" && headers["sec-fetch-dest"] ?? "document" == "document"
  }

  private func isAllowed(_ method: Method, _ methods: Methods) -> Bool {
    switch (method, methods) {
    case (.get, .get), (.head, .get), (.get, .both), (.head, .both), (.post, .post), (.post, .both): true
    default: false
    }
  }

  private func isGet(_ head: RequestHead) -> Bool { head.method == .get || head.method == .head }

  // MARK: Errors

  func fault(_ error: any Error, _ head: RequestHead) -> PageFault {
    switch error {
    case let fault as PageFault: return fault
    case let fault as PeopleFault:
      note(fault, head)
      return PageFault(fault)
    case let fault as DeploymentFault: return PageFault(422, "This cannot be done", fault.sentence)
    case let fault as MultipartReader.Fault: return PageFault(fault)
    case let fault as BlobFault:
      if case .unavailable = fault { services.log.fault(fault.sentence, requestID: head.requestID) }
      return PageFault(fault)
    case let fault as ClientFault: return .invalid(fault.detail, ways: [])
    case let error as StorageError:
      note(error, head)
      return PageFault(error)
    default:
      services.log.fault("unexpected: \(error)", requestID: head.requestID)
      return .unexpected
    }
  }

  func note(_ fault: PeopleFault, _ head: RequestHead) {
    if case .unaudited(let error) = fault { note(error, head) }
  }

  private func note(_ error: StorageError, _ head: RequestHead) {
    switch error {
    case .unavailable, .outcomeUnknown, .broken, .unusable, .tooManyFiles, .noRoomForAnswer:
      services.log.fault(error.sentence, requestID: head.requestID)
    case .busy, .closed, .timeLimit, .rowTooLarge, .sessionEnded, .leaseLost, .webhookChanged, .uploadOutdated, .replan:
      break
    }
  }

  private func noteRefusal(_ visit: Visit) {
    guard let visitor = visit.visitor else { return }
    services.people.refused(
      visitor, visit.route.kind.pattern, in: visit.route.deployment, from: visit.browser)
  }

  /// An error with what one is shown around it.
  func response(_ fault: PageFault, _ visit: Visit) async -> Response {
    let call = PageCall(self, visit)
    // Where the deployment itself is what one may not see, nothing of it stands around the error.
    let isOpen = visit.visitor?.may(.viewer, in: visit.route.deployment) == .allowed
    let frame = isOpen ? await call.frameOfError() : call.plainFrame()
    return Self.response(ErrorPage(fault), in: frame, status: fault.status, retryAfter: fault.retryAfter)
  }

  func response(_ fault: PageFault, _ head: RequestHead) -> Response {
    var frame = Frame()
    frame.requestID = head.requestID
    frame.isOfForm = head.method == .post
    return Self.response(ErrorPage(fault), in: frame, status: fault.status, retryAfter: fault.retryAfter)
  }

  // MARK: Pieces

  static func response(
    _ page: some Page, in frame: Frame, status: Int = 200, retryAfter: Int? = nil
  ) -> Response {
    var headers = PageHeaders.page(imagesFrom: frame.imageOrigins, isCompressible: !page.showsSecret)
    if let retryAfter { headers.append(("Retry-After", String(retryAfter))) }
    var frame = frame
    frame.status = status
    if let ends = frame.sessionEndsAt { headers.append(("X-Session-Ends", ends.description)) }
    return Response(status: status, headers: headers, body: .block(frame.bytes(around: page)))
  }

  static func seeOther(_ route: Route) -> Response { seeOther(route.address) }

  static func seeOther(_ address: LocalAddress) -> Response {
    Response(status: 303, headers: [("Location", address.text), ("Cache-Control", "no-store")] + PageHeaders.isolation)
  }

  func calls(of deployment: Deployment) -> ObjectCalls {
    deployment.value(in: calls) { [services] in
      ObjectCalls(
        store: deployment.store, spool: services.spool, blobs: try? deployment.blobs(in: services.attachments))
    }
  }
}
