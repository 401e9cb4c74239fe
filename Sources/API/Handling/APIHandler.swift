import Attachments
import Deployments
import Glibc
import HTTPServer
import Objects
import QueryLanguage
import Storage
import Wire

/// Answers requests: what needs no body is checked in `verdict`; then `DeploymentRequest` decodes the call,
/// `ObjectCalls` performs it, and `AnswerBuilder` gives the answer its headers.
///
/// The order of checks is that of api.md section 5: preflight, credentials, deployment, route and
/// model, permission, content type; then, once the body is there, body, values and existence.
package final class APIHandler: Handler {
  private let deployments: DeploymentRegistry
  private let spool: SpoolFolder
  private let attachments: AttachmentService
  private let clock: any WallClock
  private let log: any APILog
  private let publicURL: String?
  private let health: ServerHealth
  private let metrics: RequestMetrics
  private let webhookKey: @Sendable (String) -> String?
  private let brake = FailureBrake()
  private let enrolmentBrake = AddressBrake()
  private let memory: ReadingMemory
  private let tools: DeploymentRequest.Tools
  /// They know nothing of settings, and go with the deployment.
  private let calls = DeploymentSlot<ObjectCalls>(.deployment)

  package init(_ services: APIServices) {
    deployments = services.deployments
    attachments = services.attachments
    spool = services.spool
    clock = services.clock
    log = services.log
    publicURL = services.publicURL
    webhookKey = services.webhookKey
    memory = ReadingMemory(limit: services.readingMemory)
    health = services.health ?? ServerHealth(serving: services.deployments)
    metrics = services.metrics
    tools = DeploymentRequest.Tools(
      descriptions: DescriptionCache(limits: services.limits), log: services.log,
      signature: services.attachments.signature)
  }

  // MARK: Handler

  package func prepare(_ head: inout RequestHead) {
    if let method = MethodOverride.method(of: head) { head.method = method }
  }

  package func verdict(on head: RequestHead) -> Verdict {
    var kind = RouteLabel.unmatched
    return verdict(on: head, kind: &kind)
  }

  package func verdict(on head: RequestHead, kind: inout UInt8) -> Verdict {
    let path: RoutePath
    do throws(APIError) {
      path = try RoutePath(head.rawPath)
    } catch {
      return .answer(answers(head, deployment: nil).response(to: error))
    }
    switch path {
    case .other(let segments): return .answer(general(segments, head, kind: &kind))
    case .deployment(let id, let rest):
      if let fault = MethodOverride.fault(in: head) {
        return .answer(answers(head, deployment: nil).response(to: fault))
      }
      let deployment = deployments[id]
      let unusable = deployment == nil ? deployments.unusable(id) : nil
      if head.method == .options {
        let allowed = deployment?.origins ?? unusable?.origins
        return .answer(CrossOrigin.preflight(head, allowed: allowed ?? AllowedOrigins("*")))
      }
      if let unusable { return verdict(on: head, unusable: unusable, RouteMatch(head.method, rest)) }
      return verdict(on: head, id: id, deployment: deployment, rest: rest, kind: &kind)
    }
  }

  package func response(to failure: TransportFailure, of head: RequestHead) -> Response {
    if case .unexpected(let sentence) = failure { log.fault(sentence, requestID: head.requestID) }
    return answers(head, deployment: nil).response(to: APIError(failure))
  }

  package func finished(_ exchange: FinishedExchange) {
    metrics.note(exchange)
    log.request(exchange)
  }

  // MARK: Checks on the head

  private func verdict(
    on head: RequestHead, id: String, deployment: Deployment?, rest: [String], kind: inout UInt8
  ) -> Verdict {
    let answers = answers(head, deployment: deployment)
    // Looked for once, and used when its turn comes: what fits no route is told so only after the credentials.
    let match = RouteMatch(head.method, rest)
    // An address that was handed out carries its own right.
    if let match, match.route.isSigned {
      kind = RouteLabel.number(of: match.route.name)
      return download(match, id: id, deployment: deployment, answers)
    }
    // Before anything is checked.
    let revision = deployment?.revision ?? 0
    let type = head.headers["journey-authentication-type"]
    let isEnrolment = match?.route.name == .enrol
    // Devices are looked for in storage, and never remembered.
    if type == nil, !isEnrolment {
      let known = head.headers.withFirst("authorization") { deployment?.knownCaller(from: $0, at: clock.now) } ?? nil
      if let deployment, let known {
        let arrival = Arrival(
          deployment: deployment, match: match, revision: revision, clock: clock, answers: answers)
        return verdict(on: CallContext(arrival, by: known), kind: &kind)
      }
    }
    let credentials = Credentials(authorization: head.headers["authorization"], type: type)
    guard isEnrolment || credentials != nil else { return denied(id, answers) }
    guard let deployment else { return Self.noDeployment(id, answers) }
    if isEnrolment { return enrolment(in: deployment, answers) }
    guard let credentials else { return denied(id, answers) }
    let arrival = Arrival(deployment: deployment, match: match, revision: revision, clock: clock, answers: answers)
    if case .device(let enrolment, let secret) = credentials {
      // Who it is may be known only later; what it asks for is known now.
      if let match { kind = RouteLabel.number(of: match.route.name) }
      return device(enrolment, secret, arrival)
    }
    let caller = head.headers.withFirst("authorization") {
      deployment.caller(with: credentials, from: $0, at: clock.now)
    }
    guard let caller = caller ?? nil else { return denied(id, answers) }
    return verdict(on: CallContext(arrival, by: caller), kind: &kind)
  }

  /// What is left to check once the credentials are good.
  private func verdict(on context: CallContext, kind: inout UInt8) -> Verdict {
    do {
      let request = try DeploymentRequest(
        context, calls: calls(of: context.deployment), tools: tools, kind: &kind)
      if let upload = try request.upload(answering: { [self] in await answering(context.answers, $0) }) {
        return .stream(upload)
      }
      return .read { [self] body in await respond(to: request, body: body) }
    } catch {
      return .answer(response(to: error, context.answers))
    }
  }

  // MARK: App users' devices

  /// Storage knows devices: a point read says which one it is, here where a reader is idle, and else once the
  /// body is there.
  private func device(_ enrolment: String, _ secret: [UInt8], _ arrival: Arrival) -> Verdict {
    let (deployment, answers) = (arrival.deployment, arrival.answers)
    let look: @Sendable (any Snapshot) throws -> DeviceStanding = { snapshot in
      try deployment.standing(ofEnrolment: enrolment, secret: secret, in: snapshot)
    }
    do {
      if let standing = try deployment.store.readAtOnce(look) { return verdict(on: standing, arrival) }
    } catch {
      return .answer(response(to: error, answers))
    }
    let later: @Sendable () async -> Verdict = { [self] in
      let now = arrival.again()
      do {
        return verdict(on: try await deployment.store.read(look), now)
      } catch {
        return .answer(response(to: error, answers))
      }
    }
    if arrival.match?.route.body == .bytes {
      // Where attachments cannot be used, the verdict says so.
      let limit = calls(of: deployment).attachmentLimit
      return .stream(PendingReceiver(limit: limit > 0 ? limit : .max, verdict: later))
    }
    return .read { body in
      switch await later() {
      case .answer(let response): return response
      case .read(let respond): return await respond(body)
      // It is here already, all of it.
      case .stream(let receiver):
        if let response = await receiver.receive(body) { return response }
        return await receiver.finish()
      }
    }
  }

  private func verdict(on standing: DeviceStanding, _ arrival: Arrival) -> Verdict {
    let (deployment, answers) = (arrival.deployment, arrival.answers)
    switch standing {
    case .unknown: return denied(deployment.id, answers)
    case .ended(let state): return .answer(answers.denied(realm: deployment.id, state: state))
    case .enrolled(let caller):
      if let session = caller.session { deployment.noteConnection(of: session, at: clock.now) }
      var kind = RouteLabel.unmatched
      return verdict(on: CallContext(arrival, by: caller), kind: &kind)
    }
  }

  private func enrolment(in deployment: Deployment, _ answers: AnswerBuilder) -> Verdict {
    let enrolment = Enrolment(deployment: deployment, head: answers.head, clock: clock)
    do throws(APIError) {
      try enrolment.check(enrolmentBrake)
    } catch {
      return .answer(answers.response(to: error))
    }
    return .read { [self] body in
      do {
        return answers.json(.memory(try await enrolment.answer(body)))
      } catch {
        return response(to: error, answers)
      }
    }
  }

  /// A deployment that could not be opened says so to those who may come in, and nothing to others. Who has an
  /// address that it signed may come in. Devices and tokens of enrolment nobody can know now: a device that was
  /// told 401 would take itself for signed out.
  private func verdict(on head: RequestHead, unusable: UnusableDeployment, _ match: RouteMatch?) -> Verdict {
    let answers = AnswerBuilder(head: head, origins: unusable.origins, publicURL: publicURL)
    if let match, match.route.isSigned {
      do throws(APIError) {
        _ = try AttachmentDownload(
          head: head, match: match, deployment: unusable.id, signature: attachments.signature, at: clock.now)
      } catch {
        return .answer(answers.response(to: error))
      }
    } else if match?.route.name != .enrol {
      let type = head.headers["journey-authentication-type"]
      guard let credentials = Credentials(authorization: head.headers["authorization"], type: type) else {
        return denied(unusable.id, answers)
      }
      if case .device = credentials { return .answer(answers.response(to: .unusable)) }
      guard unusable.caller(with: credentials, at: clock.now) != nil else {
        return denied(unusable.id, answers)
      }
    }
    return .answer(answers.response(to: .unusable))
  }

  /// The one error that is not JSON.
  private func denied(_ deployment: String, _ answers: AnswerBuilder) -> Verdict {
    let response = answers.denied(realm: deployment)
    guard brake.isToWait(answers.head.remoteAddress, atMilliseconds: clock.milliseconds()) else {
      return .answer(response)
    }
    // Whatever the length of its body.
    return .stream(
      PendingReceiver(limit: .max) {
        try? await Task.sleep(for: .milliseconds(FailureBrake.delayMilliseconds))
        return .answer(response)
      })
  }

  private static func noDeployment(_ id: String, _ answers: AnswerBuilder) -> Verdict {
    .answer(answers.response(to: APIError(.accountNotFound, "There is no deployment \"\(CutText.cut(id))\".")))
  }

  private func calls(of deployment: Deployment) -> ObjectCalls {
    deployment.value(in: calls) {
      ObjectCalls(store: deployment.store, spool: spool, blobs: blobs(of: deployment))
    }
  }

  /// Nil where they cannot be used; then those are refused who need them.
  private func blobs(of deployment: Deployment) -> DeploymentBlobs? {
    do throws(BlobFault) {
      return try deployment.blobs(in: attachments)
    } catch {
      log.fault("attachments of \(deployment.id): \(error)", requestID: "")
      return nil
    }
  }

  private func download(
    _ match: RouteMatch, id: String, deployment: Deployment?, _ answers: AnswerBuilder
  ) -> Verdict {
    guard let deployment else { return Self.noDeployment(id, answers) }
    do throws(APIError) {
      let download = try AttachmentDownload(
        head: answers.head, match: match, deployment: id, signature: attachments.signature, at: clock.now)
      let calls = calls(of: deployment)
      return .read { [self] _ in
        await answering(answers) { try await download.answer(from: calls, answers) }
      }
    } catch {
      return .answer(answers.response(to: error))
    }
  }

  // MARK: Answering

  private func respond(to request: DeploymentRequest, body: RequestBody) async -> Response {
    await answering(request.context.answers) {
      try await request.whileAdmitted {
        try await memory.reading(body.bytes.count) { try await request.answer(body) }
      }
    }
  }

  private func answering(
    _ answers: AnswerBuilder, _ body: () async throws -> Response
  ) async -> Response {
    do {
      return try await body()
    } catch {
      return response(to: error, answers)
    }
  }

  /// The same for a part of a request, after which there need not be an answer yet.
  private func answering(
    _ answers: AnswerBuilder, _ body: () async throws -> Response?
  ) async -> Response? {
    do {
      return try await body()
    } catch {
      return response(to: error, answers)
    }
  }

  private func response(to error: any Error, _ answers: AnswerBuilder) -> Response {
    let head = answers.head
    switch error {
    case let error as APIError: return answers.response(to: error)
    // They were good: it is nobody's guess, so the brake does not hear of it.
    case let ended as CredentialsEnded: return answers.denied(realm: ended.deploymentID, state: ended.state)
    case let fault as ClientFault: return answers.response(to: APIError(fault))
    case let error as StorageError:
      note(error, head)
      return answers.response(to: APIError(error))
    case let fault as BlobFault:
      if case .unavailable(let reason) = fault { log.fault(reason, requestID: head.requestID) }
      return answers.response(to: APIError(fault))
    default:
      log.fault("unexpected: \(error)", requestID: head.requestID)
      return answers.response(to: APIError(.internalError, APIError.internalDetail))
    }
  }

  private func note(_ error: StorageError, _ head: RequestHead) {
    switch error {
    case .unavailable(let reason), .broken(let reason), .unusable(let reason):
      log.fault(reason, requestID: head.requestID)
    case .tooManyFiles, .noRoomForAnswer: log.fault(error.sentence, requestID: head.requestID)
    case .busy, .closed, .timeLimit, .sessionEnded, .leaseLost, .webhookChanged, .uploadOutdated, .replan: break
    }
  }

  private func answers(_ head: RequestHead, deployment: Deployment?) -> AnswerBuilder {
    AnswerBuilder(head: head, origins: deployment?.origins, publicURL: publicURL)
  }

  /// What lies outside `/api/`, for everyone.
  private func general(_ segments: [String], _ head: RequestHead, kind: inout UInt8) -> Response {
    guard head.method == .get || head.method == .head else {
      return answers(head, deployment: nil).response(to: .noRoute(head))
    }
    if let response = health.response(to: segments) {
      kind = RouteLabel.health
      return response
    }
    switch segments {
    case ["docs", "errors"]:
      kind = RouteLabel.page
      return ErrorsPage.response
    case [".well-known", "sojourn", "webhook-key.pem"]:
      kind = RouteLabel.page
      return webhookKey(head)
    case _ where segments.count == 2 && segments[0] == "enroll" && DeploymentID.isValid(segments[1]):
      kind = RouteLabel.page
      return EnrolmentPage.response
    default: return answers(head, deployment: nil).response(to: .noRoute(head))
    }
  }
}

extension APIHandler {
  /// The key that receivers of webhooks verify signatures with (webhooks.md «The request»).
  private func webhookKey(_ head: RequestHead) -> Response {
    let query = try? QueryPairs(head.rawQuery)
    let deployment = query?.pairs.last { $0.path == ["deployment"] && !$0.appends }?.value ?? ""
    guard let pem = webhookKey(deployment) else {
      return answers(head, deployment: nil).response(
        to: APIError(
          .routeError,
          "There is no key for the deployment \"\(CutText.cut(deployment))\": it is made when a webhook is enabled first."
        ))
    }
    return Response(
      status: 200, headers: [("Content-Type", TextType.pem), ("Cache-Control", "max-age=300")],
      body: .block(ByteBlock(Array(pem.utf8))))
  }
}

extension APIError {
  static func noRoute(_ head: RequestHead) -> APIError {
    APIError(.routeError, "There is no route \(head.method.name) \(CutText.cut(head.rawPath)).")
  }

  init(_ failure: TransportFailure) {
    switch failure {
    case .requestLineTooLong(let limit):
      self.init(
        .invalidRequest, "The request line is longer than \(limit) bytes; the setting is SOJOURN_REQUEST_LINE_LIMIT.",
        status: 414)
    case .headTooLarge(let limit):
      self.init(
        .invalidRequest, "The request's headers are longer than \(limit) bytes; the setting is SOJOURN_HEAD_LIMIT.",
        status: 431)
    case .bodyTooLarge(let limit):
      self.init(
        .invalidRequest, "The body is larger than \(limit) bytes; the setting is SOJOURN_BODY_LIMIT.", status: 413)
    case .unknownEncoding(let name):
      self.init(
        .invalidRequest,
        "The Content-Encoding \"\(CutText.cut(name))\" is not read; those are gzip, deflate and identity.", status: 415)
    case .streamTooLarge(let limit): self.init(BlobFault.tooLarge(limit: limit))
    case .malformed(let fault): self.init(.invalidRequest, fault.sentence)
    case .unreadable(let status): self = .unreadable(status)
    case .brokenEncoding:
      self.init(.invalidRequest, "The body is not what its Content-Encoding says, or ends early.")
    case .busy:
      self.init(.unavailable, "All memory for bodies is in use. Try again in a moment.", retryAfter: 1)
    case .draining: self.init(.unavailable, "The server is shutting down.", retryAfter: 1)
    case .unexpected: self.init(.internalError, APIError.internalDetail)
    }
  }
}

extension APIError {
  /// What the HTTP library could not read or hold: its statuses, in our words.
  private static func unreadable(_ status: Int) -> APIError {
    let detail =
      switch status {
      case 413: "The length of the body, or of a chunk of it, is a number beyond 64 bits."
      case 414: "The request line is longer than the setting SOJOURN_REQUEST_LINE_LIMIT allows."
      case 431:
        "The request's headers are longer than the setting SOJOURN_HEAD_LIMIT allows, or there are hundreds of them."
      case 505: "HTTP/1.1 and HTTP/1.0 are served here."
      default:
        "The request cannot be read: a header without a colon, a Content-Length that is no number, or broken chunks."
      }
    return APIError(.invalidRequest, detail, status: status)
  }
}

extension Method {
  package var name: String {
    switch self {
    case .get: "GET"
    case .head: "HEAD"
    case .post: "POST"
    case .put: "PUT"
    case .patch: "PATCH"
    case .delete: "DELETE"
    case .options: "OPTIONS"
    case .other(let token): CutText.cut(token)
    }
  }
}
