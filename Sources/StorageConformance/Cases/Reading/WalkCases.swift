import Storage
import Wire

extension StorageConformance {
  private static let walkedDataSets: UInt64 = 8
  private static let walksOfDataSet = 60

  /// Walks through lists page by page, each continued after the last object of the page before.
  static let walks: [ConformanceCase] =
    (101...100 + walkedDataSets).map { seed in
      ConformanceCase("Walks from page to page meet each object once and in order, data set \(seed)") { bed in
        var random = RandomSearches(seed: seed)
        try await Scene.with(bed, random.xml()) { scene in
          let model = try scene.model()
          var reference = ReferenceStore()
          for step in random.steps(model, objects: Int(seed - 100) * 8) {
            let plan = WritePlan(steps: [step], origin: "password")
            _ = reference.write(plan, atMilliseconds: scene.clock.milliseconds())
            _ = try await scene.store.write(plan)
            scene.clock.advance(byMilliseconds: 400)
          }
          let objects = reference.all(model)
          let plans = (0..<walksOfDataSet).map { index in
            var plan = random.plan(model, like: objects)
            plan.skip = 0
            // Half of the walks go through everything, so that they are long.
            if index % 2 == 0 { plan.predicate = .always }
            plan.limit = 1 + index % 9
            return plan
          }
          try await scene.store.read { snapshot in
            for plan in plans { try walk(plan, of: objects, in: snapshot) }
          }
        }
      }
    } + [
      ConformanceCase("A walk goes on behind an object that was changed or deleted meanwhile") { bed in
        try await Scene.with(bed) { scene in
          let model = try scene.model()
          let number = try model.column("number")
          try await scene.write(
            (1...9).map { .create(model, .numbered($0), try model.row(["number": .integer(Int64($0 / 3))])) })
          for descending in [false, true] {
            let plan = ReadPlan(
              model: model, sort: [SortKey(column: number, descending: descending)], limit: 5)
            let before = try await scene.list(plan)
            let last = try require(some: before.last, "a last object")
            let position = ListPosition(values: plan.order.map { last[$0.column] })
            let expected = try await scene.all(model).map(\.id).filter { id in !before.contains { $0.id == id } }
            try await scene.write([
              descending ? .delete(model, last.id) : try model.patch(last.id, ["number": .integer(-1)])
            ])
            let rest = try await scene.store.read { try $0.states(plan, after: position) }
            try require(Set(rest.map(\.id)), is: Set(expected), "behind it, descending \(descending)")
          }
        }
      }
    ]

  static func walk(_ plan: ReadPlan, of objects: [ObjectState], in snapshot: any Snapshot) throws {
    var whole = plan
    whole.limit = objects.count
    let expected = whole.read(objects)
    var found: [ObjectState] = []
    var position: ListPosition?
    let order = plan.order
    while found.count <= expected.count {
      let page = try snapshot.states(plan, after: position)
      found += page
      guard let last = page.last, page.count == plan.limit else { break }
      position = ListPosition(values: order.map { last[$0.column] })
    }
    try require(
      found, are: expected,
      "walked \(plan.limit) by \(plan.limit), sorted by \(plan.sort), where "
        + "\(plan.predicate)")
  }
}

extension Snapshot {
  func states(_ plan: ReadPlan, after position: ListPosition?) throws -> [ObjectState] {
    var states: [ObjectState] = []
    try list(plan, after: position) { states += $0.states }
    return states
  }
}
