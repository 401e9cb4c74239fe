import Storage
import Wire

/// Plans of every kind over few ids, so that steps meet each other's objects.
struct RandomPlans {
  let models: [StoredModel]
  private var generator: SplitMix

  init(models: [StoredModel], seed: UInt64) {
    self.models = models
    generator = SplitMix(seed: seed)
  }

  /// - Parameter oplog: what was written so far, for preconditions that hold at times.
  mutating func plan(after oplog: [OplogEntry] = []) throws(ConformanceFailure) -> WritePlan {
    let count = generator.once(in: 3) ? 1 : Int.random(in: 0...12, using: &generator)
    var steps: [WriteStep] = []
    for _ in 0..<count { steps.append(try step()) }
    var plan = WritePlan(
      steps: steps, policy: generator.pick([.independent, .stopAtFailure, .atomic]) ?? .independent,
      isDryRun: generator.once(in: 6), origin: generator.pick(["password", "token:import"]) ?? "",
      returnsStates: !generator.once(in: 4))
    for (index, step) in steps.enumerated() where generator.once(in: 4) {
      plan.preconditions.append(.object(step: index, condition(on: step, after: oplog)))
      if generator.once(in: 8) { plan.preconditions.append(.object(step: index, .exists)) }
    }
    return plan
  }

  /// Names the object's last sequence as often as not.
  private mutating func condition(on step: WriteStep, after oplog: [OplogEntry]) -> ObjectCondition {
    if generator.once(in: 3) { return generator.pick([.exists, .isAbsent]) ?? .exists }
    let last = oplog.last { entry in step.object.map { $0.id == entry.id && $0.model.number == entry.model } ?? false }
    let other = generator.pick(oplog.suffix(20).map(\.sequence)) ?? 0
    return .sequence(among: generator.once(in: 2) ? [other, last?.sequence ?? 1] : [other])
  }

  /// Milliseconds by which the clock moves: often not at all, at times back.
  mutating func clockStep() -> Int64 { generator.pick([0, 0, 0, 1, 700, 5000, -2, -3000]) ?? 0 }

  private mutating func step() throws(ConformanceFailure) -> WriteStep {
    let model = try require(some: generator.pick(models), "a model")
    let id = ObjectID.numbered(Int.random(in: 1...9, using: &generator))
    let row = model.columns.map { value($0.type) }
    switch Int.random(in: 0..<20, using: &generator) {
    case 0..<6: return .create(model, id, row)
    case 6..<10: return .put(model, id, row)
    case 10..<15:
      let positions = model.columns.indices.filter { _ in generator.once(in: 4) }
      return .patch(model, id, positions.map { (position: $0, value: row[$0]) })
    case 15..<19: return .delete(model, id)
    default: return .refused
    }
  }

  /// One of few, so that many writes change nothing.
  private mutating func value(_ type: ColumnType) -> StoredValue {
    let values: [StoredValue] =
      switch type {
      case .integer: [.null, .integer(0), .integer(-7)]
      case .real: [.null, .real(0.5), .real(3)]
      case .text: [.null, .text(""), .text("\u{E9}"), .text("e\u{301}")]
      case .id: [.null, .id(.numbered(1)), .id(.numbered(2))]
      }
    return generator.pick(values) ?? .null
  }
}
