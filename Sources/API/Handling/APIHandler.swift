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
final class APIHandler: CommonHandler {
  let common: CommonAnswers
  private let deployments: DeploymentRegistry
  private let spool: SpoolFolder
  private let attachments: AttachmentService
  private let clock: any WallClock
  private let brake = FailureBrake()
  private let enrolmentBrake = AddressBrake()
  private let memory: ReadingMemory
  private let tools: DeploymentRequest.Tools
  /// They know nothing of settings, and go with the deployment.
  private let calls = DeploymentSlot<ObjectCalls>(.deployment)

  init(_ services: APIServices) {
    deployments = services.deployments
    attachments = services.attachments
    spool = services.spool
    clock = services.clock
    common = CommonAnswers(services)
    memory = ReadingMemory(limit: services.readingMemory)
    tools = DeploymentRequest.Tools(
      descriptions: DescriptionCache(limits: services.limits), log: services.log,
      signature: services.attachments.signature)
  }

  // MARK: Handler

  func prepare(_ head: inout RequestHead) {
    if let method = MethodOverride.method(of: head) { head.method = method }
  }

  func verdict(on head: RequestHead, kind: inout UInt8) -> Verdict {
    let id: String
    let rest: [String]
    do throws(APIError) {
      guard let path = try DeploymentPath(head) else { throw .noRoute(head) }
      if let fault = MethodOverride.fault(in: head) { throw fault }
      (id, rest) = (path.deployment, path.rest)
    } catch {
      return .answer(common.answers(head).response(to: error))
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

  // MARK: Checks on the head

  private func verdict(
    on head: RequestHead, id: String, deployment: Deployment?, rest: [String], kind: inout UInt8
  ) -> Verdict {
    let answers = common.answers(head, origins: deployment?.origins)
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
    let answers = common.answers(head, origins: unusable.origins)
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
      common.log.fault("attachments of \(deployment.id): \(error)", requestID: "")
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
      if case .unavailable(let reason) = fault { common.log.fault(reason, requestID: head.requestID) }
      return answers.response(to: APIError(fault))
    default:
      common.log.fault("unexpected: \(error)", requestID: head.requestID)
      return answers.response(to: APIError(.internalError, APIError.internalDetail))
    }
  }

  private func note(_ error: StorageError, _ head: RequestHead) {
    switch error {
    case .unavailable(let reason), .broken(let reason), .unusable(let reason):
      common.log.fault(reason, requestID: head.requestID)
    case .tooManyFiles, .noRoomForAnswer: common.log.fault(error.sentence, requestID: head.requestID)
    case .busy, .closed, .timeLimit, .sessionEnded, .leaseLost, .webhookChanged, .replan: break
    }
  }
}
