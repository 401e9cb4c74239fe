import Wire

/// What a deployment keeps of its webhooks beside its objects (webhooks.md «Delivering»): how far each has
/// come in the oplog, what is not delivered yet, what was tried.
///
/// One process at a time changes a hook, so that readings and changes of it need not be one transaction.
/// - Throws: `StorageError` throughout.
package protocol HookStore: Sendable {
  /// All that were ever enabled, by name.
  func hooks() async throws -> [HookRecord]

  /// What a hook has not delivered, parked ones too, in order of sequence.
  func deliveries(of hook: String) async throws -> [HookDelivery]

  /// Of these objects those that a `ready` hook has fired for, with the sequence that it fired at.
  func fired(_ hook: String, among objects: [ObjectID]) async throws -> [ObjectID: Int64]

  /// The last attempts that a hook has made, the latest first, `HookAttempt.kept` at most.
  func attempts(of hook: String) async throws -> [HookAttempt]

  /// Keeps these changes, in one transaction that is on disk when this returns.
  func change(_ changes: [HookChange]) async throws

  /// The deployment's key for signatures, sealed; nil while there is none.
  func sealedSigningKey() async throws -> [UInt8]?

  func keep(sealedSigningKey key: [UInt8]) async throws
}
