import Storage
import Wire

extension PostgresObjectStore {
  package func webhooks() async throws -> [WebhookRecord] { try await fromTables { try $0.webhooks(on: $1) } }

  package func deliveries(of webhook: String) async throws -> [WebhookDelivery] {
    try await fromTables { try $0.deliveries(of: webhook, on: $1) }
  }

  package func fired(_ webhook: String, among objects: [ObjectID]) async throws -> [ObjectID: Int64] {
    try await fromTables { try $0.fired(webhook, among: objects, on: $1) }
  }

  package func attempts(of webhook: String) async throws -> [WebhookAttempt] {
    try await fromTables { try $0.attempts(of: webhook, on: $1) }
  }

  package func sealedSigningKey() async throws -> [UInt8]? { try await fromTables { try $0.signingKey(on: $1) } }

  private func fromTables<Result: Sendable>(
    _ body: @Sendable @escaping (WebhookTables, PostgresConnection) throws -> Result
  ) async throws -> Result {
    let tables = WebhookTables(schema: deployment.schema)
    return try await deployment.readingTables { try body(tables, $0) }
  }
}
