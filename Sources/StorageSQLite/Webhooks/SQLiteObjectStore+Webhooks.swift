import Crypto
import Storage
import Synchronization
import Wire

extension SQLiteObjectStore {
  package func webhooks() async throws -> [WebhookRecord] {
    let before = commits.now
    // Most deployments have none, and are not opened to hear it again.
    if withoutWebhooks.load(ordering: .relaxed) == before { return [] }
    let found = try await readingTables { try WebhookTables(connection: $0).webhooks() }
    if found.isEmpty { withoutWebhooks.store(before, ordering: .relaxed) }
    return found
  }

  package func deliveries(of webhook: String) async throws -> [WebhookDelivery] {
    try await readingTables { try WebhookTables(connection: $0).deliveries(of: webhook) }
  }

  package func fired(_ webhook: String, among objects: [ObjectID]) async throws -> [ObjectID: Int64] {
    try await readingTables { try WebhookTables(connection: $0).fired(webhook, among: objects) }
  }

  package func attempts(of webhook: String) async throws -> [WebhookAttempt] {
    try await readingTables { try WebhookTables(connection: $0).attempts(of: webhook) }
  }

  package func sealedSigningKey() async throws -> [UInt8]? {
    try await readingTables { try MetaTable(connection: $0).text(.signingKey).flatMap { Base64.decode($0) } }
  }
}
