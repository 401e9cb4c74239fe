import Deployments
import Storage
import Webhooks
import Wire

// How all of it is.

extension Administration {
  /// What cannot be read of a deployment is its problem, and keeps nobody from seeing the others.
  func status() async -> AdminResult {
    var rows: [DeploymentStatus] = []
    for deployment in deployments.all { rows.append(await status(deployment)) }
    for unusable in deployments.allUnusable {
      var row = DeploymentStatus(id: unusable.id, name: unusable.record.name)
      (row.environment, row.problem) = (unusable.record.environment, unusable.reason)
      rows.append(row)
    }
    return .status(StatusReport(facts(), rows))
  }

  private func status(_ deployment: Deployment) async -> DeploymentStatus {
    let (id, record) = (deployment.record.id, deployment.record)
    let figures = deployment.store.figures
    var row = DeploymentStatus(id: id, name: record.name)
    row.environment = record.environment
    row.isFit = figures.isFit
    row.lastSequence = figures.lastSequence
    row.lastChangeAt = figures.lastSequence > 0 ? Instant(ofSequence: figures.lastSequence) : nil
    row.followers = figures.waitingReaders
    do {
      row.webhooks = try await webhooks.webhooks(of: id).map(WebhookLag.init)
      row.pendingIndexes = try await deployment.store.pendingIndexes().map {
        PendingIndex(model: $0.model, name: $0.name, objects: $0.objects)
      }
    } catch {
      row.problem = AdminRefusal(error).sentence
    }
    return row
  }
}

extension WebhookLag {
  fileprivate init(_ status: WebhookStatus) {
    self.init(name: status.name, state: status.condition.rawValue)
    (behind, waiting, parked) = (status.behind, status.waiting, status.parked)
    lagMilliseconds = status.lagMilliseconds
  }
}
