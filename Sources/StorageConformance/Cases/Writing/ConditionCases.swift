import Storage
import Wire

extension StorageConformance {
  /// Preconditions on the objects that a plan writes (api.md section 17, *Tags*).
  static let conditions: [ConformanceCase] = [
    ConformanceCase(
      "Each kind of step is done where its object is as it wants, and is stale and does nothing elsewhere"
    ) {
      bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let row = try model.row(["number": .integer(2)])
        let steps: [(step: WriteStep, absent: String, present: String)] = [
          (.create(model, .numbered(1), row), "created", "id in use"),
          (.put(model, .numbered(1), row), "created", "updated"),
          (try model.patch(.numbered(1), ["number": .integer(2)]), "missing", "updated"),
          (try model.patch(.numbered(1), [:]), "missing", "unchanged"),
          (.delete(model, .numbered(1)), "missing", "deleted"),
          (.refused, "refused", "refused"),
        ]
        for (step, absent, present) in steps {
          try await scene.hold(step, to: absent, on: nil)
          try await scene.write(.put(model, .numbered(1), try model.row(["number": .integer(1)])))
          let sequence = try await scene.state(.numbered(1), of: model)?.sequence
          try await scene.hold(step, to: present, on: try require(some: sequence, "the sequence"))
          try await scene.write(.delete(model, .numbered(1)))
        }
      }
    },

    ConformanceCase("Of several preconditions on one object all must hold") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write(.create(model, .numbered(1), try model.row()))
        for (condition, word) in [(ObjectCondition.exists, "deleted"), (.isAbsent, "stale")] {
          var plan = WritePlan(steps: [.delete(model, .numbered(1))], isDryRun: true, origin: "password")
          let first = ObjectCondition.sequence(among: [1, Scene.start * 1024])
          plan.preconditions = [.object(step: 0, first), .object(step: 0, condition)]
          try require(try await scene.store.write(plan).steps.map(\.word), is: [word], "with \(condition)")
        }
      }
    },

    ConformanceCase("A stale step is a failure for the policy, and sees what earlier steps of the plan did") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let rows: [(policy: WritePlan.Policy, words: [String], written: Int)] = [
          (.independent, ["updated", "stale", "created", "id in use", "updated"], 3),
          (.stopAtFailure, ["updated", "stale", "skipped", "skipped", "skipped"], 1),
          (.atomic, ["skipped", "stale", "skipped", "skipped", "skipped"], 0),
        ]
        for (policy, words, written) in rows {
          for isDryRun in [true, false] {
            let what = "\(policy), dry run: \(isDryRun)"
            try await scene.write([.put(model, .numbered(1), try model.row()), .delete(model, .numbered(2))])
            let sequence = try require(some: try await scene.state(.numbered(1), of: model)?.sequence, "the sequence")
            let entries = try await scene.oplog()
            let plan = try twice(model, from: sequence, policy, isDryRun: isDryRun)
            let outcomes = try await scene.store.write(plan).steps
            try require(outcomes.map(\.word), is: words, what)
            let next = try require(some: entries.last, "an entry").sequence + 1
            try require([outcomes[1]], are: [.stale(sequence: next)], what)
            let after = try await scene.oplog().count
            try require(after - entries.count, is: isDryRun ? 0 : written, "entries, \(what)")
          }
        }
      }
    },

    ConformanceCase("Of many that write from one sequence at once one is done, and the others are told its sequence") {
      bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write(.create(model, .numbered(1), try model.row()))
        for round in 0..<10 {
          let sequence = try require(some: try await scene.state(.numbered(1), of: model)?.sequence, "the sequence")
          let outcomes = try await scene.crowd(of: 40, on: .numbered(1), of: model, from: sequence, round: round)
          try require(outcomes.count { $0.word == "updated" }, is: 1, "those who were done")
          let now = try await scene.state(.numbered(1), of: model)?.sequence
          let stale = outcomes.filter { $0.word == "stale" }
          try require(stale, are: [StepOutcome](repeating: .stale(sequence: now), count: 39), "the others")
        }
      }
    },

    ConformanceCase("A precondition on the object of a step that writes none fails the plan, and that alone") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        for index in [-1, 1, 2, Int.max] {
          var plan = WritePlan(
            steps: [.create(model, .numbered(1), try model.row()), .kept(.signingKey([1]))], origin: "password")
          plan.preconditions = [.object(step: index, .isAbsent)]
          do {
            _ = try await scene.store.write(plan)
            throw ConformanceFailure("the plan was done, with a precondition on step \(index)")
          } catch StorageError.broken {}
        }
        try require(try await scene.count(model), is: 0, "objects")
        try await scene.write(.create(model, .numbered(1), try model.row()), if: .isAbsent)
        try require(try await scene.count(model), is: 1, "objects after a plan that can be done")
      }
    },
  ]

  /// Patches object 1 twice from this sequence, and creates object 2 where it is not, twice: the second
  /// time without asking, and then patches it where it is.
  private static func twice(
    _ model: StoredModel, from sequence: Int64, _ policy: WritePlan.Policy, isDryRun: Bool
  ) throws(ConformanceFailure) -> WritePlan {
    var plan = WritePlan(
      steps: [
        try model.patch(.numbered(1), ["number": .integer(1)]), try model.patch(.numbered(1), ["number": .integer(2)]),
        .create(model, .numbered(2), try model.row()), .create(model, .numbered(2), try model.row()),
        try model.patch(.numbered(2), ["number": .integer(3)]),
      ], policy: policy, isDryRun: isDryRun, origin: "password")
    plan.preconditions = [
      .object(step: 1, .sequence(among: [sequence])), .object(step: 4, .exists),
      .object(step: 0, .sequence(among: [sequence])), .object(step: 2, .isAbsent),
    ]
    return plan
  }
}

extension Scene {
  /// Holds a step to this outcome, as a dry run and in earnest, under each condition that is so for its object, and to
  /// being stale under each that is not. It ends with the object as it was.
  fileprivate func hold(_ step: WriteStep, to word: String, on sequence: Int64?) async throws {
    let conditions: [(ObjectCondition, holds: Bool)] = [
      (.exists, sequence != nil), (.isAbsent, sequence == nil), (.sequence(among: []), false),
      (.sequence(among: [0, .max]), false), (.sequence(among: [5, sequence ?? 5]), sequence != nil),
    ]
    let isRefused = step.object == nil
    for (condition, holds) in conditions {
      var plan = WritePlan(steps: [step], policy: .atomic, isDryRun: true, origin: "password")
      plan.preconditions = [.object(step: 0, condition)]
      let found = try await store.write(plan).steps
      let what = "\(step) under \(condition), over \(sequence.map { "\($0)" } ?? "nothing")"
      try require(found.map(\.word), is: [holds || isRefused ? word : "stale"], what)
      if holds || isRefused { continue }
      try require(found, are: [.stale(sequence: sequence)], what)
      let entries = try await oplog().count
      try require([try await write(step, if: condition)], are: found, "in earnest: \(what)")
      try require(try await oplog().count, is: entries, "entries after \(what)")
    }
  }

  /// As many that patch one object at once, each from this sequence.
  func crowd(
    of count: Int, on id: ObjectID, of model: StoredModel, from sequence: Int64, round: Int
  ) async throws -> [StepOutcome] {
    try await withThrowingTaskGroup(of: StepOutcome.self) { group in
      for writer in 0..<count {
        group.addTask {
          let patch = try model.patch(id, ["number": .integer(Int64(round * count + writer))])
          return try await write(patch, if: .sequence(among: [sequence]))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }
}
