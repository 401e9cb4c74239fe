import DataModel
import Storage
import Wire

extension StorageConformance {
  private static let retypedObjects = 60
  private static let searchesOfRetyped = 300

  /// Each field was a text or a number when some of its values were written.
  private static let retypings: [(name: String, before: FieldType, after: FieldType)] = [
    ("whole", .text, .integer), ("number", .text, .number), ("day", .text, .date), ("time", .text, .datetime),
    ("truth", .text, .boolean), ("key", .text, .singleChoice), ("level", .text, .singleChoiceInteger),
    ("word", .integer, .text), ("list", .singleChoice, .multipleChoice), ("kept", .integer, .integer),
  ]

  /// Texts that read as something under other types, and that meet what searches look for.
  private static let readable = [
    "1", "2", " 3.0", "10", "-2", "0", "-0", "0.5", "3.5", "1e-300", "1970-01-01", "1969-12-31", "1970-01-02T00:00:01Z",
    "0001-01-01", "true", "False", "late", "a", "A", "", "2147483647", String(repeating: "9", count: 400),
  ]

  static let retypedSearches: [ConformanceCase] = (201...204).map { (seed: UInt64) in
    ConformanceCase(
      "Random searches and walks over values of other types agree with the plain reading, data set \(seed)"
    ) {
      bed in
      var random = RandomSearches(seed: seed)
      var chance = SplitMix(seed: seed)
      func xml(_ type: (FieldType, FieldType) -> FieldType) -> String {
        SampleModel.document(
          SampleModel.flight(
            retypings.map { SampleModel.field($0.name, type($0.before, $0.after)) }.joined(),
            tail: "<index on=\"whole,-kept\"/><index on=\"-word\"/>"))
      }
      try await Scene.with(bed, xml { before, _ in before }) { scene in
        let before = try scene.model()
        for number in 1...retypedObjects {
          let row = retypings.map { field -> StoredValue in
            if chance.once(in: 5) { return .null }
            switch field.before {
            case .text: return .text(chance.pick(readable) ?? "")
            case .singleChoice: return .text(chance.pick(["late", "caf\u{E9}"]) ?? "")
            default: return .integer(Int64.random(in: -3...3, using: &chance))
            }
          }
          try await scene.write(.create(before, .numbered(number), row))
          scene.clock.advance(byMilliseconds: 400)
        }
        try await scene.deploy(xml { _, after in after })
        let model = try scene.model()
        for step in random.steps(model, objects: 12) { try await scene.write(step) }
        for number in 1...retypedObjects where chance.once(in: 3) {
          try await scene.write(
            model.patch(
              .numbered(number),
              [
                "whole": .integer(Int64.random(in: -3...3, using: &chance)), "number": .real(0.5),
                "time": .integer(86_401),
              ]))
        }
        // That values read as the rules say is asked by other cases.
        let objects = try await scene.all(model)
        let plans = (0..<searchesOfRetyped).map { _ in random.plan(model, like: objects) }
        try await scene.store.read { snapshot in
          for (index, plan) in plans.enumerated() {
            try check(plan, of: objects, in: snapshot)
            guard index % 5 == 0 else { continue }
            var walked = plan
            (walked.skip, walked.limit) = (0, 1 + index % 9)
            try walk(walked, of: objects, in: snapshot)
            let want = ListWant(plan, after: nil, hasTotal: true, versioned: [model])
            let read = try snapshot.list(want) { _, _ in }
            try require(
              read.total, is: objects.count { plan.predicate.holds(for: $0) }, "the total where \(plan.predicate)")
          }
        }
      }
    }
  }
}
