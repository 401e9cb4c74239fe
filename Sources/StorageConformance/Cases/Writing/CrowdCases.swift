import Storage
import Wire

extension StorageConformance {
  static let crowds: [ConformanceCase] = [
    ConformanceCase("Many writers at once: what was acknowledged is there, and outcomes tell the truth") {
      bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        // Everybody creates an object of their own, and one that all want.
        let outcomes = try await withThrowingTaskGroup(of: [String].self) { group in
          for writer in 1...200 {
            group.addTask {
              let own = try model.row(["number": .integer(Int64(writer))])
              return try await scene.write([
                .create(model, .numbered(writer), own), .create(model, .numbered(0), own),
                try model.patch(.numbered(writer), ["tail": .text("done")]), .delete(model, .numbered(4711)),
              ]).map(\.word)
            }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        try require(Set(outcomes.map { $0[0] }), is: ["created"], "outcomes of the own objects")
        try require(outcomes.count { $0[1] == "created" }, is: 1, "creators of the one object")
        try require(outcomes.count { $0[1] == "id in use" }, is: 199, "those who came too late")
        try require(Set(outcomes.map { $0[2] }), is: ["updated"], "outcomes of the patches")
        let objects = try await scene.all(model)
        try require(Set(objects.map(\.id)), is: Set((0...200).map { .numbered($0) }), "objects")
        try require(objects.map(\.row), is: (1...201).map { Int64($0) }, "numbers in the order of creation")
        try require(try await scene.count(model), is: 201, "the count")
        let sequences = try await scene.oplog().map(\.sequence)
        try require(sequences, is: (0..<401).map { Scene.start * 1024 + $0 }, "sequences")
      }
    },

    ConformanceCase("Plans that gathered while the writer was busy are all done") { bed in
      let clock = HeldClock(milliseconds: Scene.start)
      let store = try await bed.create(
        SampleModel.read(SampleModel.flights), clock: clock, waitingWrites: nil)
      let model = try require(some: store.dataModel["flight"], "the model")
      let scene = Scene(store: store, clock: ManualClock())
      let row = try model.row()
      clock.hold()
      let words = try await withThrowingTaskGroup(of: [String].self) { group in
        for number in 0..<600 {
          group.addTask {
            // Every third undoes itself; every other third is large.
            let ids = number % 3 == 1 ? (0..<50).map { number * 100 + $0 } : [number * 100]
            var steps: [WriteStep] = ids.map { .create(model, .numbered($0), row) }
            if number % 3 == 0 { steps.append(.refused) }
            return try await scene.write(steps, .atomic).map(\.word)
          }
        }
        try await clock.waitForOne()
        try await Task.sleep(for: .milliseconds(50))
        clock.letGo()
        return try await group.reduce(into: []) { $0 += $1 }
      }
      try require(words.count { $0 == "created" }, is: 200 * 51, "created")
      try require(words.count { $0 == "skipped" }, is: 200, "undone")
      try require(try await scene.count(model), is: 200 * 51, "the count")
      try require(try await scene.all(model).map(\.row), is: (1...200 * 51).map { Int64($0) }, "numbers")
      try require(try await scene.oplog().count, is: 200 * 51, "oplog entries")
      await store.close()
    },

    ConformanceCase("Snapshots under writers agree with the oplog, and a follower misses nothing") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let isDone = Signal()
        async let followed = follow(scene, until: isDone)
        async let looked: Void = look(scene, model, until: isDone)
        try await withThrowingTaskGroup(of: Void.self) { group in
          for writer in 0..<4 {
            group.addTask {
              var random = RandomPlans(models: [model], seed: UInt64(writer))
              for _ in 0..<120 { _ = try await scene.store.write(try random.plan()) }
            }
          }
          try await group.waitForAll()
        }
        isDone.give()
        try await looked
        try require(try await followed, is: try await scene.oplog().map(\.sequence), "what the follower saw")
      }
    },
  ]

  /// Reads the oplog page by page as a client does, until it has all after the writers are done.
  private static func follow(_ scene: Scene, until isDone: Signal) async throws -> [Int64] {
    var seen: [Int64] = []
    while true {
      let wasDone = isDone.hasCome
      let start = (seen.last ?? 0) + 1
      let page = try await scene.store.read { try $0.oplog(from: start, limit: 7).map(\.sequence) }
      seen += page
      if page.isEmpty, wasDone { return seen }
    }
  }

  /// Holds each of many snapshots to its own part of the oplog.
  private static func look(_ scene: Scene, _ model: StoredModel, until isDone: Signal) async throws {
    while !isDone.hasCome {
      try await scene.store.read { snapshot in
        let next = try snapshot.nextSequence()
        var states: [ObjectID: (sequence: Int64, values: [StoredValue])] = [:]
        for entry in try snapshot.oplog(from: 0, limit: 1_000_000) {
          try require(
            entry.sequence < next, "entry \(entry.sequence) lies beyond the snapshot, which ends at \(next)")
          states[entry.id] = entry.operation == .delete ? nil : (entry.sequence, entry.values.map(\.value))
        }
        let objects = try snapshot.states(ReadPlan(model: model, limit: 1_000_000))
        try require(objects.count, is: states.count, "objects, against the oplog")
        try require(try snapshot.count(model, .always), is: objects.count, "the count")
        for object in objects {
          let entry = try require(some: states[object.id], "the last entry of \(object.id)")
          try require(object.sequence, is: entry.sequence, "the sequence of \(object.id)")
          try require(object.values.filter { !$0.isNull }, are: entry.values, "the values of \(object.id)")
        }
      }
    }
  }
}
