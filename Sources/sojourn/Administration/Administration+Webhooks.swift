import Deployments
import Webhooks
import Wire

extension Administration {
  func webhookAnswer(to request: AdminRequest, _ deploymentID: String) async throws -> String {
    // Says better than anything below what is wrong with an id.
    _ = try deployments.deployment(deploymentID)
    let name = request.texts["name"] ?? ""
    switch request.action {
    case .enableWebhook:
      try await webhooks.enable(name, of: deploymentID, url: request.texts["url"] ?? "")
      return try await status(of: name, in: deploymentID)
    case .disableWebhook:
      try await webhooks.change(name, of: deploymentID) { $0.disable() }
      return try await status(of: name, in: deploymentID)
    case .showSecret: return try await webhooks.change(name, of: deploymentID) { AdminJSON.secrets($0.secrets) }
    case .rotateSecret:
      return try await webhooks.change(name, of: deploymentID) { webhook in
        webhook.rotate(at: SystemClock().now)
        return AdminJSON.secrets(webhook.secrets)
      }
    case .promoteSecret:
      return try await webhooks.change(name, of: deploymentID) { webhook in
        guard webhook.promote() else {
          throw WebhookFault(
            "The webhook \(CutText.cut(name)) has one secret alone. `sojourn webhook secret rotate` makes the next.")
        }
        return AdminJSON.secrets(webhook.secrets)
      }
    case .listDeliveries:
      let (unfinished, attempts) = try await webhooks.deliveries(of: name, in: deploymentID)
      return AdminJSON.deliveries(name, unfinished, attempts)
    case .resendWebhook:
      let count = try await webhooks.resend(
        name, of: deploymentID, sequence: request.texts["sequence"].flatMap { Int64($0) })
      return "{\"resent\":\(count)}"
    case .replayWebhook:
      guard let start = request.texts["from"].flatMap({ Int64($0) }), start >= 0 else {
        throw WebhookFault("Give the sequence to replay from.")
      }
      try await webhooks.replay(name, of: deploymentID, from: start)
      return try await status(of: name, in: deploymentID)
    default: return AdminJSON.webhooks(try await webhooks.webhooks(of: deploymentID))
    }
  }

  private func status(of name: String, in deploymentID: String) async throws -> String {
    guard let webhook = try await webhooks.webhooks(of: deploymentID).first(where: { $0.name == name }) else {
      throw WebhookFault("The data model declares no webhook \"\(CutText.cut(name))\".")
    }
    return AdminJSON.webhook(webhook)
  }
}
