import DataModel
import Deployments
import HTTPServer
import People
import Storage
import Wire

extension PageCall {
  /// - Parameter opensOne: whether one alone opens at once.
  func deployments(opensOne: Bool) async throws -> Response {
    let visitor = try visitor
    let registry = handler.services.deployments
    let open = registry.all.filter { visitor.may(.viewer, in: $0.id) == .allowed }
    let unusable = registry.allUnusable.filter { visitor.may(.viewer, in: $0.id) == .allowed }
    if opensOne, unusable.isEmpty, open.count == 1, let only = open.first {
      return DataBrowserHandler.seeOther(.overview(only.id))
    }
    var entries: [DeploymentsPage.Entry] = []
    for deployment in open { entries.append(await entry(of: deployment, for: visitor)) }
    for deployment in unusable {
      entries.append(
        .init(
          card: DeploymentCard(deployment), objects: nil, models: 0, lastChange: nil,
          troubles: ["Its data could not be opened; the server's log says why."]))
    }
    return DataBrowserHandler.response(
      DeploymentsPage(entries: entries, isOperator: visitor.person.isOperator), in: plainFrame())
  }

  private func entry(of deployment: Deployment, for visitor: Visitor) async -> DeploymentsPage.Entry {
    let models = visible(deployment.store.dataModel.models, to: visitor, in: deployment.id)
    let numbers = try? await deployment.store.read { snapshot in
      try snapshot.numbers(of: models)
    }
    var troubles = deployment.store.isFit ? [] : ["Its disk does not take writes; the server's log says why."]
    if numbers == nil { troubles.append("Its data cannot be read at the moment.") }
    // A change of what one may not see is not told either.
    let seesAll = models.count == deployment.store.dataModel.models.count
    return .init(
      card: DeploymentCard(deployment), objects: numbers?.objects, models: models.count,
      lastChange: seesAll ? numbers?.lastChange : nil, troubles: troubles)
  }

  /// The models that are there for this visitor.
  func visible(_ models: [StoredModel], to visitor: Visitor, in deployment: String) -> [StoredModel] {
    if visitor.seesSensitive(in: deployment) { return models }
    return models.filter { $0.model.classification != .sensitive }
  }
}

extension Snapshot {
  fileprivate func numbers(of models: [StoredModel]) throws -> (objects: Int, lastChange: Instant?) {
    var objects = 0
    for model in models { objects += try count(model, .always) }
    let last = try oplogBounds().kept?.upperBound
    return (objects, last.map { Instant(ofSequence: $0) })
  }
}
