import Storage
import Wire

/// The contract of writing as a plain value: what an engine must agree with. Rolling back is forgetting
/// a copy.
struct ReferenceStore {
  /// By the number of their model.
  private(set) var objects: [Int: [ObjectID: ObjectState]] = [:]
  private(set) var oplog: [OplogEntry] = []
  private var lastRow: [Int: Int64] = [:]

  /// In order of creation.
  func all(_ model: StoredModel) -> [ObjectState] {
    objects[model.number, default: [:]].values.sorted { $0.row < $1.row }
  }

  func count(_ model: StoredModel) -> Int { objects[model.number, default: [:]].count }

  mutating func write(_ plan: WritePlan, atMilliseconds now: Int64) -> [StepOutcome] {
    let outcomes = outcomes(of: plan, at: now)
    return plan.returnsStates ? outcomes : outcomes.map(\.withoutState)
  }

  private mutating func outcomes(of plan: WritePlan, at now: Int64) -> [StepOutcome] {
    let before = self
    var outcomes: [StepOutcome] = []
    for (index, step) in plan.steps.enumerated() {
      if plan.policy != .independent, outcomes.contains(where: \.isFailure) {
        outcomes.append(.skipped)
      } else if let stale = stale(step, plan.conditions(of: index)) {
        outcomes.append(stale)
      } else {
        outcomes.append(perform(step, origin: plan.origin, at: now))
      }
    }
    if plan.policy == .atomic, outcomes.contains(where: \.isFailure) {
      self = before
      return outcomes.map { $0.isFailure ? $0 : .skipped }
    }
    if plan.isDryRun { self = before }
    return outcomes
  }

  private func stale(_ step: WriteStep, _ conditions: [ObjectCondition]) -> StepOutcome? {
    guard let (model, id) = step.object else { return nil }
    let sequence = find(model, id)?.sequence
    let allHold = conditions.allSatisfy { condition in
      switch condition {
      case .exists: sequence != nil
      case .isAbsent: sequence == nil
      case .sequence(let sequences): sequences.contains { $0 == sequence }
      }
    }
    return allHold ? nil : .stale(sequence: sequence)
  }

  private mutating func perform(_ step: WriteStep, origin: String, at clock: Int64) -> StepOutcome {
    // No write is older than the one before it.
    let now = max(clock, (oplog.last?.sequence ?? 0) / 1024)
    switch step {
    case .refused: return .refused
    // Attachments have cases of their own.
    case .receive, .kept: return .refused
    case .create(let model, let id, let values), .createNew(let model, let id, let values):
      if find(model, id) != nil { return .idInUse }
      return .created(create(model, id, values, origin: origin, at: now))
    case .put(let model, let id, let values):
      guard let old = find(model, id) else {
        return .created(create(model, id, values, origin: origin, at: now))
      }
      return update(model, old, values, origin: origin, at: now)
    case .patch(let model, let id, let changes):
      guard let old = find(model, id) else { return .missing }
      var values = old.values
      for change in changes { values[change.position] = change.value }
      return update(model, old, values, origin: origin, at: now)
    case .delete(let model, let id):
      guard var old = find(model, id) else { return .missing }
      objects[model.number]?[id] = nil
      old.updatedAt = max(old.updatedAt, now / 1000)
      old.sequence = next(at: now)
      log(.delete, model, old, origin: origin)
      return .deleted
    }
  }

  private func find(_ model: StoredModel, _ id: ObjectID) -> ObjectState? { objects[model.number]?[id] }

  private mutating func create(
    _ model: StoredModel, _ id: ObjectID, _ values: [StoredValue], origin: String, at now: Int64
  ) -> ObjectState {
    lastRow[model.number, default: 0] += 1
    let state = ObjectState(
      id: id, updatedAt: now / 1000, row: lastRow[model.number, default: 0], sequence: next(at: now),
      values: values)
    objects[model.number, default: [:]][id] = state
    log(.create, model, state, origin: origin)
    return state
  }

  private mutating func update(
    _ model: StoredModel, _ old: ObjectState, _ values: [StoredValue], origin: String, at now: Int64
  ) -> StepOutcome {
    if values.elementsEqual(old.values, by: { $0.isSame(as: $1) }) { return .unchanged(old) }
    var state = old
    state.values = values
    state.updatedAt = max(old.updatedAt, now / 1000)
    state.sequence = next(at: now)
    objects[model.number]?[old.id] = state
    log(.update, model, state, origin: origin)
    return .updated(state)
  }

  private func next(at now: Int64) -> Int64 { max((oplog.last?.sequence ?? 0) + 1, now * 1024) }

  private mutating func log(
    _ operation: OplogEntry.Operation, _ model: StoredModel, _ state: ObjectState, origin: String
  ) {
    let values = zip(model.columns, state.values).filter { !$0.1.isNull }.map { ($0.0.number, $0.1) }
    oplog.append(
      OplogEntry(
        sequence: state.sequence, model: model.number, operation: operation, id: state.id,
        updatedAt: state.updatedAt, origin: origin, values: values))
  }
}

extension WritePlan {
  fileprivate func conditions(of index: Int) -> [ObjectCondition] {
    preconditions.compactMap { precondition in
      guard case .object(index, let condition) = precondition else { return nil }
      return condition
    }
  }
}

extension WriteStep {
  /// Whose object it writes; nil where it writes none.
  var object: (model: StoredModel, id: ObjectID)? {
    switch self {
    case .create(let model, let id, _), .createNew(let model, let id, _), .put(let model, let id, _),
      .patch(let model, let id, _),
      .delete(let model, let id):
      (model, id)
    case .receive, .refused, .kept: nil
    }
  }
}

extension StepOutcome {
  fileprivate var withoutState: StepOutcome {
    switch self {
    case .created: .created(nil)
    case .updated: .updated(nil)
    case .unchanged: .unchanged(nil)
    case .deleted, .missing, .idInUse, .stale, .refused, .skipped, .kept: self
    }
  }
}
