import Storage

// Reads that were planned before a deploy.

extension StorageConformance {
  static let olderModels: [ConformanceCase] = [
    ConformanceCase("A snapshot refuses whatever is asked under another data model than its own") { bed in
      try await Scene.with(bed) { scene in
        let (began, old) = (scene.store.dataModel, try scene.model())
        try await scene.write(.create(old, .numbered(1), old.row(["tail": .text("A")])))
        try await scene.deploy(SampleModel.flights)
        typealias Question = @Sendable (any Snapshot) throws -> Void
        let questions: [(String, Question)] = [
          ("an object", { _ = try $0.object(old, .numbered(1)) }),
          ("objects", { _ = try $0.objects(old, ids: [.numbered(1)], columns: [0]) }),
          ("none of them", { _ = try $0.objects(old, ids: [], columns: []) }),
          (
            "objects of several models",
            { _ = try $0.fetch([Want(number: 0, model: old, ids: [], columns: [])], attachments: []) }
          ),
          ("an object with versions", { _ = try $0.object(old, .numbered(1), versionsOf: [old]) }),
          (
            "a list with its total",
            {
              _ = try $0.list(ListWant(ReadPlan(model: old, limit: 10), after: nil, hasTotal: true, versioned: [old])) {
                _, _ in
              }
            }
          ),
          ("a list", { try $0.list(ReadPlan(model: old, limit: 10)) { _ in } }),
          ("a count of all", { _ = try $0.count(old, .always) }),
          ("a count", { _ = try $0.count(old, .isNull(try old.column("tail"))) }),
          ("the oplog", { _ = try $0.oplog(OplogPlan(limit: 10), under: began) { _ in } }),
        ]
        for (what, question) in questions {
          try await require(.replan(version: 2), from: { try await scene.store.read(question) }, what)
          try await require(.replan(version: 2), from: { _ = try scene.store.readAtOnce(question) ?? refused() }, what)
        }
        // What is of no model is answered to whoever asks.
        let sequence = try await scene.oplog()[0].sequence
        let revision = try await scene.store.read { try $0.revision() }
        try require(revision, is: Revision(sequence: sequence, version: 2), "the revision")
        let tail = try await scene.planning { try await scene.all($0)[0].values[1] }
        try require(tail, is: .text("A"), "the tail, planned again")
      }
    },

    ConformanceCase("A read that a deploy comes into sees its own data model to its end") { bed in
      // the read                               | the deploy
      // its snapshot has come to be            |
      //                                        | another type, and a value of it
      // asks under the data model of before it |
      try await Scene.with(bed) { scene in
        let (began, old) = (scene.store.dataModel, try scene.model())
        try await scene.write(.create(old, .numbered(1), old.row(["number": .integer(1)])))
        let hasBegun = Signal()
        let isDeployed = Signal()
        async let found = scene.store.read { snapshot in
          let before = try snapshot.revision()
          hasBegun.give()
          try isDeployed.block()
          var entries = 0
          _ = try snapshot.oplog(OplogPlan(limit: 10), under: began) { entries += $0.entries.count }
          let values = try snapshot.object(old, .numbered(1))?.states.first?.values
          return (before, after: try snapshot.revision(), entries, number: values?.first)
        }
        try await hasBegun.wait()
        try await scene.deploy(
          SampleModel.document(SampleModel.flight(SampleModel.field("number", "text"))))
        let new = try scene.model()
        try await scene.write(new.patch(.numbered(1), ["number": .text("late")]))
        isDeployed.give()
        let (before, after, entries, number) = try await found
        try require(before.version, is: 1, "the version of the snapshot")
        try require(after, is: before, "the revision, later")
        try require(entries, is: 1, "entries")
        try require(number, is: .integer(1), "the number")
        let now = try await scene.store.read { try $0.revision() }
        try require(now.version, is: 2, "the version of a new snapshot")
        try require(now.sequence > before.sequence, "the sequence has not risen")
      }
    },
  ]

  /// Where no reader is free, nothing was asked.
  private static func refused() throws { throw StorageError.replan(version: 2) }
}
