import Storage
import Wire

extension StorageConformance {
  /// Writes that come in at two nodes.
  static let nodeWrites: [ConformanceCase] = [
    ConformanceCase("Nodes: random plans given to either agree with the plain reading of the contract at both") { bed in
      try await Scene.withNodes(bed) { here, there in
        let models = [try here.model(), try here.model("airline")]
        var random = RandomPlans(models: models, seed: 20_130_201)
        var reference = ReferenceStore()
        for round in 0..<120 {
          let plan = try random.plan(after: reference.oplog)
          let (node, other) = round % 3 == 0 ? (here, there) : (there, here)
          here.clock.advance(byMilliseconds: random.clockStep())
          let expected = reference.write(plan, atMilliseconds: here.clock.milliseconds())
          try require(try await node.store.write(plan).steps, are: expected, "round \(round), outcomes of \(plan)")
          try await other.check(reference, models: models, "round \(round), at the other node after \(plan)")
        }
      }
    },

    ConformanceCase("Nodes: of many that want one id at both at once one gets it, and each has its own number") { bed in
      try await Scene.withNodes(bed) { here, there in
        let model = try here.model()
        let words = try await withThrowingTaskGroup(of: [String].self) { group in
          for writer in 1...100 {
            let node = writer % 2 == 0 ? here : there
            group.addTask {
              try await node.write([
                .create(model, .numbered(writer), try model.row()), .create(model, .numbered(0), try model.row()),
              ]).map(\.word)
            }
          }
          return try await group.reduce(into: []) { $0 += $1 }
        }
        try require(words.count { $0 == "created" }, is: 101, "objects that were created")
        try require(words.count { $0 == "id in use" }, is: 99, "those who came too late")
        for node in [here, there] {
          try require(try await node.all(model).map(\.row), is: (1...101).map { Int64($0) }, "the order of creation")
          try require(try await node.count(model), is: 101, "the count")
          let sequences = try await node.oplog().map(\.sequence)
          try require(Set(sequences).count, is: 101, "different sequences")
          try require(sequences, is: sequences.sorted(), "their order")
        }
      }
    },

    ConformanceCase("Nodes: of writes that both make from one sequence at once one is done, and the others are stale") {
      bed in
      try await Scene.withNodes(bed) { here, there in
        let model = try here.model()
        try await here.write(.create(model, .numbered(1), try model.row()))
        var sequence = try require(some: try await there.state(.numbered(1), of: model)?.sequence, "the sequence")
        let patch = try model.patch(.numbered(1), ["number": .integer(-1)])
        try require(try await there.write(patch, if: .sequence(among: [sequence])).word, is: "updated", "the first")
        let late = try await here.write(.delete(model, .numbered(1)), if: .sequence(among: [sequence]))
        sequence = try require(some: try await here.state(.numbered(1), of: model)?.sequence, "the new sequence")
        try require([late], are: [.stale(sequence: sequence)], "a write at the other from the old sequence")
        for round in 0..<10 {
          let old = sequence
          async let ours = here.crowd(of: 10, on: .numbered(1), of: model, from: old, round: 2 * round)
          async let theirs = there.crowd(of: 10, on: .numbered(1), of: model, from: old, round: 2 * round + 1)
          let outcomes = try await ours + theirs
          try require(outcomes.count { $0.word == "updated" }, is: 1, "those who were done in round \(round)")
          sequence = try require(some: try await there.state(.numbered(1), of: model)?.sequence, "the sequence")
          let stale = outcomes.filter { $0.word == "stale" }
          try require(stale, are: [StepOutcome](repeating: .stale(sequence: sequence), count: 19), "the others")
        }
      }
    },

    ConformanceCase("Nodes: a state version that one showed ends when the other writes") { bed in
      try await Scene.withNodes(bed) { here, there in
        let (flight, airline) = (try here.model(), try here.model("airline"))
        try await here.write(.create(airline, .numbered(1), try airline.row(["name": .text("A")])))
        var seen: Set<Int> = []
        for (round, nodes) in [(here, there), (there, here), (here, there), (there, here)].enumerated() {
          let (writing, other) = nodes
          func stateVersion() async throws -> Int? { try await other.store.read { $0.stateVersion(of: airline) } }
          let before = try await stateVersion()
          try await writing.write(.create(flight, .numbered(round), try flight.row()))
          try require(try await stateVersion(), is: before, "after a write to another model")
          try await writing.write(try airline.patch(.numbered(1), ["name": .text("\(round)")]))
          let name = try await other.state(.numbered(1), of: airline)?.values[0]
          try require(name, is: .text("\(round)"), "what the other node shows")
          guard let now = try await stateVersion() else { continue }
          try require(now != before && seen.insert(now).inserted, "after a write the state version \(now) came again")
        }
      }
    },

    ConformanceCase("Nodes: what one trims is gone at the other, which says how far the oplog reaches") { bed in
      try await Scene.withNodes(bed) { here, there in
        let model = try here.model()
        try await here.write(try (0..<10).map { .create(model, .numbered($0), try model.row()) })
        let entries = try await there.oplog().map(\.sequence)
        var isDone = false
        while !isDone { isDone = try await there.store.trimOplog(.before(entries[6])).isDone }
        for node in [here, there] {
          let bounds = try await node.store.read { try $0.oplogBounds() }
          try require(bounds, is: OplogBounds(kept: entries[6]...entries[9], trimmed: entries[5]), "how far it reaches")
          try require(try await node.oplog().map(\.sequence), is: Array(entries[6...]), "the entries")
        }
      }
    },
  ]
}
