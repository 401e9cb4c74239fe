import DataModel
import Storage
import Wire

// Fields that change their type: each type to each other and back.

extension StorageConformance {
  static let retypes: [ConformanceCase] = [
    ConformanceCase("A value reads under every other type as the rules say, and as itself when its type is back") {
      bed in
      try await Scene.with(bed, retyped(by: 0)) { scene in
        let samples = try await createSamples(scene)
        let created = try await scene.oplog()
        for shift in Array(1..<types.count) + [0] {
          try await scene.deploy(retyped(by: shift))
          try await check(scene, samples, under: shift)
          try await scene.deploy(retyped(by: 0))
          try await check(scene, samples, under: 0)
        }
        try require(try await scene.oplog(), are: created, "the oplog, which no deploy touches")
      }
    },

    ConformanceCase("A write under another type discards the value, and what was written reads as the rules say") {
      bed in
      try await Scene.with(bed, retyped(by: 0)) { scene in
        var samples = try await createSamples(scene)
        for shift in 1..<types.count {
          try await scene.deploy(retyped(by: shift))
          let model = try scene.model()
          // A fifth of all fields each time, one of them set to null, the others of the object untouched.
          for object in samples.indices {
            var patch: [String: StoredValue] = [:]
            for field in types.indices where (field + object + shift) % 5 == 0 {
              let type = type(of: field, under: shift)
              let value = (object + shift) % 7 == 0 ? .null : sample(object + shift, of: type)
              let old = samples[object][field]
              patch["f\(field)"] = value
              // What reads as the same already is not written.
              if value.isNull || !value.isSame(as: FieldSample.reading(old.value, from: old.type, as: type)) {
                samples[object][field] = Written(type: type, value: value)
              }
            }
            try await scene.write(model.patch(.numbered(object), patch))
          }
          try await check(scene, samples, under: shift)
          try await scene.deploy(retyped(by: 0))
          try await check(scene, samples, under: 0)
        }
      }
    },

    ConformanceCase("Writing what reads already changes nothing; null over a value that reads as null discards it") {
      bed in
      try await Scene.with(bed, document(["a": .text, "b": .text])) { scene in
        let old = try scene.model()
        let row = try old.row(["a": .text("12"), "b": .text("late")])
        for number in 1...4 { try await scene.write(.create(old, .numbered(number), row)) }
        try await scene.deploy(document(["a": .integer, "b": .integer]))
        let model = try scene.model()
        let outcomes = try await scene.write([
          try model.patch(.numbered(1), ["a": .integer(12)]), try model.patch(.numbered(1), [:]),
          .put(model, .numbered(2), try model.row(["a": .integer(12)])),
          try model.patch(.numbered(3), ["b": .null]), try model.patch(.numbered(3), ["b": .null]),
          try model.patch(.numbered(4), ["a": .integer(13)]),
        ])
        try require(
          outcomes.map(\.word), is: ["unchanged", "unchanged", "updated", "updated", "unchanged", "updated"], "outcomes"
        )
        try await scene.deploy(document(["a": .text, "b": .text]))
        let states = try await scene.all(try scene.model())
        let expected: [[StoredValue]] = [
          [.text("12"), .text("late")], [.text("12"), .null], [.text("12"), .null], [.text("13"), .text("late")],
        ]
        for (state, values) in zip(states, expected) { try require(state.values, are: values, "\(state.id)") }
      }
    },

    ConformanceCase("Values are converted from the type of their writing, not through the types between") { bed in
      try await Scene.with(bed, document(["a": .integer, "b": .text])) { scene in
        let model = try scene.model()
        try await scene.write(.create(model, .numbered(1), model.row(["a": .integer(1), "b": .text("1")])))
        for type in [FieldType.text, .boolean, .location] { try await scene.deploy(document(["a": type, "b": type])) }
        try await scene.deploy(document(["a": .boolean, "b": .number]))
        // 1 is no text, and so no truth.
        try require(try await scene.all(try scene.model())[0].values, are: [.null, .real(1)], "the object")
      }
    },

    ConformanceCase("A field and a relationship of one name are two things: each keeps its own") { bed in
      func xml(_ member: String) -> String { SampleModel.document(SampleModel.flight(member)) }
      let (field, relationship) = (SampleModel.field("next", .text), "<belongs-to model=\"flight\" name=\"next\"/>")
      try await Scene.with(bed, xml(field)) { scene in
        var model = try scene.model()
        try await scene.write(.create(model, .numbered(1), model.row(["next": .text("x")])))
        try await scene.deploy(xml(relationship))
        model = try scene.model()
        try require(try await scene.all(model)[0].values, are: [.null], "the relationship")
        try await scene.write(model.patch(.numbered(1), ["next": .id(.numbered(1))]))
        try await scene.deploy(xml(field))
        try require(try await scene.all(try scene.model())[0].values, are: [.text("x")], "the field")
        try await scene.deploy(xml(relationship))
        try require(
          try await scene.all(try scene.model())[0].values, are: [.id(.numbered(1))], "the relationship again")
      }
    },

    ConformanceCase("An oplog entry keeps what was hidden when it was written, and shows it when it is back") { bed in
      try await Scene.with(bed, document(["a": .text, "b": .integer, "c": .text])) { scene in
        var model = try scene.model()
        let row = try model.row(["a": .text("x"), "b": .integer(1), "c": .text("5")])
        try await scene.write(.create(model, .numbered(1), row))
        try await scene.deploy(document(["b": .integer, "c": .integer]))
        model = try scene.model()
        try await scene.write(model.patch(.numbered(1), ["b": .integer(2)]))
        try await scene.write(.delete(model, .numbered(1)))
        try await scene.deploy(document(["a": .text, "b": .integer, "c": .text]))
        model = try scene.model()
        let entries = try await scene.oplog()
        for entry in entries.dropFirst() {
          try require(
            model.row(of: entry.values), are: [.text("x"), .integer(2), .text("5")],
            "the entry of the \(entry.operation)")
        }
        try require(entries.count, is: 3, "entries")
      }
    },

    ConformanceCase("A plan that meets another type is refused, and writes under that type when it is made again") {
      bed in
      // the plan's side                        | the deploy's side
      // made under a: text                     |
      //                                        | a: integer, b removed
      //                                        | somebody writes a = 5
      // runs: a = "late"; refused              |
      // made under a: integer, runs: a = 77    |
      try await Scene.with(bed, document(["a": .text, "b": .text])) { scene in
        let old = try scene.model()
        try await scene.write(.create(old, .numbered(1), old.row(["a": .text("1"), "b": .text("kept")])))
        try await scene.deploy(document(["a": .integer]))
        let new = try scene.model()
        try await scene.write(new.patch(.numbered(1), ["a": .integer(5)]))
        for late in ["late", "5"] {
          try await require(
            .replan(version: 2), from: { try await scene.write(old.patch(.numbered(1), ["a": .text(late)])) },
            "a text for the integer: \(late)")
        }
        try require(try await scene.all(new)[0].values, are: [.integer(5)], "after the refusal")
        try await scene.write(new.patch(.numbered(1), ["a": .integer(77)]))
        try await scene.deploy(document(["a": .text, "b": .text]))
        try require(
          try await scene.all(try scene.model())[0].values, are: [.text("77"), .text("kept")],
          "under the first one again")
      }
    },
  ]

  // MARK: All types at once: field `f3` has the fourth type, and under a shift the one that many further.

  private static let types = FieldType.allCases

  private struct Written {
    var type: FieldType
    var value: StoredValue
  }

  private static func type(of field: Int, under shift: Int) -> FieldType { types[(field + shift) % types.count] }

  private static func sample(_ number: Int, of type: FieldType) -> StoredValue {
    let samples = FieldSample.all(of: type)
    return samples[number % samples.count].value
  }

  private static func retyped(by shift: Int) -> String {
    let fields = types.indices.map { SampleModel.field("f\($0)", type(of: $0, under: shift)) }.joined()
    let indexes = types.indices.filter { type(of: $0, under: shift).isIndexable }.map {
      "<index on=\"\($0 % 2 == 0 ? "" : "-")f\($0)\"/>"
    }
    return SampleModel.document(SampleModel.flight(fields, tail: indexes.joined()))
  }

  /// A data model of `flight` with these fields, in alphabetical order.
  private static func document(_ fields: [String: FieldType]) -> String {
    SampleModel.document(
      SampleModel.flight(fields.sorted { $0.key < $1.key }.map { SampleModel.field($0.key, $0.value) }.joined()))
  }

  /// Objects that hold all samples, the last of them only nulls.
  private static func createSamples(_ scene: Scene) async throws -> [[Written]] {
    let model = try scene.model()
    let count = (types.map { FieldSample.all(of: $0).count }.max() ?? 0) + 1
    let objects = (0..<count).map { object in
      types.map { Written(type: $0, value: object == count - 1 ? .null : sample(object, of: $0)) }
    }
    let steps = objects.enumerated().map { WriteStep.create(model, .numbered($0), $1.map(\.value)) }
    try require(Set(try await scene.write(steps).map(\.word)), is: ["created"], "outcomes")
    return objects
  }

  /// Holds objects, lists, counts and the oplog to what was written.
  private static func check(_ scene: Scene, _ objects: [[Written]], under shift: Int) async throws {
    let model = try scene.model()
    let states = try await scene.all(model)
    let expected = zip(states, objects).map { state, object in
      var state = state
      state.values = object.enumerated().map {
        FieldSample.reading($1.value, from: $1.type, as: type(of: $0, under: shift))
      }
      return state
    }
    try require(states, are: expected, "objects under shift \(shift)")
    for (number, state) in expected.enumerated() {
      let found = try require(some: try await scene.state(.numbered(number), of: model), "object \(number)")
      try require([found], are: [state], "a single object under shift \(shift)")
    }
    for field in types.indices {
      let column = ColumnReference.column(field)
      let values = expected.map { $0.values[field] }
      var predicates: [Predicate] = [.isNull(column), .isNotNull(column)]
      if let value = values.first(where: { !$0.isNull }) {
        predicates += [.equal(column, value), .notEqual(column, value), .ordered(column, .lessOrEqual, value)]
      }
      for predicate in predicates {
        for descending in [false, true] {
          let plan = ReadPlan(
            model: model, predicate: predicate, sort: [SortKey(column: column, descending: descending)], limit: 1000)
          try require(
            try await scene.list(plan), are: plan.read(expected), "\(predicate), sorted, under shift \(shift)")
        }
        let count = try await scene.count(model, predicate)
        try require(count, is: expected.count { predicate.holds(for: $0) }, "\(predicate) under shift \(shift)")
      }
    }
    var last: [ObjectID: OplogEntry] = [:]
    for entry in try await scene.oplog() { last[entry.id] = entry }
    for state in expected {
      let entry = try require(some: last[state.id], "an entry of \(state.id)")
      try require(model.row(of: entry.values), are: state.values, "the entry of \(state.id) under shift \(shift)")
    }
  }
}
