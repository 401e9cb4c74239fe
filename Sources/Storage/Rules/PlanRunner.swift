import Crypto
import Wire

/// Runs plans in a transaction of a store: policies, dry runs, the preconditions of plans, and each step by its rule.
///
/// It belongs to the thread or task that has the store. Generic and never existential, and inlinable, so that an
/// engine in another module gets one made for its store: it runs once for each step.
package final class PlanRunner<Store: WriteStore> {
  package let store: Store
  package var state: GroupState

  package init(_ store: Store, _ state: GroupState) {
    self.store = store
    self.state = state
  }

  /// The result; a failure has left no trace. `clock` is milliseconds since 1970.
  /// - Throws: what ends the group.
  @inlinable package func run(_ plan: WritePlan, clock: Int64) throws -> Result<WriteOutcome, StorageError> {
    if let refusal = try refusal(of: plan) { return .failure(refusal) }
    guard plan.isDryRun || plan.policy == .atomic else {
      return .success(WriteOutcome(steps: try steps(of: plan, clock)))
    }
    let mark = state
    try store.mark()
    var outcomes = try steps(of: plan, clock)
    let hasFailed = plan.policy == .atomic && outcomes.contains(where: \.isFailure)
    if hasFailed {
      for index in outcomes.indices where !outcomes[index].isFailure { outcomes[index] = .skipped }
    }
    if hasFailed || plan.isDryRun {
      try store.takeBack()
      state.takeBack(to: mark)
    }
    try store.release()
    return .success(WriteOutcome(steps: outcomes))
  }

  /// Stores what the group has counted. The last thing before the commit.
  package func storeCounters() throws {
    for model in state.changed {
      if let counter = state.counters[model] { try store.store(counter, ofModel: model) }
    }
  }

  /// After the commit.
  package func beginNext() { state.beginNext() }

  // MARK: Preconditions.

  /// Why nothing of the plan is done; nil where it is.
  @inlinable func refusal(of plan: WritePlan) throws -> StorageError? {
    assert(
      plan.steps.allSatisfy { $0.model.map { $0.binding.version == plan.version } ?? true },
      "the steps of a plan were made under one data model")
    if let made = plan.version, made != state.version { return .replan(version: state.version) }
    if let session = plan.session {
      let state = try store.state(ofSession: session)
      if state != .enrolled { return .sessionEnded(state ?? .reset) }
    }
    if let hash = try outdatedUpload(of: plan) { return .uploadOutdated(hash) }
    for precondition in plan.preconditions {
      switch precondition {
      case .lease(let hold):
        var needs = KeptNeeds()
        needs.lease = hold.name
        guard LeaseRule.isGood(hold, try read(needs).lease) else { return .leaseLost(hold.name) }
      case .object(let index, _):
        guard plan.steps.indices.contains(index), plan.steps[index].takesConditions else {
          return .broken("a plan has a precondition on the object of step \(index), which writes none")
        }
      }
    }
    return nil
  }

  /// The first of the plan's bytes that are kept under another generation than they are to be taken up under now. Of
  /// a dry run none are kept.
  @inlinable func outdatedUpload(of plan: WritePlan) throws -> ContentHash? {
    let uploads = plan.uploads
    if uploads.isEmpty || plan.isDryRun { return nil }
    var needs = KeptNeeds()
    needs.blobs = uploads.map(\.hash)
    let rows = try read(needs)
    return uploads.first { $0.generation != rows.generation(of: $0.hash) }?.hash
  }

  // MARK: Steps.

  @inlinable func steps(of plan: WritePlan, _ clock: Int64) throws -> [StepOutcome] {
    var outcomes: [StepOutcome] = []
    outcomes.reserveCapacity(plan.steps.count)
    var hasFailed = false
    var context = StepContext(milliseconds: 0, returnsStates: plan.returnsStates, attachments: plan.attachments)
    let conditions = StepConditions(plan)
    for (index, step) in plan.steps.enumerated() {
      if hasFailed, plan.policy != .independent {
        outcomes.append(.skipped)
        continue
      }
      context.appUser = state.appUser
      context.lastSequence = state.lastSequence
      context.milliseconds = SequenceRule.time(after: state.lastSequence, clock: clock)
      let outcome = try perform(step, under: conditions[index], origin: plan.origin, &context)
      if outcome.isFailure { hasFailed = true }
      outcomes.append(outcome)
    }
    return outcomes
  }

  @inlinable func perform(
    _ step: WriteStep, under conditions: [ObjectCondition], origin: String, _ context: inout StepContext
  ) throws -> StepOutcome {
    let inputs = try inputs(of: step, isConditional: !conditions.isEmpty, &context)
    if let stale = StepRule.stale(step, inputs, conditions) { return stale }
    let effect = StepRule.apply(step, inputs, in: context)
    if let object = effect.object {
      guard try store.store(object, origin: origin) else { return .idInUse }
      state.note(object)
    }
    if let kept = effect.kept {
      try store.store(kept, origin: origin)
      state.note(kept)
    }
    return effect.outcome
  }

  @inlinable func inputs(
    of step: WriteStep, isConditional: Bool, _ context: inout StepContext
  ) throws -> StepInputs {
    var inputs = StepInputs()
    if let model = step.model {
      inputs.table = try store.table(of: model)
      context.lastRow = state.lastRow(of: model.number)
    }
    switch StepRule.needs(step, isConditional: isConditional) {
    case .nothing: break
    case .object(_, let id):
      if let table = inputs.table { inputs.object = try store.object(id, in: table) }
    case .kept(let needs): inputs.kept = try read(needs)
    }
    if let id = StepRule.idToLookFor(step, inputs), let table = inputs.table {
      inputs.deletion = try store.lastDeletion(of: id, in: table)
    }
    if let needs = StepRule.needs(step, inputs, in: context) {
      var rows = inputs.kept ?? KeptRows()
      try store.read(needs, appUser: state.appUser, into: &rows)
      inputs.kept = rows
    }
    return inputs
  }

  @inlinable func read(_ needs: KeptNeeds) throws -> KeptRows {
    var rows = KeptRows()
    try store.read(needs, appUser: state.appUser, into: &rows)
    return rows
  }
}
