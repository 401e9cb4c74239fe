import Wire

/// The one way in for whatever changes what a deployment stores: objects, users, sessions, attachments, webhooks and
/// leases alike.
package protocol WriteDoor: Sendable {
  /// Does a plan with others that wait, in one transaction, and returns when it is on disk.
  /// - Throws: `StorageError`; then nothing of the plan was done.
  func write(_ plan: WritePlan) async throws -> WriteOutcome
}

extension WriteDoor {
  /// Does one step beside the objects. It has no oplog entry, and so no origin.
  package func write(_ step: KeptStep) async throws -> KeptOutcome {
    guard case .kept(let outcome)? = try await write(WritePlan(steps: [.kept(step)], origin: "")).steps.first else {
      throw StorageError.broken("a step beside the objects came back as something else")
    }
    return outcome
  }

  // MARK: Leases.

  /// Takes a lease that is free or has ended, or renews an own one; nil where somebody else holds it.
  package func take(lease name: String, for milliseconds: Int64, as holder: ObjectID) async throws -> LeaseHold? {
    let act = LeaseAct.take(name: name, holder: holder, milliseconds: milliseconds)
    guard case .lease(let hold) = try await write(.lease(act)) else { return nil }
    return hold
  }

  package func giveUp(_ hold: LeaseHold) async throws { _ = try await write(.lease(.giveUp(hold))) }
}
