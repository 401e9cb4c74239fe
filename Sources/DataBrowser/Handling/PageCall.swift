import Attachments
import Deployments
import HTTPServer
import Objects
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

  /// - Throws: `PageFault`, `ClientFault`, `StorageError`.
  func answer(_ body: RequestBody) async throws -> Response {
    switch visit.route {
    case .deployments: return try await deployments()
    // The one is answered before anybody is known, the other by who keeps sessions.
    case .assets, .signOut: throw PageFault.notFound()
    case .overview: return try await inDeployment().overview()
    case .models(_, let text, let byName): return try await inDeployment().models(text, byName: byName)
    case .find(_, let text): return try await inDeployment().find(text)
    case .table(_, let model, let view): return try await inDeployment().table(model, view)
    case .filter(_, let model, let view): return try await inDeployment().filter(model, view, body)
    case .object(_, let model, let id): return try await inDeployment().object(model, id)
    case .peek(_, let model, let id): return try await inDeployment().peek(model, id)
    case .json(_, let model, let id, let asFile):
      return try await inDeployment().json(model, id, asFile: asFile)
    case .columns(_, let model, let view): return try await inDeployment().columns(model, view)
    case .pick(_, let model, let view): return try await inDeployment().pick(model, view)
    case .about(_, let model): return try await inDeployment().about(model)
    }
  }

  /// - Throws: `PageFault` where the deployment is not there or cannot be used.
  func inDeployment() throws(PageFault) -> DeploymentCall {
    guard let id = visit.route.deployment else { throw .notFound() }
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

  // MARK: Forms

  /// The longest form, in bytes.
  private static let mostBytes = 1 << 20

  func pairs(_ body: RequestBody) throws(PageFault) -> QueryPairs {
    guard body.bytes.count <= Self.mostBytes else { throw PageFault(.bodyTooLarge(limit: Self.mostBytes)) }
    do throws(FormError) { return try QueryPairs(utf8: body.bytes) } catch { throw Self.unreadable(error) }
  }

  func form(_ body: RequestBody) throws(PageFault) -> FormContainer {
    let pairs = try pairs(body)
    do throws(FormError) { return try FormContainer(pairs) } catch { throw Self.unreadable(error) }
  }

  private static func unreadable(_ error: FormError) -> PageFault {
    PageFault(400, "The form cannot be read", "What was sent is no form: \(error).")
  }

  /// - Throws: `PageFault` where the form was not made for this visitor and route, or was not sent by a page of ours.
  func checkTicket(_ form: FormContainer) throws(PageFault) {
    let visitor = try visitor
    let isGood = handler.services.visits.accepts(
      visit.head, ticket: form["ticket"]?.text, of: visitor, to: visit.route.withoutQuery, at: visit.now)
    if !isGood { throw .badTicket }
  }

  // MARK: Frames

  /// What needs no deployment.
  func plainFrame() -> Frame {
    var frame = Frame()
    frame.requestID = visit.head.requestID
    if let visitor = visit.visitor {
      frame.person = Frame.PersonCard(
        name: visitor.name, email: visitor.email, ticket: visit.ticket(.signOut))
      frame.sessionEndsAt = visitor.session.endsAt
      if let until = visitor.session.elevatedUntil, until > visit.now {
        frame.elevatedMinutes = Int((until.secondsSince1970 - visit.now.secondsSince1970) / 60)
      }
    }
    return frame
  }

  func frameOfError() async -> Frame {
    var frame = plainFrame()
    if let id = visit.route.deployment, let deployment = handler.services.deployments[id] {
      frame.deployment = DeploymentCard(deployment)
    }
    return frame
  }
}

extension DeploymentCard {
  init(_ deployment: Deployment) {
    self.init(
      id: deployment.id, label: deployment.value(of: .label) ?? deployment.record.name,
      environment: deployment.record.environment, region: deployment.value(of: .region))
  }
}
