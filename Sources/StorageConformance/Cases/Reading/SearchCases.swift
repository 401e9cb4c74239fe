import Storage

extension StorageConformance {
  private static let rounds = 6
  private static let searchesInRound = 30

  /// Searches are exact at every moment: an index that follows behind the writes must not show.
  static let searches: [ConformanceCase] =
    (1...6 as ClosedRange<UInt64>).map { seed in
      ConformanceCase("Random texts are found where they are printed, right after writes, data set \(seed)") { bed in
        var random = RandomTexts(seed: seed)
        try await Scene.with(bed, RandomTexts.xml()) { scene in
          for round in 1...rounds {
            let model = try scene.model("note")
            let objects = try await scene.all(model)
            try await scene.write(random.steps(model, on: objects, count: round * 12))
            try await check(&random, in: scene, model)
          }
        }
      }
    } + [
      ConformanceCase("Fields that come, go and come back are searched as the data model of the moment has them") {
        bed in
        var random = RandomTexts(seed: 99)
        try await Scene.with(bed, RandomTexts.xml()) { scene in
          for xml in RandomTexts.models() {
            let before = try scene.model("note")
            try await scene.write(random.steps(before, on: try await scene.all(before), count: 40))
            try await scene.deploy(xml)
            let model = try scene.model("note")
            try await check(&random, in: scene, model)
            try await scene.write(random.steps(model, on: try await scene.all(model), count: 10))
            try await check(&random, in: scene, model)
          }
        }
      },

      ConformanceCase("Searches beside writers find what their snapshot holds") { bed in
        try await Scene.with(bed, RandomTexts.xml()) { scene in
          let model = try scene.model("note")
          try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
              group.addTask {
                var random = RandomTexts(seed: UInt64(1000 + writer))
                for _ in 0..<25 {
                  let objects = try await scene.all(model)
                  try await scene.write(random.steps(model, on: objects, count: 6))
                }
              }
            }
            group.addTask {
              var random = RandomTexts(seed: 2000)
              for _ in 0..<12 { try await check(&random, in: scene, model, searches: 5) }
            }
            try await group.waitForAll()
          }
        }
      },

      ConformanceCase("A search that looks into some fields alone finds no more for what others of its text have found")
      {
        bed in
        let fields = SampleModel.field("a", "text") + SampleModel.field("b", "text")
        try await Scene.with(bed, SampleModel.document(SampleModel.flight(fields))) { scene in
          let model = try scene.model()
          try await scene.write(
            (1...60).map { .create(model, .numbered($0), try model.row([$0 % 2 == 0 ? "a" : "b": .text("needle")])) })
          let (a, b) = (
            try require(some: model.position(of: "a"), "a"), try require(some: model.position(of: "b"), "b")
          )
          @Sendable func search(_ positions: [Int]) -> Predicate {
            let printed = positions.map { Predicate.printedContains(.column($0), .text, "needle") }
            return .search(TextSearch(text: "needle", printed: printed, direct: []))
          }
          for _ in 0..<3 {
            let counts = try await scene.store.read { snapshot in
              try [[a, b], [a], [b], [a, b]].map { try snapshot.count(model, search($0)) }
            }
            try require(counts, is: [60, 30, 30, 60], "objects")
          }
        }
      },

      ConformanceCase("A text that stands alone in a large column is found") { bed in
        try await Scene.with(bed, RandomTexts.xml()) { scene in
          let model = try scene.model("note")
          let long = String(repeating: "All work and no play. ", count: 20_000)
          try await scene.write([
            .create(model, .numbered(1), try model.row(["body": .text(long + "needle" + long)])),
            .create(model, .numbered(2), try model.row(["body": .text(long)])),
          ])
          for text in ["NEEDLE", "eed", "y. needleall", "ll"] {
            let predicate = PlainSearch(model: model).predicate(text)
            let found = try await scene.list(ReadPlan(model: model, predicate: predicate, limit: 9))
            try require(found.map(\.id), is: text == "ll" ? [.numbered(1), .numbered(2)] : [.numbered(1)], text)
          }
        }
      },
    ]

  /// Searches on snapshots of their own, each held to what the snapshot itself lists.
  static func check(
    _ random: inout RandomTexts, in scene: Scene, _ model: StoredModel, searches: Int = searchesInRound
  ) async throws {
    try await check(&random, in: scene, PlainSearch(model: model), searches: searches)
  }

  static func check(
    _ random: inout RandomTexts, in scene: Scene, _ search: PlainSearch, searches: Int
  ) async throws {
    for _ in 0..<searches {
      random = try await scene.store.read { [random] snapshot in
        var next = random
        try check(&next, in: snapshot, search)
        return next
      }
    }
  }

  private static func check(_ random: inout RandomTexts, in snapshot: any Snapshot, _ search: PlainSearch) throws {
    let model = search.model
    // The search comes first: what is read before it could help it.
    let isFirst = random.number(0...1) == 0
    var objects = isFirst ? [] : try snapshot.states(ReadPlan(model: model, limit: 1_000_000))
    let text = random.query(like: objects, of: model)
    var plan = ReadPlan(model: model, predicate: try search.asked(text), sort: random.sort(model), limit: 1_000_000)
    if random.number(0...3) == 0, let number = model.position(of: "number") {
      plan.predicate = .all([plan.predicate, .isNotNull(.column(number))])
    }
    let found = try snapshot.states(plan)
    let count = try snapshot.count(model, plan.predicate)
    if isFirst { objects = try snapshot.states(ReadPlan(model: model, limit: 1_000_000)) }
    let matching = objects.filter { object in
      if case .all(let terms) = plan.predicate, !terms[1].holds(for: object) { return false }
      return search.finds(text, in: object)
    }
    let ordered = ReadPlan(model: model, sort: plan.sort, limit: plan.limit).read(matching)
    let codes = text.unicodeScalars.map { String($0.value, radix: 16) }.joined(separator: " ")
    try require(found, are: ordered, "the search for \(codes), sorted by \(plan.sort)")
    try require(count, is: matching.count, "the count of the search for \(codes)")
    plan.skip = random.number(0...3)
    plan.limit = random.number(0...5)
    try require(
      try snapshot.states(plan), are: Array(ordered.dropFirst(plan.skip).prefix(plan.limit)),
      "skipping \(plan.skip) of the search for \(codes), at most \(plan.limit)")
  }
}
