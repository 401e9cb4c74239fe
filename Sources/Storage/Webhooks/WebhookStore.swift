import Wire

/// What a deployment keeps of its webhooks beside its objects (webhooks.md «Delivering»): how far each has
/// come in the oplog, what is not delivered yet, what was tried.
///
/// One process at a time changes a webhook, so that readings and changes of it need not be one transaction.
/// - Throws: `StorageError` throughout.
package protocol WebhookStore: Sendable {
  /// All that were ever enabled, by name.
  func webhooks() async throws -> [WebhookRecord]

  /// What a webhook has not delivered, parked ones too, in order of sequence.
  func deliveries(of webhook: String) async throws -> [WebhookDelivery]

  /// Of these objects those that a `ready` webhook has fired for, with the sequence that it fired at.
  func fired(_ webhook: String, among objects: [ObjectID]) async throws -> [ObjectID: Int64]

  /// The last attempts that a webhook has made, the latest first, `WebhookAttempt.kept` at most.
  func attempts(of webhook: String) async throws -> [WebhookAttempt]

  /// Keeps these changes, in one transaction that is on disk when this returns.
  func change(_ changes: [WebhookChange]) async throws

  /// The deployment's key for signatures, sealed; nil while there is none.
  func sealedSigningKey() async throws -> [UInt8]?

  func keep(sealedSigningKey key: [UInt8]) async throws
}
