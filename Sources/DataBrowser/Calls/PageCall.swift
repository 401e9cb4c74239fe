import Attachments
import Deployments
import HTTPServer
import Objects
import People
import Storage
import Web
import Wire

/// A visit on its way to its page.
struct PageCall: Sendable {
  let handler: DataBrowserHandler
  let visit: Visit

  init(_ handler: DataBrowserHandler, _ visit: Visit) {
    self.handler = handler
    self.visit = visit
  }

  /// The page; `form` is what was posted to it.
  /// - Throws: `PageFault`, `PeopleFault`, `ClientFault`, `StorageError`.
  func answer(_ form: PostForm? = nil) async throws -> Response {
    switch visit.route {
    case .deployments: return try await deployments(opensOne: true)
    case .allDeployments: return try await deployments(opensOne: false)
    // It is answered before anybody is known.
    case .assets: throw PageFault.notFound()
    case .signIn(let to): return if let form { try await signIn(form) } else { signInPage(to: to) }
    case .join(let code): return if let form { try await join(code, form) } else { try await joinPage(code) }
    case .elevate(let to): return if let form { try await elevate(form) } else { try elevatePage(to: to) }
    case .held(let number): return try await heldPage(number)
    case .signOut: return try await signOut()
    case .account: return try await account()
    case .look: return try await look(form ?? PostForm.none)
    case .sessions: return if let form { try await endSession(form) } else { try await sessions() }
    case .password: return if let form { try await changePassword(form) } else { try passwordPage() }
    case .factor: return if let form { try await changeFactor(form) } else { respond(try await factorPage()) }
    case .recovery: return if let form { try await renewRecovery(form) } else { try await recoveryPage() }
    case .overview: return try await inDeployment().overview()
    case .manageAPI: return try await inDeployment().manageAPI(form)
    case .token(_, let name): return try await inDeployment().token(name, form)
    case .appUsers(_, let view): return try await inDeployment().appUsers(view)
    case .appUser(_, let user): return try await inDeployment().appUser(user, form)
    case .wipe(_, let user, let session): return try await inDeployment().wipe(user, session, form)
    case .enrolmentCards: return try await inDeployment().cards(form)
    case .webhooks: return try await inDeployment().webhooks()
    case .webhook(_, let name, let object): return try await inDeployment().webhook(name, object: object, form)
    case .deliveries(_, let name, let view): return try await inDeployment().deliveries(of: name, view, form)
    case .delivery(_, let name, let sequence, _): return try await inDeployment().delivery(sequence, of: name, form)
    case .audit(_, let view), .serverAudit(let view): return try await audit(view)
    case .settings(_, let view): return try await inDeployment().settings(view, form)
    case .server: return try await server()
    case .people(_, let text): return try await inDeployment().managePeople(text, form)
    case .operators(let text): return try await operators(text, form)
    case .models(_, let text, let byName): return try await inDeployment().models(text, byName: byName)
    case .find(_, let text): return try await inDeployment().find(text)
    case .console(_, let text): return try await inDeployment().console(text)
    case .table(_, let model, let view): return try await inDeployment().table(model, view)
    case .view(_, let number, let view): return try await inDeployment().table(number, view)
    case .views: return try await inDeployment().namedViews()
    case .editView(_, let number): return try await inDeployment().editView(number, form)
    case .keep(_, let model, let view): return try await inDeployment().keep(model, view, form)
    case .filter(_, let model, let view): return try await inDeployment().filter(model, view, form)
    case .object(_, let model, let id): return try await inDeployment().object(model, id)
    case .peek(_, let model, let id, let isWhole):
      return try await isWhole ? inDeployment().row(model, id) : inDeployment().peek(model, id)
    case .history(_, let model, let id, let view): return try await inDeployment().history(model, id, view)
    case .changes(_, let view): return try await inDeployment().changes(view)
    case .deleted(_, let model, let before): return try await inDeployment().deleted(model, before: before)
    case .restore(_, let model, let id, let sequence):
      return try await inDeployment().restore(model, id, to: sequence, form)
    case .json(_, let model, let id, let asFile):
      return try await inDeployment().json(model, id, asFile: asFile)
    case .fullJSON(_, let model, let id, let asFile):
      return try await inDeployment().fullJSON(model, id, asFile: asFile)
    case .delete(_, let model, let id, let from):
      return try await inDeployment().delete(model, id, asUser: false, from: from, form)
    case .deleteUser(_, let model, let id, let from):
      return try await inDeployment().delete(model, id, asUser: true, from: from, form)
    case .export(_, let model, let view): return try await inDeployment().export(model, view, isFull: false)
    case .fullExport(_, let model, let view): return try await inDeployment().export(model, view, isFull: true)
    case .reveal(_, let model, let id): return try await inDeployment().reveal(model, id, form ?? .none)
    case .columns(_, let model, let view): return try await inDeployment().columns(model, view, form)
    case .pick(_, let model, let view): return try await inDeployment().pick(model, view)
    case .dataModel(_, let before, let done): return try await inDeployment().dataModel(before: before, done: done)
    case .modelCheck(_, let from): return try await inDeployment().checkModel(from: from, form)
    case .modelComparison(_, let from, let to): return try await inDeployment().compareModels(from, to)
    case .modelVersion(_, let version, let line, let asFile):
      return try await inDeployment().modelVersion(version, from: line, asFile: asFile)
    case .modelDeploy(_, let version): return try await inDeployment().deployModel(version, form)
    case .about(_, let model): return try await inDeployment().about(model)
    case .new(_, let model, let wanted): return try await inDeployment().new(model, wanted, form)
    case .edit(_, let model, let id, let from): return try await inDeployment().edit(model, id, from: from, form)
    }
  }

  /// - Throws: `PageFault` where the deployment is not there or cannot be used.
  func inDeployment() throws(PageFault) -> DeploymentCall { try inDeployment(of: visit.route) }

  /// The same for a route that the visit is about in another way.
  func inDeployment(of route: Route) throws(PageFault) -> DeploymentCall {
    guard let id = route.deployment else { throw .notFound() }
    guard let deployment = handler.services.deployments[id] else {
      throw handler.services.deployments.unusable(id) == nil ? .notFound() : .unusable
    }
    return DeploymentCall(
      page: self, deployment: deployment, calls: handler.calls(of: deployment), visitor: try visitor)
  }

  var visitor: Visitor {
    get throws(PageFault) {
      guard let visitor = visit.visitor else { throw .noSession }
      return visitor
    }
  }

  // MARK: Frames

  /// What needs no deployment.
  func plainFrame() -> Frame {
    var frame = Frame()
    frame.requestID = visit.head.requestID
    frame.isOfForm = visit.head.method == .post
    if visit.apiOrigin != visit.origin, let origin = WebAddress(visit.apiOrigin)?.origin {
      frame.imageOrigins = [origin]
    }
    if let visitor = visit.visitor {
      frame.person = Frame.PersonCard(
        name: visitor.person.name, email: visitor.person.email, ticket: visit.ticket(.signOut),
        manner: visitor.person.manner)
      frame.person?.isOperator = visitor.person.isOperator
      frame.sessionEndsAt = visitor.session.endsAt
      if let until = visitor.session.elevatedUntil, until > visit.now {
        frame.elevatedMinutes = Int((until.secondsSince1970 - visit.now.secondsSince1970) / 60)
        frame.person?.elevationTicket = visit.ticket(.elevate(to: nil))
      }
    }
    return frame
  }

  func frameOfError() async -> Frame {
    var frame = plainFrame()
    if let id = visit.route.deployment, let deployment = handler.services.deployments[id] {
      put(deployment, in: &frame)
    }
    return frame
  }

  /// Says which deployment a page is of, with the ways that are open to who visits it.
  func put(_ deployment: Deployment, in frame: inout Frame) {
    frame.deployment = DeploymentCard(deployment)
    frame.isSupport = visit.visitor?.has(.support, in: deployment.id) ?? false
    frame.isAdministrator = visit.visitor?.has(.administrator, in: deployment.id) ?? false
  }
}

extension DeploymentCard {
  init(_ deployment: UnusableDeployment) {
    let record = deployment.record
    self.init(
      id: record.id, label: record.settings[DeploymentSetting.label.rawValue] ?? record.name,
      environment: record.environment)
  }

  package init(_ deployment: Deployment) {
    self.init(
      id: deployment.id, label: deployment.value(of: .label) ?? deployment.record.name,
      environment: deployment.record.environment, region: deployment.value(of: .region))
  }
}
