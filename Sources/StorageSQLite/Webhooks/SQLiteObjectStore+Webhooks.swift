import Storage
import Synchronization
import Wire

extension SQLiteObjectStore {
  package func webhooks() async throws -> [WebhookRecord] {
    try await knownWebhooks().all
  }

  package func deliveries(of webhook: String) async throws -> [WebhookDelivery] {
    guard try await knownWebhooks().hasDeliveries else { return [] }
    return try await readingTables { try WebhookTables(connection: $0).deliveries(of: webhook) }
  }

  package func fired(_ webhook: String, among objects: [ObjectID]) async throws -> [ObjectID: Int64] {
    try await readingTables { try WebhookTables(connection: $0).fired(webhook, among: objects) }
  }

  package func attempts(of webhook: String) async throws -> [WebhookAttempt] {
    try await readingTables { try WebhookTables(connection: $0).attempts(of: webhook) }
  }

  package func sealedSigningKey() async throws -> [UInt8]? { try await knownWebhooks().signingKey }

  /// As they are now: read again only where something was committed since.
  private func knownWebhooks() async throws -> KnownWebhooks {
    let commits = file.shared.commits.now
    let known = file.knownWebhooks.withLock { $0 }
    if known.commits == commits { return known }
    let found = try await readingTables { try KnownWebhooks(reading: $0, at: commits) }
    file.knownWebhooks.withLock { $0 = found }
    return found
  }
}
