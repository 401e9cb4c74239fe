import Storage
import Wire

extension StorageConformance {
  private struct OwnError: Error {}

  static let snapshots: [ConformanceCase] = [
    ConformanceCase("A read in progress sees nothing of later writes, and holds none of them up") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let number = try model.column("number")
        try await scene.write(
          (1...3).map { .create(model, .numbered($0), try model.row(["number": .integer(1)])) })
        let hasBegun = Signal()
        let isWritten = Signal()
        async let views = scene.store.read { snapshot in
          func view() throws -> [String] {
            [
              "\(try snapshot.nextSequence())", "\(try snapshot.count(model, .always))",
              "\(try snapshot.count(model, .equal(number, .integer(1))))",
              "\(try snapshot.states(ReadPlan(model: model, limit: 100)))",
              "\(try snapshot.object(model, .numbered(1))?.states ?? [])",
              "\(try snapshot.object(model, .numbered(4))?.states ?? [])",
              "\(try snapshot.objects(model, ids: [.numbered(1), .numbered(2), .numbered(4)], columns: []).flatMap(\.states))",
              "\(try snapshot.oplog(from: 0, limit: 100).map(\.sequence))",
            ]
          }
          let before = try view()
          hasBegun.give()
          try isWritten.block()
          return (before: before, after: try view())
        }
        try await hasBegun.wait()
        try await scene.write([
          try model.patch(.numbered(1), ["number": .integer(2)]), .delete(model, .numbered(2)),
          .create(model, .numbered(4), model.row()),
        ])
        isWritten.give()
        let found = try await views
        try require(found.after, is: found.before, "the same snapshot, later")
        try require(try await scene.oplog().count, is: 6, "oplog entries in a new snapshot")
      }
    },

    ConformanceCase("A read never waits for a writer in the middle of its transaction") { bed in
      let clock = HeldClock(milliseconds: Scene.start)
      let store = try await bed.create(
        SampleModel.read(SampleModel.flights), clock: clock, waitingWrites: nil)
      let model = try require(some: store.dataModel["flight"], "the model")
      clock.hold()
      let plan = WritePlan(steps: [.create(model, .numbered(1), try model.row())], origin: "password")
      async let outcome = store.write(plan)
      try await clock.waitForOne()
      let count = try await store.read { try $0.count(model, .always) }
      clock.letGo()
      try require(count, is: 0, "objects while the writer works")
      try require(try await outcome.steps.map(\.word), is: ["created"], "the outcome")
      try require(try await store.read { try $0.count(model, .always) }, is: 1, "objects after it")
      await store.close()
    },

    ConformanceCase("What a reading closure throws comes out, and the store reads on") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write((1...3).map { .create(model, .numbered($0), try model.row()) })
        for index in 0..<30 {
          do {
            try await scene.store.read { snapshot in
              try snapshot.list(ReadPlan(model: model, limit: 10)) { _ in throw OwnError() }
            }
            throw ConformanceFailure("an error in a page was swallowed")
          } catch is OwnError {}
          do {
            _ = try scene.store.readAtOnce { snapshot in
              _ = try snapshot.object(model, .numbered(1))
              throw OwnError()
            }
          } catch is OwnError {}
          try require(try await scene.all(model).count, is: 3, "the list after failure \(index)")
        }
      }
    },

    ConformanceCase("A point read at once agrees with the list") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write(.create(model, .numbered(1), model.row(Samples.full)))
        let expected = try await scene.all(model)
        // Where no reader is free there is no answer, and that is right too.
        if let found = try scene.store.readAtOnce({ try $0.object(model, .numbered(1))?.states ?? [] }) {
          try require(found, are: expected, "the object")
        }
        let missing = try scene.store.readAtOnce { try $0.object(model, .numbered(2)) == nil }
        try require(missing ?? true, "an object that is not there was found")
      }
    },

    ConformanceCase("A snapshot can be asked anything while a list of it is being read") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let text = String(repeating: "x", count: 400_000)
        try await scene.write(
          (0..<9).map { .create(model, .numbered($0), try model.row(["tail": .text(text)])) })
        let plan = ReadPlan(
          model: model, predicate: .isNotNull(try model.column("tail")),
          sort: [SortKey(column: .updatedAt, descending: true)], limit: 1000)
        let found = try await scene.store.read { snapshot in
          var outer: [ObjectID] = []
          var inner: [Int] = []
          try snapshot.list(plan) { page in
            for row in 0..<page.count { outer.append(page.id(row, RowPage.Lead.id)) }
            inner.append(try snapshot.states(plan).count)
            inner.append(try snapshot.count(model, plan.predicate))
            inner.append(
              try snapshot.objects(model, ids: outer, columns: [0]).flatMap(\.states).count == outer.count ? 9 : 0)
            inner.append(try snapshot.object(model, .numbered(1))?.count == 1 ? 9 : 0)
          }
          return (outer: outer, inner: inner)
        }
        try require(found.outer, is: (0..<9).reversed().map { .numbered($0) }, "the list")
        try require(Set(found.inner), is: [9], "what was read between its pages")
      }
    },
  ]
}
