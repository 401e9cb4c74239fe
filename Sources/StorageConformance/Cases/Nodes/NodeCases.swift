import DataModel
import Storage
import Wire

// Two nodes on one store (design.md section 5, "For many nodes").

extension StorageConformance {
  private static func document(_ fields: (String, FieldType)...) -> String {
    SampleModel.document(SampleModel.flight(fields.map { SampleModel.field($0.0, $0.1) }.joined()))
  }

  static let nodes: [ConformanceCase] = [
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

    ConformanceCase("Nodes: a deploy at one refuses what the other planned before, which then plans anew") { bed in
      // the other node                         | the node that deploys
      // plans under a: text                    |
      //                                        | a: integer
      // writes; refused                        |
      // plans under a: integer, writes         |
      try await Scene.withNodes(bed, document(("a", .text))) { here, there in
        var version = 1
        for (type, value, nodes) in [
          (FieldType.integer, StoredValue.integer(7), (here, there)), (.number, .real(0.5), (there, here)),
          (.text, .text("x"), (here, there)),
        ] {
          let (deploying, other) = nodes
          // As of before, whatever the node has heard by now.
          let old = try other.model()
          try await deploying.deploy(document(("a", type)))
          version += 1
          let stale = WriteStep.create(old, .numbered(version), [.null])
          try await require(.replan(version: version), from: { try await other.write(stale) }, "a write")
          try require(other.store.dataModel.version, is: version, "what the refused node knows")
          try await require(.replan(version: version), from: { _ = try await other.all(old) }, "a read")
          let word = try await other.planning { try await other.write(.create($0, .numbered(version), [value])).word }
          try require(word, is: "created", "planned anew")
          let found = try await deploying.planning { try await deploying.state(.numbered(version), of: $0)?.values }
          try require(found ?? [], are: [value], "at the node that deployed")
        }
        try require(try await there.oplog().count, is: 3, "entries")
      }
    },

    ConformanceCase("Nodes: a read alone tells a node of another's deploy") { bed in
      try await Scene.withNodes(bed, document(("a", .text))) { here, there in
        try await here.deploy(document(("b", .text), ("a", .text)))
        let new = try here.model()
        try await here.write(.create(new, .numbered(1), [.text("b"), .text("a")]))
        let values = try await there.planning { try await there.all($0)[0].values }
        try require(values, are: [.text("b"), .text("a")], "the object")
      }
    },

    ConformanceCase("Nodes: of deploys that compare on one version one switches, and the others begin again") { bed in
      try await Scene.withNodes(bed, document(("a", .text))) { here, there in
        let documents = (0..<8).map { document(("a", .text), ("f\($0)", .integer)) }
        let versions = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
          for (number, xml) in documents.enumerated() {
            let store = number % 2 == 0 ? here.store : there.store
            group.addTask { (try await store.deploy(try SampleModel.read(xml), by: nil).version, number) }
          }
          return try await group.reduce(into: [Int: Int]()) { $0[$1.0] = $1.1 }
        }
        try require(versions.keys.sorted(), is: Array(2...9), "versions, each of one deploy")
        for node in [here, there] {
          try require(try await node.store.deploys().map(\.version), is: Array((1...9).reversed()), "the history")
          for (version, number) in versions {
            let found = try await node.store.document(ofDeploy: version)
            try require(found ?? [], is: Array(documents[number].utf8), "the document of deploy \(version)")
          }
          // The last one is in force, with what it declares and nothing else.
          let last = try require(some: versions[9], "the last deploy")
          let names = try await node.planning { model in
            _ = try await node.all(model)
            return model.columns.map(\.name)
          }
          try require(names, is: ["a", "f\(last)"], "the data model in force")
        }
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
