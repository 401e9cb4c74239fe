import Deployments
import Webhooks
import Wire

// Webhooks of a deployment.

extension Administration {
  func listWebhooks(of id: String) async throws -> AdminResult {
    try await refuseUnusable(id)
    return .webhooks(try await webhooks.webhooks(of: id).map(WebhookRow.init))
  }

  func perform(_ command: WebhookCommand, on name: String, of id: String) async throws -> AdminResult {
    try await refuseUnusable(id)
    switch command {
    case .enable(let url):
      try await webhooks.enable(name, of: id, url: url.text)
      return try await status(of: name, in: id)
    case .disable:
      try await webhooks.change(name, of: id) { $0.disable() }
      return try await status(of: name, in: id)
    case .showSecret: return .secrets(SecretRows(try await webhooks.secrets(of: name, in: id)))
    case .rotateSecret: return try await rotateSecret(name, of: id)
    case .promoteSecret: return try await promoteSecret(name, of: id)
    case .listDeliveries:
      let (unfinished, attempts) = try await webhooks.deliveries(of: name, in: id)
      return .deliveries(
        Deliveries(
          unfinished: unfinished.map { Deliveries.Unfinished($0, of: name) },
          attempts: attempts.map { Deliveries.Attempt($0, of: name) }))
    case .resend(let sequence): return .resent(try await webhooks.resend(name, of: id, sequence: sequence))
    case .skip(let sequence):
      try await webhooks.skip(name, of: id, sequence: sequence)
      return try await status(of: name, in: id)
    case .replay(let start):
      try await webhooks.replay(name, of: id, from: start)
      return try await status(of: name, in: id)
    }
  }

  private func rotateSecret(_ name: String, of id: String) async throws -> AdminResult {
    .secrets(
      try await webhooks.change(name, of: id) { webhook in
        webhook.rotate(at: SystemClock().now)
        return SecretRows(webhook.secrets)
      })
  }

  private func promoteSecret(_ name: String, of id: String) async throws -> AdminResult {
    .secrets(
      try await webhooks.change(name, of: id) { webhook in
        guard webhook.promote() else {
          throw AdminRefusal(
            "The webhook \(CutText.cut(name)) has one secret alone.",
            hint: "`sojourn webhook secret rotate` makes the next.")
        }
        return SecretRows(webhook.secrets)
      })
  }

  /// Says better than anything below what is wrong with an id.
  private func refuseUnusable(_ id: String) async throws { _ = try deployments.deployment(id) }

  private func status(of name: String, in id: String) async throws -> AdminResult {
    guard let webhook = try await webhooks.webhooks(of: id).first(where: { $0.name == name }) else {
      throw AdminRefusal("The data model declares no webhook \"\(CutText.cut(name))\".")
    }
    return .webhook(WebhookRow(webhook))
  }
}
