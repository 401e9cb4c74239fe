import Storage

/// One plan inside its group's transaction.
struct PlanAttempt {
  let plan: WritePlan
  let performer: StepPerformer
  let milliseconds: Int64
  /// Whether every step gets a savepoint of its own, so that a failure that no check foresaw stays the
  /// plan's own.
  let isCareful: Bool

  /// Whether something of the plan may have to be taken back while others of the group stay.
  private var isUndoable: Bool { isCareful || plan.isDryRun || plan.policy == .atomic }

  /// The result; a failure has left no trace.
  /// - Throws: what ends the group: a failure of the disk, or, unless it is careful, any that no check
  ///   foresaw.
  func run() throws -> Result<WriteOutcome, any Error> {
    assert(
      plan.steps.allSatisfy { $0.model.map { $0.binding.version == plan.version } ?? true },
      "the steps of a plan were made under one data model")
    if let session = plan.session, let refusal = try performer.refusal(of: session) { return .failure(refusal) }
    guard isUndoable else { return .success(WriteOutcome(steps: try steps())) }
    let connection = performer.connection
    let mark = performer.mark
    try connection.statement("SAVEPOINT plan").run()
    let result: Result<WriteOutcome, any Error>
    var isUndone = plan.isDryRun
    do {
      var outcomes = try steps()
      if plan.policy == .atomic, outcomes.contains(where: \.isFailure) {
        for place in outcomes.indices where !outcomes[place].isFailure { outcomes[place] = .skipped }
        isUndone = true
      }
      result = .success(WriteOutcome(steps: outcomes))
    } catch StorageError.broken(let reason) where isCareful && connection.isInTransaction {
      result = .failure(StorageError.broken(reason))
      isUndone = true
    }
    if isUndone {
      try connection.statement("ROLLBACK TO plan").run()
      performer.takeBack(to: mark)
    }
    try connection.statement("RELEASE plan").run()
    return result
  }

  private func steps() throws -> [StepOutcome] {
    var outcomes: [StepOutcome] = []
    outcomes.reserveCapacity(plan.steps.count)
    var hasFailed = false
    for step in plan.steps {
      if hasFailed, plan.policy != .independent {
        outcomes.append(.skipped)
        continue
      }
      let outcome = try isCareful ? inSavepoint(step) : perform(step)
      if outcome.isFailure { hasFailed = true }
      outcomes.append(outcome)
    }
    return outcomes
  }

  private func inSavepoint(_ step: WriteStep) throws -> StepOutcome {
    let connection = performer.connection
    try connection.statement("SAVEPOINT step").run()
    let outcome = try perform(step)
    try connection.statement("RELEASE step").run()
    return outcome
  }

  private func perform(_ step: WriteStep) throws -> StepOutcome {
    try performer.perform(step, of: plan, atMilliseconds: milliseconds)
  }
}
