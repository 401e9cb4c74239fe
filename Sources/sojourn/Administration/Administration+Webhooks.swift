import Accounts
import Webhooks
import Wire

extension Administration {
  func webhookAnswer(to request: AdminRequest, _ deployment: String) async throws -> String {
    // Says better than anything below what is wrong with an id.
    _ = try accounts.account(deployment)
    let name = request.texts["name"] ?? ""
    switch request.action {
    case .enableWebhook:
      try await webhooks.enable(name, of: deployment, url: request.texts["url"] ?? "")
      return try await status(of: name, in: deployment)
    case .disableWebhook:
      try await webhooks.change(name, of: deployment) { $0.disable() }
      return try await status(of: name, in: deployment)
    case .showSecret: return try await webhooks.change(name, of: deployment) { AdminJSON.secrets($0.secrets) }
    case .rotateSecret:
      return try await webhooks.change(name, of: deployment) { hook in
        hook.rotate(at: SystemClock().now)
        return AdminJSON.secrets(hook.secrets)
      }
    case .promoteSecret:
      return try await webhooks.change(name, of: deployment) { hook in
        guard hook.promote() else {
          throw WebhookFault(
            "The webhook \(CutText.cut(name)) has one secret alone. `sojourn webhook secret rotate` makes the next.")
        }
        return AdminJSON.secrets(hook.secrets)
      }
    case .listDeliveries:
      let (unfinished, attempts) = try await webhooks.deliveries(of: name, in: deployment)
      return AdminJSON.deliveries(name, unfinished, attempts)
    case .resendWebhook:
      let count = try await webhooks.resend(
        name, of: deployment, sequence: request.texts["sequence"].flatMap { Int64($0) })
      return "{\"resent\":\(count)}"
    case .replayWebhook:
      guard let start = request.texts["from"].flatMap({ Int64($0) }), start >= 0 else {
        throw WebhookFault("Give the sequence to replay from.")
      }
      try await webhooks.replay(name, of: deployment, from: start)
      return try await status(of: name, in: deployment)
    default: return AdminJSON.webhooks(try await webhooks.hooks(of: deployment))
    }
  }

  private func status(of name: String, in deployment: String) async throws -> String {
    guard let hook = try await webhooks.hooks(of: deployment).first(where: { $0.name == name }) else {
      throw WebhookFault("The data model declares no webhook \"\(CutText.cut(name))\".")
    }
    return AdminJSON.webhook(hook)
  }
}
