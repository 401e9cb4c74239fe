import Attachments
import Deployments
import People
import Storage
import Webhooks

/// Does what administrators ask, in a server or in a command that has the data directory itself.
package struct Administration: Sendable {
  let deployments: DeploymentRegistry
  let attachments: AttachmentService
  let deletions: UnfinishedDeletions
  package let webhooks: WebhookEngine
  let people: People
  /// What the process around it knows of itself and of the directory.
  package var facts: @Sendable () -> PlaceFacts = { PlaceFacts() }

  package init(
    deployments: DeploymentRegistry, attachments: AttachmentService, deletions: UnfinishedDeletions,
    webhooks: WebhookEngine, people: People
  ) {
    self.deployments = deployments
    self.attachments = attachments
    self.deletions = deletions
    self.webhooks = webhooks
    self.people = people
  }

  package func perform(_ command: AdminCommand) async throws(AdminRefusal) -> AdminResult {
    do {
      switch command {
      case .createDeployment(let new): return try await create(new)
      case .listDeployments: return list()
      case .status: return await status()
      case .checkStrays(let isRepairing): return try await checkStrays(isRepairing: isRepairing)
      case .deployment(let id, let command): return try await perform(command, on: id)
      case .people(let command): return try await perform(command)
      }
    } catch {
      throw AdminRefusal(error)
    }
  }

  private func perform(_ command: DeploymentCommand, on id: String) async throws -> AdminResult {
    switch command {
    case .deleteDeployment: try await delete(id)
    case .setSettings(let changes): try await setSettings(changes, of: id)
    case .getSettings(let setting): .settings(SettingValues(of: try deployments.deployment(id), only: setting))
    case .setLimits(let changes): try await setLimits(changes, of: id)
    case .getLimits: .limits(LimitRows(try deployments.deployment(id).limiter.limits))
    case .resetPassword: try await resetPassword(of: id)
    case .createToken(let new): try await create(new, of: id)
    case .listTokens: try await listTokens(of: id)
    case .revokeToken(let name): try await revokeToken(name, of: id)
    case .deployDataModel(let deploy):
      try await self.deploy(try model(deploy.document), to: id, by: deploy.person, note: deploy.note)
    case .previewDataModel(let document): try await preview(try model(document), of: id)
    case .listDeploys: try await listDeploys(of: id)
    case .rollBackDataModel(let rollback):
      try await deploy(
        try await deployments.dataModel(ofDeploy: rollback.version, of: id), to: id, by: rollback.person,
        note: rollback.note)
    case .previewRollback(let version):
      try await preview(try await deployments.dataModel(ofDeploy: version, of: id), of: id)
    case .checkAttachments(let checking): try await check(checking, of: id)
    case .trimOplog(let trimming): try await trim(trimming, of: id)
    case .listWebhooks: try await listWebhooks(of: id)
    case .webhook(let name, let command): try await perform(command, on: name, of: id)
    }
  }
}
