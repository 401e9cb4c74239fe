import Storage
import Wire

extension StorageConformance {
  static let feeds: [ConformanceCase] = [
    ConformanceCase("A plan reads its range of the oplog, and says how far it came") { bed in
      try await Scene.with(bed) { scene in
        let flight = try scene.model()
        let airline = try scene.model("airline")
        // Flights at even indexes, airlines at odd ones.
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
          (
            SampleModel.document(
              SampleModel.flight(
                SampleModel.field("tail", "integer") + SampleModel.field("distance", "text")
                  + SampleModel.field("number", "number"))), "other types"
          ),
        ] {
          try await scene.deploy(xml)
          let model = try scene.model()
          let (entries, _) = try await scene.feed(OplogPlan(limit: 9))
          try require(entries.map(\.operation), is: [.create, .update, .delete], "operations under \(what)")
          for (entry, stored) in zip(entries, try await scene.oplog()) {
            try require(entry.id, is: stored.id, "the id under \(what)")
            try require(entry.updatedAt, is: stored.updatedAt, "the time under \(what)")
            try require(
              entry.values, are: model.row(of: stored.values), "values of the \(entry.operation) under \(what)")
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

    ConformanceCase("A wait for an entry ends when it is committed, and only then") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let store = scene.store
        let far = ContinuousClock.now + .seconds(60)
        let past = try await store.waitForEntry(from: 0, until: .now + .milliseconds(30))
        try require(past, is: .over, "a wait on an empty oplog")
        let waits = (0..<20).map { index in
          Task { try await store.waitForEntry(from: index < 10 ? 0 : Scene.start * 1024 + 1, until: far) }
        }
        try await Task.sleep(for: .milliseconds(30))
        try await scene.write(.create(model, .numbered(1), model.row()))
        for wait in waits.prefix(10) { try require(try await wait.value, is: .entry, "a wait for the first entry") }
        try await scene.write(.put(model, .numbered(1), model.row()))
        let unchanged = try await store.waitForEntry(
          from: Scene.start * 1024 + 1, until: .now + .milliseconds(30))
        try require(unchanged, is: .over, "a wait while a write changed nothing")
        try await scene.write(.delete(model, .numbered(1)))
        for wait in waits { try require(try await wait.value, is: .entry, "a wait for the second entry") }
        let there = try await store.waitForEntry(from: Scene.start * 1024 + 1, until: far)
        try require(there, is: .entry, "a wait for what is there")
        let next = try await store.read { try $0.nextSequence() }
        let cancelled = Task { try await store.waitForEntry(from: next, until: far) }
        cancelled.cancel()
        try require(try await cancelled.value, is: .over, "a cancelled wait")
        let woken = Task { try await store.waitForEntry(from: next, until: far) }
        while store.figures.waitingReaders == 0 { await Task.yield() }
        store.wakeWaits()
        try require(try await woken.value, is: .look, "a wait that was woken to look")
        let before = store.waitWakes
        store.wakeWaits()
        let missed = try await store.waitForEntry(from: next, until: far, since: before)
        try require(missed, is: .look, "a wait that began after it was woken")
        let ended = Task { try await store.waitForEntry(from: next, until: far) }
        store.endWaits()
        try require(try await ended.value, is: .over, "a wait that was ended")
        let late = try await store.waitForEntry(from: next, until: far)
        try require(late, is: .over, "a wait after the end")
      }
    },

    ConformanceCase("The feed keeps its id over reopening, and another store has another") { bed in
      let scene = try await Scene.open(on: bed)
      let feed = scene.store.feedID
      try require(feed.utf8.count >= 16, "the feed's id is \(feed)")
      let model = try scene.model()
      try await scene.write(.create(model, .numbered(1), model.row()))
      try await scene.store.tend()
      try await scene.write(.create(model, .numbered(2), model.row()))
      await scene.store.close()
      for _ in 0..<3 {
        let store = try await bed.reopen(clock: scene.clock)
        try require(store.feedID, is: feed, "the feed after reopening")
        await store.close()
      }
    },

    ConformanceCase("Trimming takes the oldest entries, says so, and never takes the last") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let none = try await scene.store.trimOplog(.before(.max))
        try require(none, is: OplogTrim(removed: 0, isDone: true), "trimming an empty oplog")
        // One each second.
        for number in 0..<10 {
          try await scene.write(.create(model, .numbered(number), model.row()))
          scene.clock.advance(byMilliseconds: 1000)
        }
        func at(_ number: Int64) -> Int64 { (Scene.start + number * 1000) * 1024 }
        let cuts: [(cut: OplogCut, kept: Int64, trimmed: Int64)] = [
          (.before(0), 0, 0), (.before(at(0)), 0, 0), (.before(at(0) + 1), 1, at(0)), (.before(at(3)), 3, at(2)),
          (.before(at(2)), 3, at(2)),
          // Of those from before 5.5 s the one at 5 s stays.
          (.olderThan(milliseconds: Scene.start + 5500), 5, at(4)),
          (.olderThan(milliseconds: Scene.start + 6000), 5, at(4)), (.olderThan(milliseconds: -1), 5, at(4)),
          (.olderThan(milliseconds: .max), 9, at(8)), (.before(.max), 9, at(8)),
        ]
        for (cut, kept, trimmed) in cuts {
          while try await !scene.store.trimOplog(cut).isDone {}
          let bounds = try await scene.store.read { try $0.oplogBounds() }
          try require(bounds, is: OplogBounds(kept: at(kept)...at(9), trimmed: trimmed), "bounds after \(cut)")
          let entries = try await scene.oplog().map(\.sequence)
          try require(entries, is: (kept...9).map(at), "entries after \(cut)")
        }
        try require(try await scene.count(model), is: 10, "objects")
        try await scene.write(.delete(model, .numbered(1)))
        try require(try await scene.oplog().map(\.sequence), is: [at(9), at(10)], "entries after another write")
      }
    },

    ConformanceCase("Trimming goes in parts, and keeps on after reopening") { bed in
      let scene = try await Scene.open(on: bed)
      let model = try scene.model()
      try await scene.write(try (0..<3000).map { .create(model, .numbered($0), try model.row()) })
      let first = try await scene.store.trimOplog(.before(.max))
      try require(!first.isDone && first.removed > 0, "one part took \(first)")
      await scene.store.close()
      let store = try await bed.reopen(clock: scene.clock)
      var removed = first.removed
      while true {
        let part = try await store.trimOplog(.before(.max))
        removed += part.removed
        if part.isDone { break }
      }
      try require(removed, is: 2999, "entries that were removed")
      let last = Scene.start * 1024 + 2999
      let bounds = try await store.read { try $0.oplogBounds() }
      try require(bounds, is: OplogBounds(kept: last...last, trimmed: last - 1), "bounds")
      await store.close()
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
