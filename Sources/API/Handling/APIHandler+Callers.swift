import Deployments
import HTTPServer
import Wire

/// Who calls, and what becomes of the call once that is known.
extension APIHandler {
  /// `match` is nil where no route fits, which only good credentials are told.
  func verdict(
    on match: CallMatch?, in deployment: Deployment, _ answers: AnswerBuilder, kind: inout UInt8
  ) -> Verdict {
    let head = answers.head
    // The deployment's revision is taken before anything is checked.
    let arrival = Arrival(
      deployment: deployment, match: match, revision: deployment.revision, clock: clock, answers: answers)
    // Devices are looked for in storage, and never remembered.
    if head.headers[Credentials.typeHeader] == nil {
      let known = head.headers.withFirst("authorization") {
        deployment.knownCaller(from: $0, at: clock.now, address: head.remoteAddress)
      }
      if let known = known ?? nil { return verdict(on: CallContext(arrival, by: known), kind: &kind) }
    }
    guard let credentials = Credentials(of: head) else {
      return denied(deployment.id, answers)
    }
    if case .device(let enrolment, let secret) = credentials {
      // Who it is may be known only later; what it asks for is known now.
      if let match { kind = RouteLabel.number(of: match.route) }
      return device(enrolment, secret, arrival)
    }
    let caller = head.headers.withFirst("authorization") {
      deployment.caller(with: credentials, from: $0, at: clock.now, address: head.remoteAddress)
    }
    guard let caller = caller ?? nil else { return denied(deployment.id, answers) }
    return verdict(on: CallContext(arrival, by: caller), kind: &kind)
  }

  /// What is left to check once the credentials are good, and who answers then.
  func verdict(on context: CallContext, kind: inout UInt8) -> Verdict {
    do {
      let request = try DeploymentRequest(
        context, calls: calls(of: context.deployment), tools: tools, kind: &kind)
      switch request.subject {
      case .object(let route, let model):
        let objects = try ObjectRequest(request, on: .model(route, model))
        if let response = objects.answerAtOnce() { return .answer(response) }
        return .read { [self] body in await respond(to: objects.request, body) { try await objects.answer(body) } }
      case .batch:
        let batch = try ObjectRequest(request, on: .batch)
        return .read { [self] body in await respond(to: batch.request, body) { try await batch.answer(body) } }
      case .user(let route):
        return .read { [self] body in await respond(to: request, body) { try await request.answer(to: route) } }
      case .deployment(let route):
        return .read { [self] body in await respond(to: request, body) { try await request.answer(to: route) } }
      case .attachment(let route): return .stream(try AttachmentUpload(request, route, common))
      }
    } catch {
      return .answer(common.response(to: error, context.answers))
    }
  }

  private func respond(
    to request: DeploymentRequest, _ body: RequestBody, _ answer: () async throws -> Response
  ) async -> Response {
    await common.answering(request.context.answers) {
      try await request.whileAdmitted {
        try await memory.reading(body.bytes.count) {
          // The body may have taken its time.
          try await request.context.check()
          return try await answer()
        }
      }
    }
  }

  /// The one error that is not JSON.
  func denied(_ deployment: String, _ answers: AnswerBuilder) -> Verdict {
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
}
