import Storage
import Wire

extension StorageConformance {
  /// Nodes whose clocks differ.
  static let nodeTimes: [ConformanceCase] = [
    ConformanceCase("Nodes: a clock that is 10 s slow hides no change from who polls by the time of the last one") {
      bed in
      try await Scene.withNodes(bed, millisecondsBehind: 10_000) { here, there in
        let model = try here.model()
        try await here.write(try (0..<3).map { .create(model, .numbered($0), try model.row()) })
        // What a client has seen, which asks for objects from its latest time on.
        var seen = Scene.start / 1000
        for round in 0..<12 {
          // Twice at the node whose clock is slow, once at the other.
          let (node, other) = round % 3 == 0 ? (here, there) : (there, here)
          let id = ObjectID.numbered(round % 3)
          let outcome = try await node.write(model.patch(id, ["number": .integer(Int64(round))]))
          guard case .updated(let state?) = outcome else {
            throw ConformanceFailure("round \(round) gave \(outcome)")
          }
          try require(state.updatedAt >= seen, "round \(round) was written at \(state.updatedAt), before \(seen)")
          let found = try await other.all(model).filter { $0.updatedAt >= seen }
          try require(
            found.first { $0.id == id }?.values[0], is: .integer(Int64(round)), "what is polled after round \(round)")
          seen = found.map(\.updatedAt).max() ?? seen
          try require(seen <= here.clock.milliseconds() / 1000, "after round \(round) it is \(seen), of no clock")
          for clock in [here.clock, there.clock] { clock.advance(byMilliseconds: 700) }
        }
        let entries = try await there.oplog()
        try require(entries.map(\.sequence), is: entries.map(\.sequence).sorted(), "the order of sequences")
        try require(entries.map(\.updatedAt), is: entries.map(\.updatedAt).sorted(), "the order of times")
        for entry in entries {
          try require(
            entry.updatedAt, is: (entry.sequence >> 10) / 1000, "the time of the entry \(entry.sequence)")
        }
      }
    }
  ]
}
