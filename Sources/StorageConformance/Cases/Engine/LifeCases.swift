import DataModel
import Storage
import Wire

extension StorageConformance {
  static let lives: [ConformanceCase] = [
    ConformanceCase("A closed store refuses everything, and may be closed again") { bed in
      let scene = try await Scene.open(on: bed)
      let model = try scene.model()
      try await scene.write(.create(model, .numbered(1), model.row()))
      await scene.store.close()
      try await require(.closed, from: { try await scene.write([.delete(model, .numbered(1))]) }, "a write")
      try await require(.closed, from: { _ = try await scene.count(model) }, "a read")
      try await require(.closed, from: { try await scene.deploy(SampleModel.flights) }, "a deploy")
      try await require(.closed, from: { _ = try await scene.store.indexes() }, "the indexes")
      await scene.store.close()
      let second = scene.store
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<5 { group.addTask { await second.close() } }
      }
    },

    ConformanceCase("Closing waits for writes that were taken, and they are there afterwards") { bed in
      let clock = HeldClock(milliseconds: Scene.start)
      let store = try await bed.create(
        SampleModel.read(SampleModel.flights), clock: clock, waitingWrites: nil)
      let model = try require(some: store.dataModel["flight"], "the model")
      let row = try model.row()
      clock.hold()
      let outcomes = await withTaskGroup(of: Result<String, any Error>.self) { group in
        for number in 0..<40 {
          group.addTask {
            do {
              let plan = WritePlan(steps: [.create(model, .numbered(number), row)], origin: "password")
              return .success(try await store.write(plan).steps.map(\.word).joined())
            } catch {
              return .failure(error)
            }
          }
        }
        try? await clock.waitForOne()
        group.addTask {
          await store.close()
          return .success("closed")
        }
        try? await Task.sleep(for: .milliseconds(20))
        clock.letGo()
        return await group.reduce(into: []) { $0.append($1) }
      }
      var created = 0
      for outcome in outcomes {
        switch outcome {
        case .success(let word): created += word == "created" ? 1 : 0
        // Those who came after the store began to close.
        case .failure(StorageError.closed): break
        case .failure(let error): throw error
        }
      }
      try require(created > 0, "no write was taken before the store closed")
      let again = try await bed.reopen(clock: clock)
      try require(
        try await again.read { try $0.count(model, .always) }, is: created, "objects, against outcomes")
      await again.close()
    },

    ConformanceCase("Each read and write shows in the use of a store, and what it does by itself does not") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let first = scene.store.use.calls
        try await scene.write(.create(model, .numbered(1), model.row()))
        let second = scene.store.use.calls
        try require(second != first, "a write is no call")
        _ = try await scene.store.read { try $0.count(model, .always) }
        let third = scene.store.use.calls
        try require(third != second, "a read is no call")
        for _ in 0..<2 { try await scene.store.tend() }
        try require(scene.store.use.calls, is: third, "the calls after tending")
      }
    },

    ConformanceCase("Closing waits for a read that runs, which still sees its snapshot") { bed in
      let scene = try await Scene.open(on: bed)
      let model = try scene.model()
      try await scene.write(.create(model, .numbered(1), model.row()))
      let hasBegun = Signal()
      let mayGoOn = Signal()
      let isClosed = Signal()
      async let found = scene.store.read { snapshot in
        let before = try snapshot.count(model, .always)
        hasBegun.give()
        try mayGoOn.block()
        return (before, try snapshot.states(ReadPlan(model: model, limit: 10)).count, isClosed.hasCome)
      }
      try await hasBegun.wait()
      async let closing: Void = {
        await scene.store.close()
        isClosed.give()
      }()
      try await Task.sleep(for: .milliseconds(50))
      mayGoOn.give()
      let (before, after, wasClosed) = try await found
      await closing
      try require([before, after], is: [1, 1], "what the read saw")
      try require(!wasClosed, "the store was closed under a running read")
    },

    ConformanceCase("A store that is opened again has everything, and goes on from there") { bed in
      let scene = try await Scene.open(on: bed)
      let model = try scene.model()
      try await scene.write([
        .create(model, .numbered(1), model.row(Samples.full)), .create(model, .numbered(2), model.row()),
        .create(model, .numbered(3), model.row()), .delete(model, .numbered(3)),
      ])
      let objects = try await scene.all(model)
      let entries = try await scene.oplog()
      let deployed = scene.store.dataModel
      let indexes = try await scene.store.indexes()
      await scene.store.close()

      let clock = ManualClock(milliseconds: Scene.start - 60_000)
      let again = Scene(store: try await bed.reopen(clock: clock), clock: clock)
      let found = again.store.dataModel
      try require(found.model.hash, is: deployed.model.hash, "the data model")
      try require(found.version, is: deployed.version, "its version")
      try require(found.deployedAt, is: deployed.deployedAt, "its time")
      try require(found.deployedBy, is: deployed.deployedBy, "who deployed")
      let same = try again.model()
      try require(same.number, is: model.number, "the number of the model")
      try require(same.columns.map(\.number), is: model.columns.map(\.number), "the numbers of its columns")
      try require(try await again.all(same), are: objects, "the objects")
      try require(try await again.oplog(), are: entries, "the oplog")
      try require(try await again.count(same), is: 2, "the count")
      let kept = try await again.store.indexes()
      try require(kept.flatMap(\.indexes), is: indexes.flatMap(\.indexes), "the indexes")

      // The newest object was deleted: its number is not given again, nor is a sequence.
      try await again.write(.create(same, .numbered(4), same.row()))
      let last = try require(some: try await again.all(same).last, "the new object")
      try require(last.row, is: 4, "its number in the order of creation")
      try require(last.sequence, is: (entries.last?.sequence ?? 0) + 1, "its sequence")
      await again.store.close()
    },

    ConformanceCase("The last of several deploys is in force after opening again") { bed in
      let scene = try await Scene.open(on: bed)
      try await scene.deploy(SampleModel.document(SampleModel.flight(SampleModel.field("a", "text"))))
      let latest = try await scene.store.deploy(
        SampleModel.read(SampleModel.document(SampleModel.flight(SampleModel.field("b", "text")))),
        by: Person(name: nil, email: "a@example.org"))
      await scene.store.close()
      let again = try await bed.reopen(clock: scene.clock)
      try require(again.dataModel.version, is: 3, "the version")
      try require(again.dataModel.model.hash, is: latest.model.hash, "the data model")
      try require(again.dataModel.deployedBy, is: latest.deployedBy, "who deployed")
      await again.close()
    },

    ConformanceCase("A full queue refuses at once and takes nothing back that it took") { bed in
      let waiting = 5
      let clock = HeldClock(milliseconds: Scene.start)
      let store = try await bed.create(
        SampleModel.read(SampleModel.flights), clock: clock, waitingWrites: waiting)
      let model = try require(some: store.dataModel["flight"], "the model")
      let row = try model.row()
      @Sendable func write(_ number: Int) async -> Result<String, any Error> {
        do {
          let plan = WritePlan(steps: [.create(model, .numbered(number), row)], origin: "password")
          return .success(try await store.write(plan).steps.map(\.word).joined())
        } catch {
          return .failure(error)
        }
      }
      clock.hold()
      let outcomes = await withTaskGroup(of: Result<String, any Error>.self) { group in
        group.addTask { await write(0) }
        try? await clock.waitForOne()
        for number in 1...40 { group.addTask { await write(number) } }
        // The refused come back while the writer is still held.
        var outcomes: [Result<String, any Error>] = []
        while outcomes.count < 40 - waiting, let outcome = await group.next() { outcomes.append(outcome) }
        clock.letGo()
        return await group.reduce(into: outcomes) { $0.append($1) }
      }
      var refused = 0
      for outcome in outcomes {
        switch outcome {
        case .success(let word): try require(word, is: "created", "an outcome")
        case .failure(StorageError.busy): refused += 1
        case .failure(let error): throw error
        }
      }
      try require(refused, is: 40 - waiting, "refused")
      try require(try await store.read { try $0.count(model, .always) }, is: 1 + waiting, "objects")
      try require(
        try await store.read { try $0.oplog(from: 0, limit: 100).count }, is: 1 + waiting, "oplog entries")
      await store.close()
    },
  ]
}
