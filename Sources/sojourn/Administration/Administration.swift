import Deployments
import Attachments
import DataModel
import Storage
import Webhooks
import Wire

/// Performs administrative requests, in a server or in a command that has the data directory itself.
struct Administration: Sendable {
  let deployments: DeploymentRegistry
  let attachments: AttachmentService
  let deletions: UnfinishedDeletions
  let webhooks: WebhookEngine

  func perform(_ request: AdminRequest) async -> AdminAnswer {
    do {
      return .done(try await answer(to: request))
    } catch let fault as DeploymentFault {
      return .refused(fault.sentence)
    } catch let fault as BlobFault {
      return .refused(fault.sentence)
    } catch let fault as WebhookFault {
      return .refused(fault.sentence)
    } catch let error as StorageError {
      return .refused(error.sentence)
    } catch {
      return .refused("It failed: \(error)")
    }
  }

  private func answer(to request: AdminRequest) async throws -> String {
    let deploymentID = request.texts["deployment"] ?? ""
    switch request.action {
    case .createDeployment:
      let new = DeploymentRegistry.NewDeployment(
        name: request.texts["name"] ?? "", environment: request.texts["environment"] ?? "",
        model: try model(request), id: request.texts["id"], appID: request.texts["app_id"],
        person: try person(request))
      let (deployment, password) = try await deployments.create(new)
      return AdminJSON.created(deployment, password: password)
    case .listDeployments: return AdminJSON.list(deployments.all, unusable: deployments.allUnusable)
    case .deleteDeployment:
      if deployments.isRegistered(deploymentID) { deletions.begin(deploymentID) }
      await webhooks.forget(deploymentID)
      try await deployments.delete(deploymentID)
      do {
        try await attachments.remove(deployment: deploymentID)
      } catch let fault as BlobFault {
        throw DeploymentFault(
          "The deployment is deleted, but not the bytes of its attachments: the server removes them when it starts "
            + "next. \(fault.sentence)")
      }
      deletions.end(deploymentID)
      return "{\"deleted\":true}"
    case .setSettings:
      let unset = (request.texts["unset"] ?? "").split(separator: ",").map { (key: String($0), value: String?.none) }
      try await deployments.set(request.assignments.map { ($0.key, $0.value) } + unset, of: deploymentID)
      return AdminJSON.settings(try deployments.deployment(deploymentID), only: nil)
    case .getSettings: return AdminJSON.settings(try deployments.deployment(deploymentID), only: request.texts["key"])
    case .setLimits:
      try await deployments.set(request.assignments.map { ($0.key, $0.value) }, of: deploymentID)
      return AdminJSON.limits(try deployments.deployment(deploymentID).limiter.limits)
    case .getLimits: return AdminJSON.limits(try deployments.deployment(deploymentID).limiter.limits)
    case .resetPassword:
      return AdminJSON.password(try await deployments.resetPassword(of: deploymentID), of: deploymentID)
    case .createToken:
      return AdminJSON.token(
        try await deployments.createToken(
          name: request.texts["name"] ?? "", of: deploymentID, isReadOnly: request.texts["read_only"] == "true",
          validForSeconds: request.texts["expires"].flatMap { Int($0) }))
    case .listTokens: return AdminJSON.tokens(try await deployments.tokens(of: deploymentID))
    case .revokeToken:
      try await deployments.revokeToken(name: request.texts["name"] ?? "", of: deploymentID)
      return "{\"revoked\":true}"
    case .deployDataModel: return try await deploy(try model(request), to: deploymentID, request)
    case .previewDataModel: return try await preview(try model(request), of: deploymentID)
    case .listDeploys: return AdminJSON.history(try await deployments.deploys(of: deploymentID))
    case .rollBackDataModel: return try await deploy(try await earlier(request), to: deploymentID, request)
    case .previewRollback: return try await preview(try await earlier(request), of: deploymentID)
    case .checkAttachments: return try await checkAttachments(request)
    case .checkStrays: return try await checkStrays(request)
    case .trimOplog:
      let trim = try await deployments.trimOplog(
        of: deploymentID, try cut(request), evenIfNeeded: request.texts["force"] == "true",
        forSeconds: Self.trimmingSeconds)
      let oldest = try await deployments.deployment(deploymentID).store.read { try $0.oplogBounds().kept?.lowerBound }
      return AdminJSON.trimmed(trim, oldest: oldest)
    case .listWebhooks, .enableWebhook, .disableWebhook, .showSecret, .rotateSecret, .promoteSecret, .listDeliveries,
      .resendWebhook, .replayWebhook:
      return try await webhookAnswer(to: request, deploymentID)
    }
  }

  /// How long one request trims: within the patience of those who wait for the socket.
  private static let trimmingSeconds = 10

  private func cut(_ request: AdminRequest) throws -> OplogCut {
    if let sequence = request.texts["before"].flatMap({ Int64($0) }) { return .before(sequence) }
    if let seconds = request.texts["older_than"].flatMap({ Int64($0) }), seconds < 1 << 40 {
      return .olderThan(milliseconds: SystemClock().milliseconds() - seconds * 1000)
    }
    throw DeploymentFault("A trimming needs a sequence or an age.")
  }

  private func deploy(_ model: DataModel, to deploymentID: String, _ request: AdminRequest) async throws -> String {
    let (stored, effect) = try await deployments.deploy(model, to: deploymentID, by: try person(request))
    return AdminJSON.deployed(stored, effect)
  }

  private func preview(_ model: DataModel, of deploymentID: String) async throws -> String {
    AdminJSON.preview(model, try await deployments.preview(model, of: deploymentID))
  }

  private func earlier(_ request: AdminRequest) async throws -> DataModel {
    guard let version = request.texts["version"].flatMap({ Int($0) }) else {
      throw DeploymentFault("Give the number of the deploy to go back to.")
    }
    return try await deployments.dataModel(ofDeploy: version, of: request.texts["deployment"] ?? "")
  }

  private func model(_ request: AdminRequest) throws -> DataModel {
    let (model, findings) = DataModelReader.read(Array((request.texts["data_model"] ?? "").utf8))
    guard let model else {
      let errors = findings.filter { $0.severity == .error }.map(\.description).joined(separator: "\n")
      throw DeploymentFault("The data model has errors:\n\(errors)")
    }
    return model
  }

  private func person(_ request: AdminRequest) throws -> Person? {
    let name = request.texts["by_name"]
    let email = request.texts["by_email"]
    for text in [name, email] {
      if let text, let problem = DeploymentRegistry.problem(withName: text, of: "A person", most: 200) {
        throw DeploymentFault(problem)
      }
    }
    return name == nil && email == nil ? nil : Person(name: name, email: email)
  }
}
