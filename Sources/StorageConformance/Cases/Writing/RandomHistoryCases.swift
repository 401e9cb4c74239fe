import DataModel
import Storage
import Wire

extension StorageConformance {
  static let randomHistories: [ConformanceCase] = [
    ConformanceCase("Random writes, deploys and trims leave the histories that a plain list of all entries says") {
      bed in
      try await Scene.with(bed, document("text", hasAirline: true)) { scene in
        var random = SplitMix(seed: 20_131_123)
        var plain = PlainHistory()
        for round in 0..<200 {
          if random.once(in: 9) {
            let type = random.pick(["text", "integer", "number", "date"]) ?? "text"
            try await scene.deploy(document(type, hasAirline: !random.once(in: 3)))
          }
          let models = scene.store.dataModel.models
          for _ in 0..<Int.random(in: 1...5, using: &random) {
            guard let model = random.pick(models) else { continue }
            let steps = (0..<Int.random(in: 1...4, using: &random)).map { _ in step(model, &random) }
            let policy = random.pick([WritePlan.Policy.independent, .stopAtFailure, .atomic]) ?? .independent
            try await scene.write(steps, policy, isDryRun: random.once(in: 8))
          }
          if random.once(in: 2) { scene.clock.advance(byMilliseconds: Int64.random(in: 0...3, using: &random)) }
          try await plain.follow(scene)
          if random.once(in: 12), let entry = random.pick(plain.entries.filter { $0.sequence > plain.trimmed }) {
            try await scene.trim(before: entry.sequence)
            plain.trimmed = try await scene.store.read { try $0.oplogBounds().trimmed }
          }
          for model in scene.store.dataModel.models { try await check(scene, plain, model, &random, "round \(round)") }
        }
      }
    }
  ]

  private static func document(_ type: String, hasAirline: Bool) -> String {
    let airline =
      hasAirline
      ? "<model name=\"airline\" label=\"A\">\(SampleModel.field("a", "text"))<display>A</display></model>" : ""
    return SampleModel.document(
      airline + SampleModel.flight(SampleModel.field("a", type) + SampleModel.field("b", "integer")))
  }

  private static func step(_ model: StoredModel, _ random: inout SplitMix) -> WriteStep {
    let id = ObjectID.numbered(Int.random(in: 1...9, using: &random))
    let row = model.model.fields.map { field -> StoredValue in
      random.once(in: 4) ? .null : random.pick(FieldSample.all(of: field.type))?.value ?? .null
    }
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<3: return .create(model, id, row)
    case 3..<5: return .put(model, id, row)
    case 5..<8:
      let positions = row.indices.filter { _ in random.once(in: 2) }
      return .patch(model, id, positions.map { (position: $0, value: row[$0]) })
    default: return .delete(model, id)
    }
  }

  /// Pages of any length, from the newest entry, an entry of the object, or any other position.
  private static func check(
    _ scene: Scene, _ plain: PlainHistory, _ model: StoredModel, _ random: inout SplitMix, _ what: String
  ) async throws {
    for _ in 0..<4 {
      let own = ObjectID.numbered(Int.random(in: 1...10, using: &random))
      let entry = random.pick(plain.entries.filter { random.once(in: 2) ? $0.id == own : true })
      let before = random.once(in: 3) ? nil : entry.map { $0.sequence + (random.once(in: 2) ? 0 : 1) }
      let plan = HistoryPlan(model, own, before: before, limit: Int.random(in: 1...12, using: &random))
      let (found, expected) = (try await scene.history(plan), plain.page(plan))
      let sentence = "\(what), \(model.name) \(own) before \(before ?? -1), \(plan.limit) entries"
      try require(found.entries, are: expected.entries, sentence)
      try require(found.earlier?.sequence, is: expected.earlier?.sequence, "\(sentence): the one before them")
      try require(found.end, is: expected.end, "\(sentence): the end")
      try await checkChanges(scene, plain, model, &random, what)
    }
    let gone = try await scene.deletions(model, limit: Int.random(in: 1...5, using: &random))
    try require(gone, are: plain.deletions(of: model.number, before: nil), "\(what), what is gone of \(model.name)")
  }

  /// Any part of the oplog from either end on, and any entry of the model with the one before it.
  private static func checkChanges(
    _ scene: Scene, _ plain: PlainHistory, _ model: StoredModel, _ random: inout SplitMix, _ what: String
  ) async throws {
    var plan = ChangePlan(
      isNewestFirst: random.once(in: 2), models: random.once(in: 2) ? [model.number] : [1, 2, 3],
      operation: random.once(in: 2) ? nil : random.pick([.create, .update, .delete]),
      limit: Int.random(in: 1...9, using: &random), examined: Int.random(in: 1...30, using: &random))
    if random.once(in: 2) { plan.start = random.pick(plain.entries)?.sequence ?? 0 }
    if random.once(in: 2) { plan.end = random.pick(plain.entries)?.sequence ?? 0 }
    try require(
      try await scene.store.read { [plan] in try $0.changes(plan) }, is: plain.changes(plan), "\(what), \(plan)")
    guard let entry = random.pick(plain.entries.filter { $0.model == model.number }) else { return }
    let found = try await scene.history(HistoryPlan(model, entry.id, at: entry.sequence))
    try require(
      found.entries + (found.earlier.map { [$0] } ?? []), are: plain.entry(at: entry.sequence),
      "\(what), the entry \(entry.sequence) and the one before")
  }
}
