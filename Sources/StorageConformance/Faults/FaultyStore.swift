import DataModel
import Storage
import Synchronization
import Wire

/// A node with a fault.
final class FaultyStore: WrappedStore {
  let inner: any ObjectStore
  private let fault: NodeFault
  private let clock: any WallClock
  /// Among the nodes of a bed.
  private let number: Int
  private let first: StoredDataModel
  private let firstSessionRevision: Int
  private let hasDeployed = Mutex(false)
  /// Was answered, and is not stored yet.
  private let answered = Mutex<WritePlan?>(nil)

  init(_ inner: any ObjectStore, _ fault: NodeFault, number: Int, clock: any WallClock) {
    self.inner = inner
    self.fault = fault
    self.clock = clock
    self.number = number
    first = inner.dataModel
    firstSessionRevision = inner.sessionRevision
  }

  var dataModel: StoredDataModel { fault == .modelNeverCatchesUp ? first : inner.dataModel }

  var feedID: String { fault == .feedIsItsOwn ? "\(inner.feedID)-\(number)" : inner.feedID }

  var sessionRevision: Int {
    fault == .endedSessionsAreNotTold ? firstSessionRevision : inner.sessionRevision
  }

  func deploy(_ model: DataModel, by person: Person?) async throws -> StoredDataModel {
    let before = inner.dataModel.version
    let stored = try await inner.deploy(model, by: person)
    hasDeployed.withLock { $0 = true }
    guard fault == .deploysAreNotCompared else { return stored }
    return StoredDataModel(
      model: stored.model, models: stored.models, version: before + 1, deployedAt: stored.deployedAt,
      deployedBy: stored.deployedBy)
  }

  func indexes() async throws -> [(model: String, indexes: [StoredIndex])] {
    let found = try await inner.indexes()
    guard fault == .indexesAreItsOwn, !hasDeployed.withLock({ $0 }) else { return found }
    return found.map { model, indexes in
      let pending = indexes.map { StoredIndex(name: $0.name, keys: $0.keys, kind: $0.kind, status: .pending) }
      return (model, pending)
    }
  }

  func waitForEntry(
    from position: Int64, until deadline: ContinuousClock.Instant, since wakes: Int
  ) async throws -> EntryWait {
    // It would wait in vain; a case need not wait as long.
    if fault == .waitersHearOnlyTheirOwn { return .over }
    return try await inner.waitForEntry(from: position, until: deadline, since: wakes)
  }

  func sealedSigningKey() async throws -> [UInt8]? {
    let sealed = try await inner.sealedSigningKey()
    return fault == .secretsAreItsOwn ? sealed?.reversed() : sealed
  }

  // MARK: Writing.

  func write(_ plan: WritePlan) async throws -> WriteOutcome {
    var plan = plan
    switch fault {
    case .leaseNumberIsNotChecked: plan.preconditions.removeAll { !$0.isOnObject }
    case .conditionsAreNotChecked: plan.preconditions.removeAll(where: \.isOnObject)
    case .sessionsAreNotChecked: plan.session = nil
    case .leasesAreItsOwn: plan.steps = plan.steps.map { $0.leasing(apart: number) }
    case .historiesEndAtDeletions: plan.steps = plan.steps.map(\.asIfNew)
    case .webhookRevisionIsNotChecked: return try await keepAnyway(plan)
    case .writesAreAnsweredEarly: return try await answerEarly(plan)
    case .olderPlansAreDone: return try await writeAnyway(plan)
    case .signingKeyIsNotLookedFor: return try await inner.write(plan).keeping(theKeysOf: plan)
    case .timeIsItsOwn: return try await inner.write(plan).at(clock.milliseconds() / 1000)
    default: break
    }
    return try await inner.write(plan)
  }

  private func writeAnyway(_ plan: WritePlan) async throws -> WriteOutcome {
    var plan = plan
    for _ in 0..<100 {
      do { return try await inner.write(plan) } catch StorageError.replan {}
      plan.steps = plan.steps.map { $0.planned(under: inner.dataModel) }
    }
    return try await inner.write(plan)
  }

  private func keepAnyway(_ plan: WritePlan) async throws -> WriteOutcome {
    var plan = plan
    for _ in 0..<100 {
      let stored = try await inner.webhooks()
      plan.steps = plan.steps.map { $0.changing(any: stored) }
      let outcome = try await inner.write(plan)
      if !outcome.steps.contains(where: \.isFailure) { return outcome }
    }
    return try await inner.write(plan)
  }

  private func answerEarly(_ plan: WritePlan) async throws -> WriteOutcome {
    let earlier = answered.withLock { answered in
      defer { answered = plan }
      return answered
    }
    if let earlier { _ = try await inner.write(earlier) }
    return WriteOutcome(
      steps: plan.steps.map { step in
        switch step {
        case .create, .createNew, .put: .created(nil)
        case .patch: .updated(nil)
        case .delete: .deleted
        case .receive, .refused, .kept: .kept(.done)
        }
      })
  }
}

extension Precondition {
  fileprivate var isOnObject: Bool {
    if case .object = self { true } else { false }
  }
}

extension WriteStep {
  /// Under a name that no other node has.
  fileprivate func leasing(apart number: Int) -> WriteStep {
    guard case .kept(.lease(.take(let name, let holder, let milliseconds))) = self else { return self }
    return .kept(.lease(.take(name: "\(number).\(name)", holder: holder, milliseconds: milliseconds)))
  }

  /// From the revision that is stored.
  fileprivate func changing(any stored: [WebhookRecord]) -> WriteStep {
    guard case .kept(.webhook(var change)) = self,
      let record = stored.first(where: { $0.name == change.record.name })
    else { return self }
    change.record.revision = record.revision
    return .kept(.webhook(change))
  }

  fileprivate var asIfNew: WriteStep {
    guard case .create(let model, let id, let values) = self else { return self }
    return .createNew(model, id, values)
  }

  /// Creates under the model in force, with what fits into it.
  fileprivate func planned(under model: StoredDataModel) -> WriteStep {
    guard case .create(let old, let id, let values) = self, let new = model[old.name] else { return self }
    let kept = values.prefix(new.columns.count)
    return .create(new, id, kept + [StoredValue](repeating: .null, count: new.columns.count - kept.count))
  }
}

extension WriteOutcome {
  /// As if each signing key that the plan brings were kept.
  fileprivate func keeping(theKeysOf plan: WritePlan) -> WriteOutcome {
    var outcome = self
    for (index, step) in plan.steps.enumerated() {
      if case .kept(.signingKey(let key)) = step { outcome.steps[index] = .kept(.signingKey(key)) }
    }
    return outcome
  }

  /// As if it had been done then.
  fileprivate func at(_ second: Int64) -> WriteOutcome {
    WriteOutcome(
      steps: steps.map { step in
        guard case .updated(var state?) = step else { return step }
        state.updatedAt = second
        return .updated(state)
      })
  }
}
