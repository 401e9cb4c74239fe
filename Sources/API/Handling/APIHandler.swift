import Attachments
import Deployments
import HTTPServer
import Objects
import Wire

/// Answers requests below `/api`: what needs no body is checked in `verdict`; then the handler of the route's kind
/// decodes the call and performs it, and `AnswerBuilder` gives the answer its headers.
///
/// The order of checks is that of api.md section 5: preflight, credentials, deployment, route and
/// model, permission, content type; then, once the body is there, body, values and existence.
final class APIHandler: CommonHandler {
  let common: CommonAnswers
  let attachments: AttachmentService
  let clock: any WallClock
  let tools: DeploymentRequest.Tools
  let memory: ReadingMemory
  let brake = FailureBrake()
  let enrolmentBrake = AddressBrake()
  private let deployments: DeploymentRegistry
  private let spool: SpoolFolder
  /// They know nothing of settings, and go with the deployment.
  private let calls = DeploymentSlot<ObjectCalls>(.deployment)

  init(_ services: APIServices) {
    common = CommonAnswers(services)
    deployments = services.deployments
    attachments = services.attachments
    spool = services.spool
    clock = services.clock
    memory = ReadingMemory(limit: services.readingMemory)
    tools = DeploymentRequest.Tools(
      descriptions: DescriptionCache(limits: services.limits), log: services.log,
      signature: services.attachments.signature)
  }

  func prepare(_ head: inout RequestHead) {
    if let method = MethodOverride.method(of: head) { head.method = method }
  }

  func verdict(on head: RequestHead, kind: inout UInt8) -> Verdict {
    let path: DeploymentPath
    do throws(APIError) {
      if let host = common.browserHost, head.isFor(host: host) { throw .noRoute(head) }
      guard let known = try DeploymentPath(head) else { throw .noRoute(head) }
      if let fault = MethodOverride.fault(in: head) { throw fault }
      path = known
    } catch {
      return .answer(common.answers(head).response(to: error))
    }
    // Looked for once, and used when its turn comes: what fits no route is told so only after the credentials.
    let match = MatchedRoute(head.method, path.rest)
    if case .open(let match)? = match { kind = RouteLabel.number(of: match.route) }
    guard let deployment = deployments[path.deployment] else {
      return verdict(on: head, at: path.deployment, match, unusable: deployments.unusable(path.deployment))
    }
    if head.method == .options { return .answer(CrossOrigin.preflight(head, allowed: deployment.origins)) }
    let answers = common.answers(head, origins: deployment.origins)
    switch match {
    case .open(let match): return verdict(on: match, in: deployment, answers)
    case .call(let match): return verdict(on: match, in: deployment, answers, kind: &kind)
    case nil: return verdict(on: nil, in: deployment, answers, kind: &kind)
    }
  }

  // MARK: What belongs to a deployment

  func calls(of deployment: Deployment) -> ObjectCalls {
    deployment.value(in: calls) {
      ObjectCalls(store: deployment.store, spool: spool, blobs: blobs(of: deployment))
    }
  }

  /// Nil where they cannot be used; then those are refused who need them.
  private func blobs(of deployment: Deployment) -> DeploymentBlobs? {
    do throws(BlobFault) {
      return try deployment.blobs(in: attachments)
    } catch {
      common.log.fault("Deployment \(deployment.id): \(error.sentence)", requestID: "")
      return nil
    }
  }
}
