import Wire

/// The one way in for whatever changes what a deployment stores: objects, users, sessions, attachments, webhooks and
/// leases alike.
package protocol WriteDoor: Sendable {
  /// Does a plan with others that wait, in one transaction, and returns when it is on disk.
  /// - Throws: `StorageError`; then nothing of the plan was done. `replan` where it was made under another version of
  ///   the data model than the one in force when its turn comes.
  func write(_ plan: WritePlan) async throws -> WriteOutcome

  /// As whom this node takes leases.
  var leaseHolder: LeaseHolder { get }
}

extension WriteDoor {
  /// Does one step beside the objects. It has no oplog entry, and so no origin. Who does it under a lease says so.
  /// - Throws: `StorageError.leaseLost` where another node holds the lease by now.
  package func write(_ step: KeptStep, under hold: LeaseHold? = nil) async throws -> KeptOutcome {
    var plan = WritePlan(steps: [.kept(step)], origin: "")
    plan.preconditions = Precondition.leases(hold)
    guard case .kept(let outcome)? = try await write(plan).steps.first else {
      throw StorageError.broken("a step beside the objects came back as something else")
    }
    return outcome
  }

  // MARK: Leases.

  /// Takes a lease for this node, or renews the one that it has.
  /// - Throws: `StorageError.leaseLost` where another node holds it.
  package func hold(_ lease: String) async throws -> LeaseHold {
    let holder = leaseHolder
    guard let hold = try await take(lease: lease, for: holder.milliseconds, as: holder.id) else {
      throw StorageError.leaseLost(lease)
    }
    return hold
  }

  /// Takes a lease that is free or has ended, or renews an own one; nil where somebody else holds it.
  package func take(lease name: String, for milliseconds: Int64, as holder: ObjectID) async throws -> LeaseHold? {
    let act = LeaseAct.take(name: name, holder: holder, milliseconds: milliseconds)
    guard case .lease(let hold) = try await write(.lease(act)) else { return nil }
    return hold
  }

  package func giveUp(_ hold: LeaseHold) async throws { _ = try await write(.lease(.giveUp(hold))) }
}
