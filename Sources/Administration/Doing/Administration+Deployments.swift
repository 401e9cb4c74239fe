import Attachments
import Deployments
import Storage
import Webhooks

// Making, listing and deleting deployments.

extension Administration {
  func create(_ new: NewDeployment) async throws -> AdminResult {
    let (deployment, password) = try await deployments.create(
      DeploymentRegistry.NewDeployment(
        name: new.name, environment: new.environment, model: try model(new.document), id: new.id, appID: new.appID,
        person: try checked(new.person)))
    return .created(CreatedDeployment(id: deployment.id, password: password))
  }

  /// Those that cannot be used come last and say why.
  func list() -> AdminResult {
    .deployments(
      deployments.all.map { DeploymentRow($0.record, $0.store.dataModel, problem: nil) }
        + deployments.allUnusable.map { DeploymentRow($0.record, nil, problem: $0.reason) })
  }

  func delete(_ id: String) async throws -> AdminResult {
    if deployments.isRegistered(id) { deletions.begin(id) }
    await webhooks.forget(id)
    try await deployments.delete(id)
    do {
      try await attachments.remove(deployment: id)
    } catch let fault as BlobFault {
      throw AdminRefusal(
        "The deployment is deleted, but not the bytes of its attachments: the server removes them when it starts next.",
        hint: fault.sentence)
    }
    deletions.end(id)
    return .deleted
  }
}
