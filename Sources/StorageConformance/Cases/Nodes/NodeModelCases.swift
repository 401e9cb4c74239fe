import DataModel
import Storage
import Wire

extension StorageConformance {
  private static func document(_ fields: (String, FieldType)...) -> String {
    SampleModel.document(SampleModel.flight(fields.map { SampleModel.field($0.0, $0.1) }.joined()))
  }

  /// Plans, reads and deploys that meet a deploy of another node.
  static let nodeModels: [ConformanceCase] = [
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

    ConformanceCase("Nodes: of deploys over one version one is done, and the others are refused") { bed in
      try await Scene.withNodes(bed, document(("a", .text))) { here, there in
        let versions = try await withThrowingTaskGroup(of: Int?.self) { group in
          for number in 0..<8 {
            let store = number % 2 == 0 ? here.store : there.store
            let model = try SampleModel.read(document(("a", .text), ("f\(number)", .integer)))
            group.addTask {
              do { return try await store.deploy(model, DeployTerms(over: 1)).version } catch StorageError.replan {
                return nil
              }
            }
          }
          return try await group.reduce(into: [Int]()) { done, version in if let version { done.append(version) } }
        }
        try require(versions, is: [2], "versions that were deployed")
        for node in [here, there] {
          try require(try await node.store.deploys().map(\.version), is: [2, 1], "the history")
        }
      }
    },

    ConformanceCase(
      "Nodes: what meets deploy after deploy is planned anew five times and then given up, nothing of it done"
    ) { bed in
      // the node that writes                   | the node that deploys
      // plans                                  |
      //                                        | deploys
      // writes; refused, plans anew            |
      //                                        | deploys, and so on
      try await Scene.withNodes(bed, document(("a", .text))) { here, there in
        let most = Replanning.most
        for (number, deploys) in [0, 1, most, most + 1, most + 3].enumerated() {
          try await meet(deploys, creating: .numbered(number), at: here, deployingAt: there)
          try await meet(deploys, creating: .numbered(100 + number), at: there, deployingAt: here)
        }
        try require(try await there.oplog().count, is: 6, "entries")
        // Who comes after it is served.
        try await meet(0, creating: .numbered(1000), at: here, deployingAt: there)
      }
    },
  ]

  /// Creates an object, each of whose first plans meets a deploy between its making and its writing.
  private static func meet(
    _ deploys: Int, creating id: ObjectID, at node: Scene, deployingAt other: Scene
  ) async throws {
    var plans = 0
    var word = "given up"
    do {
      word = try await node.planning { model in
        plans += 1
        if plans <= deploys { try await other.deploy(document(("a", plans % 2 == 0 ? .text : .integer))) }
        return try await node.write(.create(model, id, model.row())).word
      }
    } catch StorageError.replan(let version) {
      try require(version, is: other.store.dataModel.version, "the version of which the last refusal speaks")
    }
    let isDone = deploys <= Replanning.most
    try require(word, is: isDone ? "created" : "given up", "what met \(deploys) deploys")
    try require(plans, is: min(deploys, Replanning.most) + 1, "how often it was planned")
    let found = try await other.planning { try await other.state(id, of: $0) }
    try require((found != nil) == isDone, "after \(deploys) deploys the object was found to be \(found as Any)")
  }
}
