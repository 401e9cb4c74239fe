import Storage
import Wire

extension StorageConformance {
  static let steps: [ConformanceCase] = [
    ConformanceCase("A created object is found with every value as it was given") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let values = try model.row(Samples.full)
        let outcome = try await scene.write(.create(model, .numbered(1), values))
        let expected = ObjectState(
          id: .numbered(1), updatedAt: Scene.start / 1000, row: 1, sequence: Scene.start * 1024,
          values: values)
        try require([outcome], are: [.created(expected)], "the outcome")
        try require(try await scene.all(model), are: [expected], "the list")
        let found = try require(some: try await scene.state(.numbered(1), of: model), "the object")
        try require([found], are: [expected], "the object")
      }
    },

    ConformanceCase("Each kind of step has its outcome, with and without an object there") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let old = try model.row(["number": .integer(1), "tail": .text("N1")])
        let new = try model.row(["number": .integer(2)])
        let table: [(String, WriteStep, absent: String, present: String)] = [
          ("create", .create(model, .numbered(1), new), "created", "id in use"),
          ("put", .put(model, .numbered(1), new), "created", "updated"),
          ("the same put", .put(model, .numbered(1), old), "created", "unchanged"),
          ("patch", try model.patch(.numbered(1), ["number": .integer(2)]), "missing", "updated"),
          ("clearing patch", try model.patch(.numbered(1), ["tail": .null]), "missing", "updated"),
          ("the same patch", try model.patch(.numbered(1), ["tail": .text("N1")]), "missing", "unchanged"),
          ("empty patch", try model.patch(.numbered(1), [:]), "missing", "unchanged"),
          ("delete", .delete(model, .numbered(1)), "missing", "deleted"),
          ("refused", .refused, "refused", "refused"),
        ]
        for (name, step, absent, present) in table {
          try await scene.write(.delete(model, .numbered(1)))
          try require(try await scene.write(step).word, is: absent, "\(name), absent")
          try await scene.write(.put(model, .numbered(1), old))
          try await scene.write(.put(model, .numbered(1), old))
          try require(try await scene.write(step).word, is: present, "\(name), present")
        }
      }
    },

    ConformanceCase("A put replaces every value, a patch only those that it names") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write(.create(model, .numbered(1), model.row(Samples.full)))
        try await scene.write(model.patch(.numbered(1), ["tail": .text("x"), "airline": .null]))
        var patched = Samples.full
        patched["tail"] = .text("x")
        patched["airline"] = .null
        try require(
          try await scene.all(model).first?.values ?? [], are: try model.row(patched), "after the patch")
        try await scene.write(.put(model, .numbered(1), model.row(["level": .integer(3)])))
        try require(
          try await scene.all(model).first?.values ?? [], are: try model.row(["level": .integer(3)]),
          "after the put")
      }
    },

    ConformanceCase("A write that changes nothing keeps the time and the sequence, and has no entry") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let row = try model.row(Samples.full)
        try await scene.write(.create(model, .numbered(1), row))
        let before = try await scene.all(model)
        scene.clock.advance(byMilliseconds: 5000)
        let outcomes = try await scene.write([
          .put(model, .numbered(1), row), try model.patch(.numbered(1), Samples.full),
          .patch(model, .numbered(1), []),
        ])
        try require(
          outcomes,
          are: before.map { .unchanged($0) } + before.map { .unchanged($0) }
            + before.map { .unchanged($0) }, "the outcomes")
        try require(try await scene.all(model), are: before, "the objects")
        try require(try await scene.oplog().count, is: 1, "oplog entries")
      }
    },

    ConformanceCase("Later steps of a plan see earlier ones") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let row = try model.row(["number": .integer(1)])
        let outcomes = try await scene.write([
          .create(model, .numbered(1), row), .create(model, .numbered(1), row),
          try model.patch(.numbered(1), ["number": .integer(2)]), .delete(model, .numbered(1)),
          try model.patch(.numbered(1), ["number": .integer(3)]), .create(model, .numbered(1), row),
        ])
        try require(
          outcomes.map(\.word), is: ["created", "id in use", "updated", "deleted", "missing", "created"],
          "outcomes")
        try require(try await scene.all(model).map(\.row), is: [2], "the number in the order of creation")
      }
    },

    ConformanceCase("States are returned only when they are asked for") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let row = try model.row()
        let plan = WritePlan(
          steps: [
            .create(model, .numbered(1), row), try model.patch(.numbered(1), ["number": .integer(1)]),
            .patch(model, .numbered(1), []),
          ], origin: "password")
        try require(
          try await scene.store.write(plan).steps, are: [.created(nil), .updated(nil), .unchanged(nil)],
          "outcomes")
      }
    },

    ConformanceCase("The same id in two models is two objects") { bed in
      try await Scene.with(bed) { scene in
        let flight = try scene.model()
        let airline = try scene.model("airline")
        try await scene.write([
          .create(flight, .numbered(1), flight.row()),
          .create(airline, .numbered(1), airline.row(["name": .text("UA")])),
          .delete(flight, .numbered(1)),
        ])
        try require(try await scene.count(flight), is: 0, "flights")
        try require(try await scene.all(airline).first?.values ?? [], are: [.text("UA")], "the airline")
      }
    },

    ConformanceCase("A plan without steps does nothing") { bed in
      try await Scene.with(bed) { scene in
        for policy in [WritePlan.Policy.independent, .stopAtFailure, .atomic] {
          try require(try await scene.write([], policy).count, is: 0, "outcomes under \(policy)")
        }
        try require(try await scene.oplog().count, is: 0, "oplog entries")
      }
    },

    ConformanceCase("Values at their bounds come back as they were") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        var rows: [[StoredValue]] = []
        for number in [Int64(Int32.min), -1, 0, 1, Int64(Int32.max)] {
          rows.append(try model.row(["number": .integer(number), "departure": .integer(number)]))
        }
        for instant in [Instant.first, .last] {
          rows.append(try model.row(["departure": .integer(instant.secondsSince1970)]))
        }
        for real in [
          0, 1, -1, 0.1, .leastNonzeroMagnitude, 1e22, -1e300, .greatestFiniteMagnitude,
          9_007_199_254_740_992,
        ] {
          rows.append(try model.row(["distance": .real(real)]))
        }
        for text in ["", " ", "a\u{1}b", "\u{FFFD}", "😀", "\u{10FFFF}", "\r\n", "'\"\\%_", "\u{FEFF}x"] {
          rows.append(try model.row(["tail": .text(text)]))
        }
        for id in [ObjectID(high: 0, low: 0), ObjectID(high: .max, low: .max)] {
          rows.append(try model.row(["airline": .id(id)]))
        }
        try await scene.write(rows.enumerated().map { .create(model, .numbered($0 + 1), $1) })
        for (state, row) in zip(try await scene.all(model), rows) {
          try require(state.values, are: row, "a row")
        }
        for (entry, row) in zip(try await scene.oplog(), rows) {
          try require(entry.values.map(\.value), are: row.filter { !$0.isNull }, "its oplog entry")
        }
      }
    },
  ]
}

/// Values that cases write.
enum Samples {
  /// One for each field of `SampleModel.flights`.
  static let full: [String: StoredValue] = [
    "number": .integer(1545), "tail": .text("N14228"), "departure": .integer(1_357_035_300),
    "day": .integer(15_706), "distance": .real(1400.5), "status": .text("landed"), "level": .integer(1),
    "diverted": .integer(0), "tags": .text("[\"late\"]"), "codes": .text("[1]"),
    "position": .text("[40.6,-74.2,null,null,null,null]"), "route": .text("{\"a\":[1,2]}"),
    "airline": .id(.numbered(7)), "next": .id(.numbered(8)),
  ]
}
