import Storage
import Wire

extension StorageConformance {
  static let oplog: [ConformanceCase] = [
    ConformanceCase("Each change has one entry with its operation, state, origin and time") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let numbers = Dictionary(uniqueKeysWithValues: model.columns.map { ($0.name, $0.number) })
        try await scene.write([.create(model, .numbered(1), model.row(Samples.full))], origin: "token:import")
        scene.clock.advance(byMilliseconds: 2000)
        try await scene.write(.put(model, .numbered(1), model.row(["tail": .text("x")])))
        scene.clock.advance(byMilliseconds: 2000)
        try await scene.write(.delete(model, .numbered(1)))
        let entries = try await scene.oplog()
        try require(entries.map(\.operation), is: [.create, .update, .delete], "operations")
        try require(entries.map(\.origin), is: ["token:import", "password", "password"], "origins")
        try require(entries.map(\.model), is: Array(repeating: model.number, count: 3), "models")
        try require(entries.map(\.id), is: Array(repeating: .numbered(1), count: 3), "ids")
        let second = Scene.start / 1000
        try require(entries.map(\.updatedAt), is: [second, second + 2, second + 4], "times")
        let full = try model.row(Samples.full)
        try require(entries[0].values.map(\.column), is: model.columns.map(\.number), "columns of the create")
        try require(entries[0].values.map(\.value), are: full, "values of the create")
        for entry in entries[1...] {
          try require(
            entry.values.map(\.column), is: [numbers["tail"] ?? 0], "columns of the \(entry.operation)")
          try require(entry.values.map(\.value), are: [.text("x")], "values of the \(entry.operation)")
        }
      }
    },

    ConformanceCase("Sequences rise by the clock, and by one when it stands still or goes back") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try require(
          try await scene.store.read { try $0.nextSequence() }, is: 0, "the next sequence of an empty store")
        try await scene.write([
          .create(model, .numbered(1), model.row()), .create(model, .numbered(2), model.row()),
        ])
        scene.clock.advance(byMilliseconds: -60_000)
        try await scene.write(.create(model, .numbered(3), model.row()))
        scene.clock.set(milliseconds: 0)
        try await scene.write(.create(model, .numbered(4), model.row()))
        scene.clock.set(milliseconds: Scene.start + 1)
        try await scene.write(.create(model, .numbered(5), model.row()))
        let base = Scene.start * 1024
        let expected = [base, base + 1, base + 2, base + 3, base + 1024]
        try require(try await scene.oplog().map(\.sequence), is: expected, "sequences of the oplog")
        try require(try await scene.all(model).map(\.sequence), is: expected, "sequences of the objects")
        let next = try await scene.store.read { try $0.nextSequence() }
        try require(next, is: base + 1025, "the next sequence")
      }
    },

    ConformanceCase("A clock before 1970 gives sequences all the same") { bed in
      try await Scene.with(bed) { scene in
        scene.clock.set(milliseconds: -5000)
        let model = try scene.model()
        try await scene.write([
          .create(model, .numbered(1), model.row()), .create(model, .numbered(2), model.row()),
        ])
        try require(try await scene.oplog().map(\.sequence), is: [1, 2], "sequences")
      }
    },

    ConformanceCase("No write has a time before that of the last one, whatever the clock says") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write(.create(model, .numbered(1), model.row()))
        scene.clock.advance(byMilliseconds: -60_000)
        try await scene.write(.create(model, .numbered(2), model.row()))
        try require(
          try await scene.all(model).map(\.updatedAt), is: [Scene.start / 1000, Scene.start / 1000], "updated_at")
        try await scene.write(.delete(model, .numbered(2)))
        try require(try await scene.oplog().last?.updatedAt, is: Scene.start / 1000, "the deletion's time")
      }
    },

    ConformanceCase("The time of an object never decreases") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write(.create(model, .numbered(1), model.row()))
        var last = Scene.start / 1000
        for (index, step) in [-5000, 400, -900, 700, 10_000, -20_000].enumerated() {
          scene.clock.advance(byMilliseconds: Int64(step))
          try await scene.write(model.patch(.numbered(1), ["number": .integer(Int64(index))]))
          last = max(last, scene.clock.milliseconds() / 1000)
          try require(try await scene.all(model).map(\.updatedAt), is: [last], "after a step of \(step) ms")
        }
        scene.clock.set(milliseconds: 1)
        try await scene.write(.delete(model, .numbered(1)))
        try require(try await scene.oplog().last?.updatedAt, is: last, "the time of the deletion")
      }
    },

    ConformanceCase("A page of the oplog starts where it is asked to and ends at its limit") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write((1...9).map { .create(model, .numbered($0), try model.row()) })
        let base = Scene.start * 1024
        let table: [(start: Int64, limit: Int, expected: ClosedRange<Int64>?)] = [
          (0, 100, 0...8), (base, 3, 0...2), (base + 3, 2, 3...4), (base + 8, 5, 8...8), (base + 9, 5, nil),
          (0, 0, nil), (.max, 5, nil),
        ]
        for (start, limit, expected) in table {
          let found = try await scene.store.read { try $0.oplog(from: start, limit: limit).map(\.sequence) }
          try require(
            found, is: expected.map { $0.map { base + $0 } } ?? [], "from \(start), \(limit) entries")
        }
      }
    },
  ]
}
