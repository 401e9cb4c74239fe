import DataModel
import Storage
import Wire

// Indexes over many objects, the history, and deploys that are only tried.

extension StorageConformance {
  static let deployedIndexes: [ConformanceCase] = [
    ConformanceCase("An index over many objects is built after the deploy, and lists are right all the while") { bed in
      try await Scene.with(bed, numbered()) { scene in
        try await fill(scene)
        try await scene.deploy(numbered("<index on=\"-number\"/><index on=\"tail\"/>"))
        let model = try scene.model()
        let first = try await highest(scene, model)
        try await waitForIndexes(scene)
        try require(try await highest(scene, model), are: first, "the list with its index")
        try require(try await scene.store.pendingIndexes(), is: [], "what is left to build")
        // The same under another type: the index on the numbers goes, one on the texts comes.
        try await scene.deploy(numbered("<index on=\"-number\"/>", type: "text"))
        let texts = try await highest(scene, try scene.model())
        try require(texts.first?.values[0] ?? .null, is: .text("999"), "the highest as a text")
        try await waitForIndexes(scene)
        try require(try await highest(scene, try scene.model()), are: texts, "the list of texts with its index")
        try await scene.deploy(numbered("<index on=\"-number\"/>"))
        try await waitForIndexes(scene)
        try require(try await highest(scene, try scene.model()), are: first, "the list under the first type")
      }
    },

    ConformanceCase("Queries are counted at the index that serves them, from when it is there") { bed in
      try await Scene.with(bed, numbered("<index on=\"tail\"/>")) { scene in
        try await fill(scene)
        let model = try scene.model()
        func used(_ name: String) async throws -> Int? {
          let indexes = try await scene.store.indexes().first?.indexes ?? []
          return indexes.first { $0.name == name }?.usage?.queries
        }
        guard let before = try await used("tail") else { return }  // an engine may not count
        let tail = ReadPlan(model: model, predicate: .equal(try model.column("tail"), .text("N7")), limit: 10)
        for _ in 0..<3 { _ = try await scene.list(tail) }
        try require(try await used("tail"), is: before + 3, "uses of the index on tails")
        let ids = try await used("id") ?? 0
        for number in 0..<5 { _ = try await scene.state(.numbered(number), of: model) }
        try require(try await used("id"), is: ids + 5, "uses of the index on ids")
        try require(try await used("tail"), is: before + 3, "uses of the index on tails after that")
        // The same list again, in the order of an index that came later.
        let order = [SortKey(column: try model.column("number"), descending: true)]
        _ = try await scene.list(ReadPlan(model: model, sort: order, limit: 10))
        try await scene.deploy(numbered("<index on=\"tail\"/><index on=\"-number\" name=\"late\"/>"))
        try await waitForIndexes(scene)
        let deployed = try scene.model()
        for _ in 0..<2 { _ = try await highest(scene, deployed) }
        try require(try await used("late"), is: 2, "uses of the index that came later")
      }
    },

    ConformanceCase("What lists cost is told in rows and indexes, where an engine counts") { bed in
      try await Scene.with(bed, numbered("<index on=\"tail\"/>")) { scene in
        try await fill(scene)
        try await waitForIndexes(scene)
        let model = try scene.model()
        let (tail, number) = (try model.column("tail"), try model.column("number"))
        let some = Predicate.equal(tail, .text("N7"))
        let table: [(ReadPlan, rows: Int, indexes: [String])] = [
          (ReadPlan(model: model, limit: 5), 5, []),
          (ReadPlan(model: model, predicate: some, limit: 1000), objects / 100, ["tail"]),
          (ReadPlan(model: model, predicate: .equal(number, .integer(-1)), limit: 5), objects, []),
          (
            ReadPlan(model: model, predicate: .all([some, .equal(number, .integer(7))]), limit: 5), objects / 100,
            ["tail"]
          ),
        ]
        for (plan, rows, indexes) in table {
          let plain = try await scene.list(plan).map(\.id)
          let (found, cost) = try await scene.store.read { snapshot in
            let examined = try snapshot.examined { try snapshot.states(plan).map(\.id) }
            return (examined.result, examined.cost)
          }
          try require(found, is: plain, "a list that is examined")
          guard let cost else { continue }  // an engine may not count
          try require(cost, is: ReadCost(rows: rows, indexes: indexes), "the cost of \(plan.predicate)")
        }
        let none = try await scene.store.read { snapshot in
          _ = try snapshot.states(table[0].0)
          return try snapshot.examined { _ = try snapshot.count(model, some) }.cost
        }
        try require(none ?? ReadCost(), is: ReadCost(), "the cost of no list")
      }
    },

    ConformanceCase("An index that was not built before the store closed is built when it opens") { bed in
      let scene = try await Scene.open(on: bed, numbered())
      try await fill(scene)
      try await scene.deploy(numbered("<index on=\"-number\"/><index on=\"tail\"/><index on=\"tail,number\"/>"))
      await scene.store.close()
      let again = Scene(store: try await bed.reopen(clock: scene.clock), clock: scene.clock)
      try await waitForIndexes(again)
      try require(try await again.count(try again.model()), is: objects, "objects")
      await again.store.close()
    },

    ConformanceCase("Writes go on while indexes are built") { bed in
      try await Scene.with(bed, numbered()) { scene in
        try await fill(scene)
        try await scene.deploy(numbered("<index on=\"-number\"/><index on=\"tail\"/><index on=\"tail,-number\"/>"))
        let model = try scene.model()
        for number in 0..<50 {
          try await scene.write(model.patch(.numbered(number), ["number": .integer(Int64(objects + number))]))
        }
        try await waitForIndexes(scene)
        let found = try await highest(scene, model).map { $0.values[0] }
        try require(found, is: (0..<10).map { .integer(Int64(objects + 49 - $0)) }, "the highest numbers")
      }
    },

    ConformanceCase("A deploy that is only tried says what it would build, and changes nothing") { bed in
      try await Scene.with(bed, numbered()) { scene in
        try await fill(scene)
        let before = scene.store.dataModel
        let next = try SampleModel.read(
          numbered("<index on=\"-number\" name=\"mine\"/><index on=\"tail\"/>", type: "text", more: true))
        let buildings = try await scene.store.rehearse(next).buildings
        try require(buildings.map { "\($0.model) \($0.name)" }, is: ["flight mine", "flight tail"], "what is built")
        try require(buildings.map(\.objects), is: [objects, objects], "over how many objects")
        try require(scene.store.dataModel.version, is: before.version, "the version in force")
        try require(try await scene.store.deploys().map(\.version), is: [1], "the history")
        let model = try scene.model()
        try await scene.write(model.patch(.numbered(1), ["tail": .text("x")]))
        try require(
          try await scene.state(.numbered(1), of: model)?.values ?? [], are: [.integer(1), .text("x")], "an object")
        // What was tried can be done, and finds the numbers that it would have had.
        _ = try await scene.store.deploy(next, by: nil)
        try require(try await scene.count(try scene.model("other")), is: 0, "objects of the new model")
      }
    },

    ConformanceCase("The history has every deploy, the latest first, with its document byte for byte") { bed in
      let scene = try await Scene.open(on: bed, numbered())
      let documents = [numbered(), numbered(type: "text"), "<!-- again -->" + numbered()]
      for (index, xml) in documents.enumerated().dropFirst() {
        scene.clock.advance(byMilliseconds: 1000)
        let person = index == 1 ? Person(name: "Grace", email: nil) : nil
        _ = try await scene.store.deploy(try SampleModel.read(xml), by: person)
      }
      await scene.store.close()
      let store = try await bed.reopen(clock: scene.clock)
      let deploys = try await store.deploys()
      try require(deploys.map(\.version), is: [3, 2, 1], "versions")
      try require(deploys.map { $0.at.secondsSince1970 - Scene.start / 1000 }, is: [2, 1, 0], "times")
      try require(deploys[0].by, is: nil, "who made the last")
      try require(deploys[1].by, is: Person(name: "Grace", email: nil), "who made the second")
      try require(deploys[0].hash, is: store.dataModel.model.hash, "the hash of the last")
      try require(deploys[0].hash == deploys[2].hash && deploys[1].hash != deploys[2].hash, "hashes go by meaning")
      for (index, xml) in documents.enumerated() {
        let document = try await store.document(ofDeploy: index + 1)
        try require(document ?? [], is: Array(xml.utf8), "document \(index + 1)")
      }
      try require(try await store.document(ofDeploy: 4) == nil, "a document of a deploy that never was")
      await store.close()
    },
  ]

  /// What a store does by itself, for all nodes.
  static let nodeIndexes: [ConformanceCase] = [
    ConformanceCase("Nodes: indexes that one's deploy wants are built for both, while both tend and write") { bed in
      try await Scene.withNodes(bed, numbered()) { here, there in
        try await fill(here)
        let feed = here.store.feedID
        try await here.deploy(numbered("<index on=\"-number\"/><index on=\"tail\"/><index on=\"tail,-number\"/>"))
        try await withThrowingTaskGroup(of: Void.self) { group in
          for (part, node) in [here, there].enumerated() {
            group.addTask {
              for number in 0..<20 {
                try await node.store.tend()
                let outcome = try await node.planning { model in
                  try await node.write(.create(model, .numbered(objects + part * 20 + number), model.row()))
                }
                try require(outcome.word, is: "created", "a write while indexes are built")
              }
            }
          }
          try await group.waitForAll()
        }
        try await waitForIndexes(here)
        for node in [there, here] {
          try require(try await node.store.pendingIndexes(), is: [], "what is left to build")
          let pending = try await node.store.indexes().flatMap(\.indexes).filter { $0.status != .ready }.map(\.name)
          try require(pending, is: [], "indexes that are still pending")
          try require(node.store.feedID, is: feed, "the feed id")
          let model = try node.model()
          try require(try await node.count(model), is: objects + 40, "objects")
          try require(
            try await highest(node, model).map { $0.values[0] }, is: (1...10).map { .integer(Int64(objects - $0)) },
            "the highest numbers")
        }
      }
    }
  ]

  /// More than an engine indexes inside a deploy.
  private static let objects = 6000

  private static func numbered(_ indexes: String = "", type: String = "integer", more: Bool = false) -> String {
    let other = more ? "<model name=\"other\" label=\"A\"><display>A</display></model>" : ""
    return SampleModel.document(
      SampleModel.flight(
        SampleModel.field("number", type) + SampleModel.field("tail", "text"), tail: indexes) + other)
  }

  private static func fill(_ scene: Scene) async throws {
    let model = try scene.model()
    let steps = try (0..<objects).map { number in
      WriteStep.create(
        model, .numbered(number), try model.row(["number": .integer(Int64(number)), "tail": .text("N\(number % 100)")]))
    }
    try await scene.write(steps)
  }

  private static func highest(_ scene: Scene, _ model: StoredModel) async throws -> [ObjectState] {
    let key = SortKey(column: try model.column("number"), descending: true)
    return try await scene.list(ReadPlan(model: model, sort: [key], limit: 10))
  }

  /// Until every index is ready.
  static func waitForIndexes(_ scene: Scene) async throws {
    for _ in 0..<5000 {
      let indexes = try await scene.store.indexes().flatMap(\.indexes)
      if indexes.allSatisfy({ $0.status == .ready }) { return }
      try await Task.sleep(for: .milliseconds(2))
    }
    throw ConformanceFailure("an index was still pending after ten seconds")
  }
}
