import Storage
import Wire

/// Counts that end early. That they are right where they do not is asked by `predicates`, of random searches.
extension StorageConformance {
  static let counts: [ConformanceCase] = [
    ConformanceCase("A count that has no time says at least how many, and the snapshot goes on") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let objects = 4000
        try await fill(scene, model, objects)
        // No index serves it, so that all objects must be looked at.
        let predicate = Predicate.equal(try model.column("tail"), .text("even"))
        try await scene.store.read { snapshot in
          for limit in [Duration.zero, .nanoseconds(1), .seconds(-1)] {
            let count = try snapshot.count(model, predicate, upTo: .max, within: limit)
            guard case .stopped(let least) = count, (0..<objects / 2).contains(least) else {
              throw ConformanceFailure("within \(limit) the count is \(count) of \(objects / 2)")
            }
          }
          let whole = try snapshot.count(model, predicate, upTo: .max, within: .seconds(Int64.max / 4))
          try require(whole, is: .exact(objects / 2), "the count with all the time")
          try require(
            try snapshot.count(model, predicate, upTo: 10, within: .seconds(60)), is: .over(10), "the count up to 10")
          try require(
            try snapshot.count(model, .always, upTo: 10, within: .zero), is: .exact(objects),
            "the count of all, which takes no time")
          try require(try snapshot.count(model, predicate), is: objects / 2, "the count without bounds, afterwards")
        }
      }
    },

    ConformanceCase("A read that has no time is given up, and the snapshot goes on") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let objects = 4000
        try await fill(scene, model, objects)
        let predicate = Predicate.equal(try model.column("tail"), .text("none"))
        try await scene.store.read { snapshot in
          for limit in [Duration.zero, .nanoseconds(1), .seconds(-1)] {
            let count = try snapshot.limited(to: limit) { try snapshot.count(model, predicate) }
            try require(count, is: nil, "a count within \(limit)")
          }
          let inner = try snapshot.limited(to: .seconds(60)) {
            try snapshot.limited(to: .zero) { try snapshot.count(model, predicate) } ?? -1
          }
          try require(inner, is: -1, "a limit within a limit")
          let count = try snapshot.limited(to: .seconds(60)) { try snapshot.count(model, predicate) }
          try require(count, is: 0, "a count with time")
          do {
            _ = try snapshot.limited(to: .seconds(60)) { throw ConformanceFailure("from within") }
            throw ConformanceFailure("what was thrown within is gone")
          } catch let failure as ConformanceFailure where failure.description.contains("from within") {}
          try require(try snapshot.count(model, .always), is: objects, "the count of all, afterwards")
        }
      }
    },

    ConformanceCase("A count that stops early ends no search") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await fill(scene, model, 400)
        let search = PlainSearch(model: model).predicate("even")
        let landed = Predicate.equal(try model.column("level"), .integer(1))
        let table: [(Predicate, Int)] = [(search, 200), (.all([search, landed]), 100)]
        try await scene.store.read { snapshot in
          for (predicate, matching) in table {
            try require(
              try snapshot.count(model, predicate, upTo: 10, within: .seconds(60)), is: .over(10), "up to 10")
            try require(
              try snapshot.count(model, predicate, upTo: matching, within: .seconds(60)), is: .exact(matching),
              "up to as many as there are")
          }
        }
      }
    },

    ConformanceCase("Entries of the oplog say who made them where they are asked") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let origins = ["password", "token:import", "person:0123456789ab", "person:0123456789ab/job:7"]
        for (index, origin) in origins.enumerated() {
          try await scene.write([.create(model, .numbered(index), model.row())], origin: origin)
        }
        let deployed = scene.store.dataModel
        for (isTail, hasOrigins) in [(false, true), (true, true), (false, false)] {
          let found = try await scene.store.read { snapshot in
            var found: [String?] = []
            let plan = OplogPlan(limit: 3, isTail: isTail, hasOrigins: hasOrigins)
            _ = try snapshot.oplog(plan, under: deployed) { found += $0.entries.map(\.origin) }
            return found
          }
          let wanted: [String?] = Array(isTail ? origins.suffix(3) : origins.prefix(3))
          try require(found, is: hasOrigins ? wanted : [nil, nil, nil], "origins")
        }
      }
    },
  ]

  /// Objects of which every other has the tail `even`, and every fourth the level 1 as well.
  private static func fill(_ scene: Scene, _ model: StoredModel, _ objects: Int) async throws {
    for start in stride(from: 0, to: objects, by: 500) {
      try await scene.write(
        try (start..<min(start + 500, objects)).map { number in
          .create(
            model, .numbered(number),
            try model.row([
              "tail": .text(number.isMultiple(of: 2) ? "even" : "odd"),
              "level": number.isMultiple(of: 4) ? .integer(1) : .null,
            ]))
        })
    }
  }
}
