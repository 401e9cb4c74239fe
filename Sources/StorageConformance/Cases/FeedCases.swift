import Storage
import Wire

extension StorageConformance {
  static let feeds: [ConformanceCase] = [
    ConformanceCase("A plan reads its range of the oplog, and says how far it came") { bed in
      try await Scene.with(bed) { scene in
        let flight = try scene.model()
        let airline = try scene.model("airline")
        // Flights at even places, airlines at odd ones.
        try await scene.write(
          try (0..<10).map {
            $0 % 2 == 0
              ? .create(flight, .numbered($0), try flight.row())
              : .create(airline, .numbered($0), try airline.row())
          })
        let base = Scene.start * 1024
        let flights: Set<Int> = [flight.number]
        let table: [(plan: OplogPlan, found: [Int64], reach: OplogReach)] = [
          (OplogPlan(limit: 20), Array(0...9), OplogReach(last: base + 9, hasMore: false, examined: 10)),
          (OplogPlan(limit: 3), [0, 1, 2], OplogReach(last: base + 2, hasMore: true, examined: 3)),
          (OplogPlan(limit: 10), Array(0...9), OplogReach(last: base + 9, hasMore: false, examined: 10)),
          (
            OplogPlan(start: base + 2, end: base + 4, limit: 9), [2, 3],
            OplogReach(last: base + 3, hasMore: false, examined: 2)
          ),
          (
            OplogPlan(start: base + 2, end: base + 4, limit: 1), [2],
            OplogReach(last: base + 2, hasMore: true, examined: 1)
          ),
          (OplogPlan(start: base + 10, limit: 9), [], OplogReach(last: nil, hasMore: false, examined: 0)),
          (OplogPlan(start: base + 4, end: base + 4, limit: 9), [], OplogReach(last: nil, hasMore: false, examined: 0)),
          (
            OplogPlan(limit: 2, models: flights), [0, 2], OplogReach(last: base + 2, hasMore: true, examined: 3)
          ),
          (
            OplogPlan(start: base + 9, limit: 2, models: flights), [],
            OplogReach(last: base + 9, hasMore: false, examined: 1)
          ),
          (OplogPlan(limit: 9, models: []), [], OplogReach(last: base + 9, hasMore: false, examined: 10)),
          (
            OplogPlan(limit: 9, models: flights, examined: 4), [0, 2],
            OplogReach(last: base + 3, hasMore: true, examined: 4)
          ),
          (OplogPlan(limit: 2, isTail: true), [8, 9], OplogReach(last: base + 9, hasMore: false, examined: 2)),
          (
            OplogPlan(limit: 2, models: flights, isTail: true), [6, 8],
            OplogReach(last: base + 9, hasMore: false, examined: 4)
          ),
          (
            OplogPlan(end: base + 5, limit: 2, isTail: true), [3, 4],
            OplogReach(last: base + 4, hasMore: false, examined: 2)
          ),
          (
            OplogPlan(limit: 9, models: flights, examined: 3, isTail: true), [8],
            OplogReach(last: base + 9, hasMore: false, examined: 3)
          ),
        ]
        for (plan, found, reach) in table {
          let (entries, reached) = try await scene.feed(plan)
          try require(entries.map(\.sequence), is: found.map { base + $0 }, "the entries of \(plan)")
          try require(reached, is: reach, "how far \(plan) came")
        }
      }
    },

    ConformanceCase("A plan gives each state by the columns of the model of now") { bed in
      try await Scene.with(bed) { scene in
        let before = try scene.model()
        try await scene.write([.create(before, .numbered(1), before.row(Samples.full))], origin: "token:import")
        try await scene.write(before.patch(.numbered(1), ["number": .null, "tail": .text("ü")]))
        try await scene.write(.delete(before, .numbered(1)))
        for (xml, what) in [
          (SampleModel.flights, "the same model"),
          (
            SampleModel.document(
              SampleModel.flight(
                SampleModel.field("new", "text") + SampleModel.field("distance", "number")
                  + SampleModel.field("tail", "text") + SampleModel.field("number", "integer"))),
            "another order, and fewer fields"
          ),
          (SampleModel.document(SampleModel.flight(SampleModel.field("tail", "integer"))), "another type"),
        ] {
          try await scene.deploy(xml)
          let model = try scene.model()
          let (entries, _) = try await scene.feed(OplogPlan(limit: 9))
          try require(entries.map(\.operation), is: [.create, .update, .delete], "operations under \(what)")
          let known = Dictionary(uniqueKeysWithValues: model.columns.map { ($0.number, $0) })
          for (entry, stored) in zip(entries, try await scene.oplog()) {
            try require(entry.id, is: stored.id, "the id under \(what)")
            try require(entry.updatedAt, is: stored.updatedAt, "the time under \(what)")
            var row = [StoredValue](repeating: .null, count: model.columns.count)
            for (number, value) in stored.values {
              if let column = known[number], let place = model.position(of: column.name) { row[place] = value }
            }
            try require(entry.values, are: row, "values of the \(entry.operation) under \(what)")
          }
        }
        try await scene.deploy(
          SampleModel.document(
            "<model name=\"airline\" label=\"A\"><field name=\"name\" label=\"N\" type=\"text\"/><display>A</display></model>"
          ))
        let (entries, _) = try await scene.feed(OplogPlan(limit: 9))
        try require(entries.map(\.values.count), is: [0, 0, 0], "columns of a model that is not deployed")
        let names = try await scene.store.read { try $0.modelNames() }
        try require(entries.map { names[$0.model] }, is: ["flight", "flight", "flight"], "its name")
      }
    },

    ConformanceCase("The oplog says what it holds") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let empty = try await scene.store.read { try $0.oplogBounds() }
        try require(empty, is: OplogBounds(kept: nil, trimmed: 0), "bounds of an empty oplog")
        try await scene.write(try (1...3).map { .create(model, .numbered($0), try model.row()) })
        let base = Scene.start * 1024
        let bounds = try await scene.store.read { try $0.oplogBounds() }
        try require(bounds, is: OplogBounds(kept: base...base + 2, trimmed: 0), "bounds")
      }
    },
  ]
}

extension Scene {
  struct FeedEntry: Sendable {
    var sequence: Int64
    var operation: OplogEntry.Operation
    var model: Int
    var id: ObjectID
    var updatedAt: Int64
    var values: [StoredValue]
  }

  /// What a plan hands out, under the data model in force.
  func feed(_ plan: OplogPlan) async throws -> ([FeedEntry], OplogReach) {
    let model = store.dataModel
    return try await store.read { snapshot in
      var entries: [FeedEntry] = []
      let reach = try snapshot.oplog(plan, under: model) { page in
        for entry in page.entries {
          let group = page.groups[entry.group]
          let state = group.rows.states[entry.row]
          try require(state.sequence, is: entry.sequence, "the sequence in a row")
          entries.append(
            FeedEntry(
              sequence: entry.sequence, operation: entry.operation, model: group.number, id: state.id,
              updatedAt: state.updatedAt, values: state.values))
        }
      }
      return (entries, reach)
    }
  }
}
