import Storage
import Wire

extension StorageConformance {
  /// Two nodes on one store.
  static let nodeBasics: [ConformanceCase] = [
    ConformanceCase("Nodes: what one writes the other reads, in one order, under one feed id") { bed in
      try await Scene.withNodes(bed) { here, there in
        let model = try here.model()
        try await here.write(.create(model, .numbered(1), model.row(["tail": .text("A")])))
        try await there.write(.create(model, .numbered(2), model.row()))
        try await there.write(model.patch(.numbered(1), ["tail": .text("B")]))
        try await here.write(.delete(model, .numbered(2)))
        for node in [here, there] {
          let entries = try await node.oplog()
          try require(entries.map(\.operation), is: [.create, .create, .update, .delete], "the oplog")
          try require(entries.map(\.sequence), is: entries.map(\.sequence).sorted(), "its order")
          try require(try await node.all(model).map { $0.values[1] }, is: [.text("B")], "the objects")
          try require(try await node.count(model), is: 1, "the count")
          let revision = try await node.store.read { try $0.revision() }
          try require(revision, is: Revision(sequence: entries.last?.sequence ?? 0, version: 1), "the revision")
        }
        try require(there.store.feedID, is: here.store.feedID, "the feed id")
      }
    },

    ConformanceCase("Nodes: who waits at one hears of what the other writes") { bed in
      try await Scene.withNodes(bed) { here, there in
        let model = try here.model()
        for (number, nodes) in [(here, there), (there, here), (here, there)].enumerated() {
          let next = try await nodes.1.store.read { max(try $0.nextSequence(), 1) }
          async let end = nodes.1.store.waitForEntry(from: next, until: .now + .seconds(20))
          try await Task.sleep(for: .milliseconds(20))
          try await nodes.0.write(.create(model, .numbered(number), model.row()))
          try require(try await end, is: .entry, "how wait \(number) ended")
          let entries = try await nodes.1.store.read { try $0.oplog(from: next, limit: 10) }
          try require(entries.map(\.id), is: [.numbered(number)], "what came")
        }
        // What is woken, and what is ended, is a node's own.
        there.store.endWaits()
        let end = try await there.store.waitForEntry(from: .max, until: .now + .seconds(20))
        try require(end, is: .over, "a wait at a node that goes down")
      }
    },

    ConformanceCase("Nodes: a lease is held by one of them, and the other's writes under it are refused") { bed in
      try await Scene.withNodes(bed) { here, there in
        let model = try here.model()
        let first = try await here.store.take(lease: "sweep", for: 1000, as: .numbered(1))
        let hold = try require(some: first, "a free lease")
        try require(
          try await there.store.take(lease: "sweep", for: 1000, as: .numbered(2)), is: nil, "a lease of the other")
        here.clock.advance(byMilliseconds: 2000)
        let second = try await there.store.take(lease: "sweep", for: 1000, as: .numbered(2))
        try require(second?.number, is: hold.number + 1, "the number of the next holder")
        var plan = WritePlan(steps: [.create(model, .numbered(1), try model.row())], origin: "job")
        plan.preconditions = [.lease(hold)]
        try await require(.leaseLost("sweep"), from: { _ = try await here.store.write(plan) }, "a late write")
        try require(try await there.count(model), is: 0, "objects")
      }
    },
  ]
}
