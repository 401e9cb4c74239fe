import Attachments
import DataModel
import Deployments
import HTTPServer
import Objects
import People
import Storage
import Web
import Wire

/// A visit to a page of a deployment.
struct DeploymentCall: Sendable {
  let page: PageCall
  let deployment: Deployment
  let calls: ObjectCalls
  let visitor: Visitor

  var visit: Visit { page.visit }
  var id: String { deployment.id }

  /// Models in the side bar.
  static let mostInSideBar = 20

  /// Fetches what a page shows on one snapshot, under the data model in force.
  /// - Returns: what `body` returns, and the frame around it.
  /// - Throws: what `body` throws; `StorageError`.
  func reading<Value: Sendable>(
    _ body: @Sendable @escaping (PageRead) throws -> Value
  ) async throws -> (value: Value, frame: Frame) {
    let recent = await page.people.recentModels(in: id, of: visitor)
    let done = visit.done
    var (value, frame) = try await calls.planning { view -> (Value, Frame) in
      let visible = models(of: view.forPages)
      return try await deployment.store.read { snapshot in
        let read = PageRead(call: self, models: visible, snapshot: snapshot)
        var frame = page.plainFrame()
        let value = try body(read)
        frame.models = try read.sideBar(recent)
        frame.notice = try done.flatMap { try read.notice($0) }
        return (value, frame)
      }
    }
    page.put(deployment, in: &frame)
    frame.current = visit.route.model
    if let model = visit.route.model { page.people.opened(model, in: id, by: visitor) }
    return (value, frame)
  }

  func models(of view: DataModelView) -> VisibleModels {
    VisibleModels(view, seesSensitive: visitor.seesSensitive(in: id))
  }

  func answer(_ page: some Page, in frame: Frame, status: Int = 200) -> Response {
    DataBrowserHandler.response(page, in: frame, status: status)
  }

  /// Where the API of the deployment is.
  var baseURL: String { "\(visit.apiOrigin)/api/v4/\(id)" }
}

/// The models of a deployment that are there for a visitor. What is hidden is as if it were not declared.
struct VisibleModels: Sendable {
  let view: DataModelView
  let all: [ModelView]
  private let seesSensitive: Bool

  init(_ view: DataModelView, seesSensitive: Bool) {
    self.view = view
    self.seesSensitive = seesSensitive
    all = seesSensitive ? view.models : view.models.filter { $0.stored.model.classification != .sensitive }
  }

  /// The model of exactly this name.
  subscript(name: String) -> ModelView? {
    guard let model = view[name], seesSensitive || model.stored.model.classification != .sensitive else { return nil }
    return model
  }

  /// Whether the data model does not declare a model of this name, so that it is not known whom it is there for.
  func isGone(_ name: String) -> Bool { view[name] == nil }

  /// The model with this number, as the oplog knows it.
  subscript(number number: Int) -> ModelView? { all.first { $0.stored.number == number } }
}

/// One moment of a deployment while a page is fetched. Not to be kept beyond it.
struct PageRead {
  let call: DeploymentCall
  let models: VisibleModels
  let snapshot: any Snapshot

  var context: ObjectContext {
    ObjectContext(view: models.view, origin: call.origin, session: nil, links: links)
  }

  var links: AttachmentLinks {
    AttachmentLinks(
      base: call.visit.apiOrigin, deployment: call.id, signature: call.page.handler.services.attachments.signature,
      at: call.visit.now)
  }

  /// The models that the visitor opened last, and the first ones of the data model where these are few; in the data
  /// model's order, so that none moves while one goes from one to another.
  func sideBar(_ recent: [String]) throws -> [Frame.ModelCard] {
    let opened = Set(recent.prefix(DeploymentCall.mostInSideBar))
    var left = DeploymentCall.mostInSideBar - models.all.count { opened.contains($0.name) }
    let shown = models.all.filter { model in
      if opened.contains(model.name) { return true }
      left -= 1
      return left >= 0
    }
    return try shown.map(card)
  }

  func card(_ model: ModelView) throws -> Frame.ModelCard {
    Frame.ModelCard(
      name: model.name, label: model.stored.model.label, count: try snapshot.count(model.stored, .always))
  }
}
