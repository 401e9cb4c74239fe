import DataModel
import Storage
import Wire

extension StorageConformance {
  static let deploys: [ConformanceCase] = [
    ConformanceCase("The first deploy counts 1 and knows its time; the next says who did it") { bed in
      try await Scene.with(bed) { scene in
        let first = scene.store.dataModel
        try require(first.version, is: 1, "the version")
        try require(first.model.hash, is: try SampleModel.read(SampleModel.flights).hash, "the hash")
        try require(first.deployedAt.secondsSince1970, is: Scene.start / 1000, "the time")
        try require(first.models.map(\.name), is: ["airline", "flight"], "the models")
        scene.clock.advance(byMilliseconds: 9000)
        let person = Person(name: "Grace", email: "grace@example.org")
        let second = try await scene.store.deploy(first.model, by: person)
        try require(second.version, is: 2, "the version")
        try require(second.deployedBy, is: person, "who did it")
        try require(second.deployedAt.secondsSince1970, is: Scene.start / 1000 + 9, "the time")
        try require(scene.store.dataModel.version, is: 2, "the version in force")
      }
    },

    ConformanceCase("A deploy over a version that is not in force any more is refused, and notes are kept") { bed in
      try await Scene.with(bed) { scene in
        let person = Person(name: "Grace", email: nil)
        let model = scene.store.dataModel.model
        let terms = DeployTerms(by: person, note: "with «gates» <b>", over: 1)
        try require(try await scene.store.deploy(model, terms).version, is: 2, "the version")
        let next = try SampleModel.read(flight("a:text"))
        for over in [1, 3] {
          do {
            _ = try await scene.store.deploy(next, DeployTerms(over: over))
            throw ConformanceFailure("it was deployed over version \(over)")
          } catch StorageError.replan(let version) {
            try require(version, is: 2, "the version in force")
          }
        }
        try require(scene.store.dataModel.model.hash, is: model.hash, "the data model in force")
        let records = try await scene.store.deploys()
        try require(records.map(\.note), is: ["with «gates» <b>", nil], "the notes")
        try require(records.first?.by, is: person, "who deployed")
      }
    },

    ConformanceCase("Old objects have null in a new field, and a new model is empty") { bed in
      try await Scene.with(bed, flight("a:text")) { scene in
        let old = try scene.model()
        try await scene.write(.create(old, .numbered(1), old.row(["a": .text("kept")])))
        try await scene.deploy(flight("b:integer", "a:text", "c:text", more: "airline"))
        let model = try scene.model()
        try require(
          try await scene.all(model).first?.values ?? [], are: [.null, .text("kept"), .null], "the old object"
        )
        try await scene.write(model.patch(.numbered(1), ["b": .integer(2), "c": .text("")]))
        try require(
          try await scene.all(model).first?.values ?? [], are: [.integer(2), .text("kept"), .text("")],
          "patched")
        let airline = try scene.model("airline")
        try require(try await scene.count(airline), is: 0, "objects of the new model")
        try await scene.write(.create(airline, .numbered(1), airline.row()))
        try require(try await scene.all(airline).map(\.row), is: [1], "numbers in the new model")
      }
    },

    ConformanceCase("A field keeps its column whatever its label, its place and the display are") { bed in
      try await Scene.with(bed, flight("a:text", "b:integer")) { scene in
        let old = try scene.model()
        let numbers = Dictionary(uniqueKeysWithValues: old.columns.map { ($0.name, $0.number) })
        try await scene.write(.create(old, .numbered(1), old.row(["a": .text("x"), "b": .integer(1)])))
        try await scene.deploy(
          SampleModel.document(
            SampleModel.flight(
              SampleModel.field("b", "integer", label: "Other") + SampleModel.field("a", "text"),
              label: "Other",
              display: "{a}")))
        let model = try scene.model()
        try require(model.number, is: old.number, "the number of the model")
        for column in model.columns {
          try require(column.number, is: numbers[column.name] ?? 0, "the number of \(column.name)")
        }
        try require(model.binding != old.binding, "the binding stayed the same")
        try require(
          try await scene.all(model).first?.values ?? [], are: [.integer(1), .text("x")], "the object")
      }
    },

    ConformanceCase(
      "A field that is removed and declared again finds its values; under another type it is another"
    ) { bed in
      try await Scene.with(bed, flight("a:text", "b:text")) { scene in
        var model = try scene.model()
        try await scene.write(.create(model, .numbered(1), model.row(["a": .text("x"), "b": .text("y")])))
        try await scene.deploy(flight("b:text"))
        model = try scene.model()
        try await scene.write(model.patch(.numbered(1), ["b": .text("z")]))
        try await scene.write(.create(model, .numbered(2), model.row()))
        try await scene.deploy(flight("a:text", "b:text"))
        model = try scene.model()
        try require(try await scene.all(model)[0].values, are: [.text("x"), .text("z")], "declared again")
        try require(try await scene.all(model)[1].values, are: [.null, .null], "made in between")
        try await scene.deploy(flight("a:integer", "b:text"))
        model = try scene.model()
        try await scene.write(model.patch(.numbered(1), ["b": .text("w")]))
        try await scene.deploy(flight("a:text", "b:text"))
        model = try scene.model()
        try require(
          try await scene.all(model)[0].values, are: [.text("x"), .text("w")], "the first type again")
      }
    },

    ConformanceCase(
      "A model that is removed and declared again has its objects, and their count and order go on"
    ) {
      bed in
      try await Scene.with(bed, flight("a:text", more: "airline")) { scene in
        var airline = try scene.model("airline")
        try await scene.write([
          .create(airline, .numbered(1), airline.row()), .create(airline, .numbered(2), airline.row()),
          .delete(airline, .numbered(2)),
        ])
        try await scene.deploy(flight("a:text"))
        try require(scene.store.dataModel["airline"] == nil, "the removed model is still there")
        let flight = try scene.model()
        try await scene.write(.create(flight, .numbered(1), flight.row()))
        try await scene.deploy(StorageConformance.flight("a:text", more: "airline"))
        airline = try scene.model("airline")
        try await scene.write(.create(airline, .numbered(3), airline.row()))
        try require(try await scene.all(airline).map(\.id), is: [.numbered(1), .numbered(3)], "the objects")
        try require(try await scene.all(airline).map(\.row), is: [1, 3], "their numbers")
        try require(try await scene.count(airline), is: 2, "their count")
      }
    },

    ConformanceCase("A plan made under an earlier data model is refused, and nothing of it is done") { bed in
      try await Scene.with(bed, flight("a:text", "b:text", more: "airline")) { scene in
        let old = try scene.model()
        let airline = try scene.model("airline")
        try await scene.write(.create(old, .numbered(1), old.row(["a": .text("x"), "b": .text("y")])))
        try await scene.deploy(flight("b:integer", "c:text"))
        let new = try scene.model()
        try await scene.write(new.patch(.numbered(1), ["c": .text("new")]))
        let (entries, objects) = (try await scene.oplog(), try await scene.all(new))
        let plans: [[WriteStep]] = [
          [.create(old, .numbered(2), try old.row(["a": .text("late")]))], [.put(old, .numbered(1), try old.row())],
          [try old.patch(.numbered(1), ["b": .text("late")])], [.delete(old, .numbered(1))],
          [.create(airline, .numbered(1), try airline.row())],
          // What changes nothing is refused all the same, and so is what comes behind a failure.
          [try old.patch(.numbered(9), [:])], [.refused, .delete(old, .numbered(1))],
        ]
        for (number, steps) in plans.enumerated() {
          for policy in [WritePlan.Policy.independent, .stopAtFailure, .atomic] {
            for isDryRun in [false, true] {
              try await require(
                .replan(version: 2), from: { try await scene.write(steps, policy, isDryRun: isDryRun) },
                "plan \(number), \(policy), dry run: \(isDryRun)")
            }
          }
        }
        try require(try await scene.oplog(), are: entries, "the oplog")
        try require(try await scene.all(new), are: objects, "the objects")
        try require(try await scene.write([.refused]).map(\.word), is: ["refused"], "a plan that names no model")
        // Another version counts, whether anything in it is another.
        try await scene.deploy(flight("b:integer", "c:text"))
        try await require(
          .replan(version: 3), from: { try await scene.write(.delete(new, .numbered(1))) }, "the same data model again")
        let model = try scene.model()
        try require(try await scene.write(.delete(model, .numbered(1))).word, is: "deleted", "planned again")
      }
    },

    ConformanceCase("Indexes are really made and dropped with the data model that declares them") { bed in
      let fields = "a:text b:integer".split(separator: " ").map(String.init)
      let belongsTo = "<belongs-to model=\"flight\" name=\"next\"/>"
      func xml(_ indexes: String) -> String {
        SampleModel.document(SampleModel.flight(members(fields) + belongsTo, tail: indexes))
      }
      let always = ["internal id(id)", "internal updated_at(updated_at)"]
      let table: [(String, [String])] = [
        ("<index on=\"a\"/>", ["schema a(a)", "internal next_id(next_id)"]),
        ("", ["internal next_id(next_id)"]),
        (
          "<index on=\"next,-b\" name=\"mine\"/><index on=\"a\" database=\"app\"/>",
          ["schema mine(next_id, -b)", "internal next_id(next_id)"]
        ),
        ("<index on=\"next\"/><index on=\"-a,b\"/>", ["schema next(next_id)", "schema a_b(-a, b)"]),
        (
          "<index on=\"a\" name=\"one\"/><index on=\"a\" name=\"two\"/>",
          ["schema one(a)", "internal next_id(next_id)"]
        ),
      ]
      try await Scene.with(bed, xml("")) { scene in
        let model = try scene.model()
        try await scene.write(
          (1...50).map {
            .create(model, .numbered($0), try model.row(["a": .text("\($0 % 7)"), "b": .integer(3)]))
          })
        for (indexes, expected) in table {
          try await scene.deploy(xml(indexes))
          // Where somebody else holds a table at that moment, even a small one comes after the deploy.
          try await waitForIndexes(scene)
          let found = try await scene.store.indexes()
          try require(found.map(\.model), is: ["flight"], "models with indexes")
          try require(found.flatMap(\.indexes).map(described), is: always + expected, "after \(indexes)")
          let now = try scene.model()
          let plan = ReadPlan(
            model: now, predicate: .equal(try now.column("a"), .text("3")),
            sort: [SortKey(column: try now.column("b"), descending: true)], limit: 100)
          try require(
            try await scene.list(plan), are: plan.read(try await scene.all(now)), "a list after \(indexes)")
        }
      }
    },

    ConformanceCase("Deploys, writes and reads go on beside each other") { bed in
      try await Scene.with(bed, flight("a:text")) { scene in
        let isDone = Signal()
        async let reads: Void = {
          while !isDone.hasCome {
            let (count, found) = try await comingAgain {
              try await scene.planning { model in
                try await scene.store.read { snapshot in
                  (try snapshot.count(model, .always), try snapshot.states(ReadPlan(model: model, limit: 100_000)))
                }
              }
            }
            try require(found.count, is: count, "a list in the middle of deploys")
          }
        }()
        async let writes: Void = {
          for number in 1...300 {
            let outcome = try await comingAgain {
              try await scene.planning { model in
                try await scene.write(.create(model, .numbered(number), model.row(["a": .text("x")])))
              }
            }
            try require(outcome.word, is: "created", "write \(number)")
          }
        }()
        // Whatever is thrown here, the reads are to end.
        defer { isDone.give() }
        for round in 1...15 {
          let field = "f\(round % 4):\(round % 3 == 0 ? "text" : "integer")"
          try await scene.deploy(flight("a:text", field, index: round % 2 == 0 ? "a" : "f\(round % 4)"))
        }
        try await writes
        isDone.give()
        try await reads
        try require(scene.store.dataModel.version, is: 16, "the version")
        let model = try scene.model()
        try require(try await scene.count(model), is: 300, "the count")
        let kept = try await scene.count(model, .equal(try model.column("a"), .text("x")))
        try require(kept, is: 300, "objects with their value")
      }
    },
  ]

  /// What meets deploy after deploy may be given up, nothing of it done; clients are told to come again then.
  private static func comingAgain<Result>(_ body: () async throws -> Result) async throws -> Result {
    for _ in 0..<15 {
      do { return try await body() } catch StorageError.replan {}
    }
    throw ConformanceFailure("given up over and over, where there were fifteen deploys")
  }

  /// A data model of `flight` with fields such as `a:text`.
  private static func flight(_ fields: String..., index: String? = nil, more: String? = nil) -> String {
    let other = more.map { "<model name=\"\($0)\" label=\"A\"><display>A</display></model>" } ?? ""
    let tail = index.map { "<index on=\"\($0)\"/>" } ?? ""
    return SampleModel.document(other + SampleModel.flight(members(fields), tail: tail))
  }

  private static func members(_ fields: [String]) -> String {
    fields.map { field in
      let parts = field.split(separator: ":").map(String.init)
      return SampleModel.field(parts[0], parts[1])
    }.joined()
  }

  private static func described(_ index: StoredIndex) -> String {
    let keys = index.keys.map { ($0.descending ? "-" : "") + $0.name }.joined(separator: ", ")
    return "\(index.kind) \(index.name)(\(keys))"
  }
}
