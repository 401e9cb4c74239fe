import Wire

/// What a deployment keeps of its webhooks beside its objects (webhooks.md «Delivering»): how far each has
/// come in the oplog, what is not delivered yet, what was tried.
///
/// A record changes by compare-and-set on its revision, so that readings and changes of it need not be one transaction.
/// - Throws: `StorageError` throughout.
package protocol WebhookStore: WriteDoor {
  /// All that were ever enabled, by name.
  func webhooks() async throws -> [WebhookRecord]

  /// What a webhook has not delivered, parked ones too, in order of sequence.
  func deliveries(of webhook: String) async throws -> [WebhookDelivery]

  /// Of these objects those that a `ready` webhook has fired for, with the sequence that it fired at.
  func fired(_ webhook: String, among objects: [ObjectID]) async throws -> [ObjectID: Int64]

  /// The last attempts that a webhook has made, the latest first, `WebhookAttempt.kept` at most.
  func attempts(of webhook: String) async throws -> [WebhookAttempt]

  /// The deployment's key for signatures, sealed; nil while there is none.
  func sealedSigningKey() async throws -> [UInt8]?
}

extension WebhookStore {
  /// Keeps these changes together; they are on disk when this returns. Each record's revision is then one higher. Who
  /// delivers holds the lease of the webhook's deliveries, and says so; who configures needs none.
  /// - Throws: `StorageError.webhookChanged` where a record has another revision by now: nothing was kept then, and
  ///   who holds the record loads it anew; `leaseLost` in the same way.
  package func change(_ changes: [WebhookChange], under hold: LeaseHold? = nil) async throws {
    var plan = WritePlan(
      steps: changes.map { .kept(.webhook($0)) }, policy: changes.count > 1 ? .atomic : .independent, origin: "")
    plan.preconditions = Precondition.leases(hold)
    for (change, outcome) in zip(changes, try await write(plan).steps) {
      if case .kept(.otherRevision) = outcome { throw StorageError.webhookChanged(change.record.name) }
    }
  }

  /// Keeps the deployment's key for signatures, unless another node was first.
  /// - Returns: the sealed key that is kept; what this node signs must be signed with that one.
  package func keep(sealedSigningKey key: [UInt8]) async throws -> [UInt8] {
    guard case .signingKey(let kept) = try await write(.signingKey(key)) else {
      throw StorageError.broken("a signing key came back as something else")
    }
    return kept
  }
}
