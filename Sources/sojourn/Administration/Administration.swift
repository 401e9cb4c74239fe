import Accounts
import Attachments
import DataModel
import Storage
import Webhooks
import Wire

/// Performs administrative requests, in a server or in a command that has the data directory itself.
struct Administration: Sendable {
  let accounts: Accounts
  let attachments: AttachmentService
  let deletions: UnfinishedDeletions
  let webhooks: WebhookEngine

  func perform(_ request: AdminRequest) async -> AdminAnswer {
    do {
      return .done(try await answer(to: request))
    } catch let fault as AccountFault {
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
    let deployment = request.texts["deployment"] ?? ""
    switch request.action {
    case .createDeployment:
      let new = Accounts.NewDeployment(
        name: request.texts["name"] ?? "", environment: request.texts["environment"] ?? "",
        model: try model(request), id: request.texts["id"], appID: request.texts["app_id"],
        person: try person(request))
      let (account, password) = try await accounts.create(new)
      return AdminJSON.created(account, password: password)
    case .listDeployments: return AdminJSON.list(accounts.all, unusable: accounts.allUnusable)
    case .deleteDeployment:
      if accounts.isRegistered(deployment) { deletions.begin(deployment) }
      await webhooks.forget(deployment)
      try await accounts.delete(deployment)
      do {
        try await attachments.remove(deployment: deployment)
      } catch let fault as BlobFault {
        throw AccountFault(
          "The deployment is deleted, but not the bytes of its attachments: the server removes them when it starts "
            + "next. \(fault.sentence)")
      }
      deletions.end(deployment)
      return "{\"deleted\":true}"
    case .setSettings:
      let unset = (request.texts["unset"] ?? "").split(separator: ",").map { (key: String($0), value: String?.none) }
      try accounts.set(request.assignments.map { ($0.key, $0.value) } + unset, of: deployment)
      return AdminJSON.settings(try accounts.account(deployment), only: nil)
    case .getSettings: return AdminJSON.settings(try accounts.account(deployment), only: request.texts["key"])
    case .setLimits:
      try accounts.set(request.assignments.map { ($0.key, $0.value) }, of: deployment)
      return AdminJSON.limits(try accounts.account(deployment).limiter.limits)
    case .getLimits: return AdminJSON.limits(try accounts.account(deployment).limiter.limits)
    case .resetPassword: return AdminJSON.password(try accounts.resetPassword(of: deployment), of: deployment)
    case .createToken:
      return AdminJSON.token(
        try accounts.createToken(
          name: request.texts["name"] ?? "", of: deployment, isReadOnly: request.texts["read_only"] == "true",
          validForSeconds: request.texts["expires"].flatMap { Int($0) }))
    case .listTokens: return AdminJSON.tokens(try accounts.tokens(of: deployment))
    case .revokeToken:
      try accounts.revokeToken(name: request.texts["name"] ?? "", of: deployment)
      return "{\"revoked\":true}"
    case .deployDataModel: return try await deploy(try model(request), to: deployment, request)
    case .previewDataModel: return try await preview(try model(request), of: deployment)
    case .listDeploys: return AdminJSON.history(try await accounts.deploys(of: deployment))
    case .rollBackDataModel: return try await deploy(try await earlier(request), to: deployment, request)
    case .previewRollback: return try await preview(try await earlier(request), of: deployment)
    case .checkAttachments: return try await checkAttachments(request)
    case .checkStrays: return try await checkStrays(request)
    case .trimOplog:
      let trim = try await accounts.trimOplog(
        of: deployment, try cut(request), evenIfNeeded: request.texts["force"] == "true",
        forSeconds: Self.trimmingSeconds)
      let oldest = try await accounts.account(deployment).store.read { try $0.oplogBounds().kept?.lowerBound }
      return AdminJSON.trimmed(trim, oldest: oldest)
    case .listWebhooks, .enableWebhook, .disableWebhook, .showSecret, .rotateSecret, .promoteSecret, .listDeliveries,
      .resendWebhook, .replayWebhook:
      return try await webhookAnswer(to: request, deployment)
    }
  }

  /// How long one request trims: within the patience of those who wait for the socket.
  private static let trimmingSeconds = 10

  private func cut(_ request: AdminRequest) throws -> OplogCut {
    if let sequence = request.texts["before"].flatMap({ Int64($0) }) { return .before(sequence) }
    if let seconds = request.texts["older_than"].flatMap({ Int64($0) }), seconds < 1 << 40 {
      return .olderThan(milliseconds: SystemClock().milliseconds() - seconds * 1000)
    }
    throw AccountFault("A trimming needs a sequence or an age.")
  }

  private func deploy(_ model: DataModel, to deployment: String, _ request: AdminRequest) async throws -> String {
    let (stored, effect) = try await accounts.deploy(model, to: deployment, by: try person(request))
    return AdminJSON.deployed(stored, effect)
  }

  private func preview(_ model: DataModel, of deployment: String) async throws -> String {
    AdminJSON.preview(model, try await accounts.preview(model, of: deployment))
  }

  private func earlier(_ request: AdminRequest) async throws -> DataModel {
    guard let version = request.texts["version"].flatMap({ Int($0) }) else {
      throw AccountFault("Give the number of the deploy to go back to.")
    }
    return try await accounts.dataModel(ofDeploy: version, of: request.texts["deployment"] ?? "")
  }

  private func model(_ request: AdminRequest) throws -> DataModel {
    let (model, findings) = DataModelReader.read(Array((request.texts["data_model"] ?? "").utf8))
    guard let model else {
      let errors = findings.filter { $0.severity == .error }.map(\.description).joined(separator: "\n")
      throw AccountFault("The data model has errors:\n\(errors)")
    }
    return model
  }

  private func person(_ request: AdminRequest) throws -> Person? {
    let name = request.texts["by_name"]
    let email = request.texts["by_email"]
    for text in [name, email] {
      if let text, let problem = Accounts.problem(withName: text, of: "A person", most: 200) {
        throw AccountFault(problem)
      }
    }
    return name == nil && email == nil ? nil : Person(name: name, email: email)
  }
}
