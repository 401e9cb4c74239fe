import Storage
import Wire

extension StorageConformance {
  static let policies: [ConformanceCase] = [
    ConformanceCase("Independent: a failed step leaves no trace, the others are done") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let outcomes = try await scene.write(mixed(model))
        try require(
          outcomes.map(\.word),
          is: ["created", "id in use", "created", "missing", "refused", "updated", "missing"], "outcomes")
        try require(try await scene.all(model).map(\.row), is: [1, 2], "numbers in the order of creation")
        try require(try await scene.oplog().map(\.operation), is: [.create, .create, .update], "operations")
        try require(try await scene.count(model), is: 2, "the count")
      }
    },

    ConformanceCase("Stop at failure: what came before stays, nothing after is tried") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let outcomes = try await scene.write(mixed(model), .stopAtFailure)
        try require(
          outcomes.map(\.word), is: ["created", "id in use"] + Array(repeating: "skipped", count: 5),
          "outcomes")
        try require(try await scene.all(model).map(\.id), is: [.numbered(1)], "objects")
        try require(try await scene.oplog().count, is: 1, "oplog entries")
      }
    },

    ConformanceCase("Stop at failure stops at a step that was refused before") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let outcomes = try await scene.write(
          [.refused, .create(model, .numbered(1), model.row())], .stopAtFailure)
        try require(outcomes.map(\.word), is: ["refused", "skipped"], "outcomes")
        try require(try await scene.count(model), is: 0, "objects")
      }
    },

    ConformanceCase("Atomic: one failure undoes all of it") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write(.create(model, .numbered(9), model.row()))
        let before = try await scene.all(model)
        let outcomes = try await scene.write(
          [
            try model.patch(.numbered(9), ["number": .integer(5)]), .create(model, .numbered(1), model.row()),
            .delete(model, .numbered(9)), .delete(model, .numbered(404)),
            .create(model, .numbered(2), model.row()),
          ], .atomic)
        try require(
          outcomes.map(\.word), is: ["skipped", "skipped", "skipped", "missing", "skipped"], "outcomes")
        try require(try await scene.all(model), are: before, "objects")
        try require(try await scene.count(model), is: 1, "the count")
        try require(try await scene.oplog().count, is: 1, "oplog entries")
        try await scene.write(.create(model, .numbered(1), model.row()))
        try require(try await scene.all(model).map(\.row), is: [1, 2], "numbers go on as if nothing had been")
      }
    },

    ConformanceCase("Atomic: without a failure all of it is done") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let outcomes = try await scene.write(
          [.create(model, .numbered(1), model.row()), .put(model, .numbered(1), model.row(Samples.full))],
          .atomic)
        try require(outcomes.map(\.word), is: ["created", "updated"], "outcomes")
        try require(
          try await scene.all(model).first?.values ?? [], are: try model.row(Samples.full), "the object")
      }
    },

    ConformanceCase("Dry run: the outcomes as if done, and nothing written") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write(.create(model, .numbered(9), model.row()))
        let objects = try await scene.all(model)
        for policy in [WritePlan.Policy.independent, .stopAtFailure, .atomic] {
          var reference = ReferenceStore()
          let first = WritePlan(steps: [.create(model, .numbered(9), try model.row())], origin: "password")
          _ = reference.write(first, atMilliseconds: Scene.start)
          for steps in [try mixed(model), [try model.patch(.numbered(9), ["number": .integer(5)])]] {
            let plan = WritePlan(
              steps: steps, policy: policy, isDryRun: true, origin: "password", returnsStates: true)
            let expected = reference.write(plan, atMilliseconds: Scene.start)
            try require(try await scene.store.write(plan).steps, are: expected, "outcomes under \(policy)")
            try require(try await scene.all(model), are: objects, "objects after \(policy)")
            try require(try await scene.count(model), is: 1, "the count after \(policy)")
            try require(try await scene.oplog().count, is: 1, "oplog entries after \(policy)")
          }
        }
      }
    },

    ConformanceCase(
      "Random plans: outcomes, objects, counts and oplog agree with the plain reading of the contract"
    ) {
      bed in
      try await Scene.with(bed) { scene in
        let models = [try scene.model(), try scene.model("airline")]
        var random = RandomPlans(models: models, seed: 20_130_131)
        var reference = ReferenceStore()
        for round in 0..<300 {
          let plan = try random.plan(after: reference.oplog)
          scene.clock.advance(byMilliseconds: random.clockStep())
          let expected = reference.write(plan, atMilliseconds: scene.clock.milliseconds())
          let outcomes = try await scene.store.write(plan).steps
          try require(outcomes, are: expected, "round \(round), outcomes of \(plan)")
          try await scene.check(reference, models: models, "round \(round), after \(plan)")
        }
      }
    },

    ConformanceCase("A plan that storage cannot perform fails alone, and takes nothing with it") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let unknown = StoredModel(
          number: 4711, model: model.model, columns: model.columns, version: model.binding.version)
        let row = try model.row()
        let outcomes = await withTaskGroup(of: (Int, Result<[StepOutcome], any Error>).self) { group in
          for number in 0..<60 {
            group.addTask {
              let steps: [WriteStep] =
                number % 3 == 0
                ? [.create(model, .numbered(number), row), .create(unknown, .numbered(number), row)]
                : [.create(model, .numbered(number), row)]
              do { return (number, .success(try await scene.write(steps))) } catch {
                return (number, .failure(error))
              }
            }
          }
          return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for (number, outcome) in outcomes {
          switch outcome {
          case .success(let steps):
            try require(number % 3 != 0 && steps.map(\.word) == ["created"], "plan \(number) gave \(steps)")
          case .failure(StorageError.broken): try require(number % 3 == 0, "plan \(number) failed")
          case .failure(let error): throw error
          }
        }
        try require(try await scene.count(model), is: 40, "the count")
        try require(try await scene.all(model).map(\.row), is: (1...40).map { Int64($0) }, "numbers")
        try require(try await scene.oplog().count, is: 40, "oplog entries")
      }
    },
  ]

  /// Two creates and an update that succeed, among failures of each kind.
  private static func mixed(_ model: StoredModel) throws(ConformanceFailure) -> [WriteStep] {
    [
      .create(model, .numbered(1), try model.row()),
      .create(model, .numbered(1), try model.row(Samples.full)),
      .create(model, .numbered(2), try model.row()), .delete(model, .numbered(404)), .refused,
      try model.patch(.numbered(2), ["number": .integer(5)]),
      try model.patch(.numbered(404), ["number": .integer(5)]),
    ]
  }
}
