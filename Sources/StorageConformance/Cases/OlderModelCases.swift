import DataModel
import Storage
import Wire

// Reads of requests that began before a deploy.

extension StorageConformance {
  private static func document(_ types: [(String, FieldType)]) -> String {
    SampleModel.document(SampleModel.flight(types.map { SampleModel.field($0.0, $0.1.rawValue) }.joined()))
  }

  static let olderModels: [ConformanceCase] = [
    ConformanceCase("A read under an earlier data model sees what was written since, as its own types read it") { bed in
      try await Scene.with(bed, document([("a", .integer), ("b", .text)])) { scene in
        let began = scene.store.dataModel
        let old = try scene.model()
        for number in 1...4 {
          let row = try old.row(["a": .integer(Int64(number)), "b": .text("\(number)")])
          try await scene.write(.create(old, .numbered(number), row))
        }
        try await scene.deploy(document([("a", .text), ("b", .integer), ("c", .text)]))
        let new = try scene.model()
        // The second is written with values that convert, the third with one that does not, the fourth with nulls.
        try await scene.write(new.patch(.numbered(2), ["a": .text("20"), "b": .integer(21), "c": .text("x")]))
        try await scene.write(new.patch(.numbered(3), ["a": .text("late")]))
        try await scene.write(new.patch(.numbered(4), ["a": .null, "b": .null]))
        let expected: [[StoredValue]] = [
          [.integer(1), .text("1")], [.integer(20), .text("21")], [.null, .text("3")], [.null, .null],
        ]
        func check(_ what: String) async throws {
          for number in 1...4 {
            let state = try await scene.state(.numbered(number), of: old)
            try require(state?.values ?? [], are: expected[number - 1], "object \(number) \(what)")
          }
          try require(
            try await scene.all(old).flatMap(\.values), are: expected.flatMap { $0 }, "the list \(what)")
          let ids = (1...4).map { ObjectID.numbered($0) }
          let found = try await scene.store.read { try $0.objects(old, ids: ids, columns: [0]).flatMap(\.states) }
          try require(
            found.sorted { $0.row < $1.row }.flatMap(\.values), are: expected.map { $0[0] }, "one column \(what)")
          let twenty = Predicate.equal(try old.column("a"), .integer(20))
          try require(try await scene.count(old, twenty), is: 1, "the count \(what)")
          let sorted = try await scene.list(
            ReadPlan(
              model: old, sort: [SortKey(column: try old.column("a"), descending: true)], limit: 2))
          try require(sorted.map(\.row), is: [2, 1], "the order \(what)")
          let rows = try await scene.store.read { snapshot in
            var rows: [[StoredValue]] = []
            _ = try snapshot.oplog(OplogPlan(start: 0, limit: 100), under: began) { page in
              for entry in page.entries { rows.append(page.groups[entry.group].rows.states[entry.row].values) }
            }
            return rows
          }
          try require(
            rows.suffix(3).flatMap { $0 }, are: expected.suffix(3).flatMap { $0 }, "the oplog \(what)")
        }
        try await check("after the deploy")
        // One more deploy that has nothing to do with it, and one that brings the types back.
        try await scene.deploy(document([("a", .text), ("b", .integer)]))
        try await check("after two deploys")
        try await scene.deploy(document([("a", .integer), ("b", .text)]))
        try await check("under the types that it began with")
      }
    }
  ]
}
