import Storage
import Wire

extension StorageConformance {
  private static let dataSets: UInt64 = 24
  private static let searchesInDataSet = 220

  /// Random models and objects, each searched in many ways: more than 5000 searches in all.
  static let predicates: [ConformanceCase] = (1...dataSets).map { seed in
    ConformanceCase("Random searches agree with the plain reading of filters and sorts, data set \(seed)") {
      bed in
      var random = RandomSearches(seed: seed)
      try await Scene.with(bed, random.xml()) { scene in
        let model = try scene.model()
        var reference = ReferenceStore()
        for step in random.steps(model, objects: Int(seed) * 2) {
          let plan = WritePlan(steps: [step], origin: "password")
          _ = reference.write(plan, atMilliseconds: scene.clock.milliseconds())
          _ = try await scene.store.write(plan)
          scene.clock.advance(byMilliseconds: 400)
        }
        let objects = reference.all(model)
        let usual = (0..<searchesInDataSet).map { _ in random.plan(model, like: objects) }
        let deep = [60, 200, 2000].map { terms in
          var plan = random.plan(model, like: objects)
          plan.predicate = random.deepPredicate(model, depth: 64, terms: terms)
          return plan
        }
        try await scene.store.read { snapshot in
          for plan in usual + deep { try check(plan, of: objects, in: snapshot) }
        }
      }
    }
  }

  static func check(_ plan: ReadPlan, of objects: [ObjectState], in snapshot: any Snapshot) throws {
    func fault(_ plan: ReadPlan) throws -> ConformanceFailure? {
      do throws(ConformanceFailure) {
        let found = try catching { try snapshot.states(plan) }
        try require(found, are: plan.read(objects), "the list")
        let count = try catching { try snapshot.count(plan.model, plan.predicate) }
        let matching = objects.count { plan.predicate.holds(for: $0) }
        try require(count, is: matching, "the count")
        // One bound for each search: all bounds for each would take longer than everything else here.
        let most = [0, max(matching - 1, 0), matching, .max][(plan.skip + plan.limit) % 4]
        let bounded = try catching {
          try snapshot.count(plan.model, plan.predicate, upTo: most, within: .seconds(60))
        }
        let isOver = matching > most && plan.predicate != .always
        try require(bounded, is: isOver ? .over(most) : .exact(matching), "the count up to \(most)")
        return nil
      } catch {
        return error
      }
    }
    guard try fault(plan) != nil else { return }
    let smallest = try plan.shrunk { try fault($0) != nil }
    let fields = plan.model.columns.enumerated().map { "\($0): \($1.name) \($1.storedType)" }
    throw ConformanceFailure(
      "where \(smallest.predicate), sorted by \(smallest.sort), skipping \(smallest.skip), at most "
        + "\(smallest.limit), of columns \(fields): \(try fault(smallest)?.description ?? "")")
  }

  private static func catching<Result>(_ body: () throws -> Result) throws(ConformanceFailure) -> Result {
    do { return try body() } catch { throw ConformanceFailure("it threw \(error)") }
  }
}
