import Storage
import Wire

extension StorageConformance {
  private static let walked = 10_000
  private static let walkCount = 100
  private static let writers = 4

  static let busyWalks: [ConformanceCase] = [
    ConformanceCase("A hundred walks while others write meet each object that stays exactly once") { bed in
      let xml = SampleModel.document(
        SampleModel.flight(
          SampleModel.field("number", "integer") + SampleModel.field("tail", "text"),
          tail: "<index on=\"number\"/><index on=\"tail,-number\"/>"))
      try await Scene.with(bed, xml) { scene in
        let model = try scene.model()
        let number = try model.column("number")
        let tail = try model.column("tail")
        for start in stride(from: 0, to: walked, by: 1000) {
          let steps = try (start..<start + 1000).map { index in
            WriteStep.create(
              model, .numbered(index),
              try model.row([
                "number": index % 7 == 0 ? .null : .integer(Int64(index % 90)), "tail": .text("\(index % 11)"),
              ]))
          }
          try await scene.write(steps)
          scene.clock.advance(byMilliseconds: 1000)
        }
        let sorts: [[SortKey]] = [
          [], [SortKey(column: .updatedAt, descending: true)], [SortKey(column: number, descending: false)],
          [SortKey(column: number, descending: true)],
          [SortKey(column: tail, descending: false), SortKey(column: number, descending: true)],
        ]
        let isOver = Signal()
        try await withThrowingTaskGroup(of: Void.self) { group in
          for writer in 1...writers {
            group.addTask {
              var random = SplitMix(seed: UInt64(writer))
              while !isOver.hasCome {
                _ = try await scene.store.write(
                  WritePlan(steps: step(by: writer, of: model, &random), origin: "password"))
                scene.clock.advance(byMilliseconds: 300)
                try await Task.sleep(for: .milliseconds(1))
              }
            }
          }
          defer { isOver.give() }
          for index in 0..<walkCount {
            try await walk(ReadPlan(model: model, sort: sorts[index % sorts.count], limit: 1000), in: scene)
          }
          isOver.give()
          try await group.waitForAll()
        }
      }
    }
  ]

  /// One of the others is created, changed or deleted.
  private static func step(by writer: Int, of model: StoredModel, _ random: inout SplitMix) -> [WriteStep] {
    let id = ObjectID.numbered(writer * 1_000_000 + Int.random(in: 0..<40, using: &random))
    let values: [StoredValue] = [
      random.once(in: 4) ? .null : .integer(Int64.random(in: 0..<90, using: &random)),
      .text("\(Int.random(in: 0..<11, using: &random))"),
    ]
    return [random.once(in: 3) ? .delete(model, id) : .put(model, id, values)]
  }

  private static func walk(_ plan: ReadPlan, in scene: Scene) async throws {
    var seen = [UInt8](repeating: 0, count: walked)
    var position: ListPosition?
    while true {
      let after = position
      // Each page is a snapshot of its own.
      let page = try await scene.store.read { snapshot in
        var ids: [ObjectID] = []
        var last: ListPosition?
        try snapshot.list(plan, after: after) { page in
          for row in 0..<page.count { ids.append(page.id(row, RowPage.Lead.id)) }
          last = ListPosition(of: page.count - 1, in: page, order: plan.order)
        }
        return (ids: ids, last: last)
      }
      for id in page.ids where id.low < walked { seen[Int(id.low)] &+= 1 }
      position = page.last
      if page.ids.count < plan.limit { break }
    }
    try require(seen.firstIndex { $0 != 1 }, is: nil, "the first object not met exactly once, sorted by \(plan.sort)")
  }
}
