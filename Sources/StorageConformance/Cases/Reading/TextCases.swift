import Storage
import Wire

extension StorageConformance {
  /// Two spellings of é: Swift takes them for equal, storage must not.
  private static let composed = "caf\u{E9}"
  private static let decomposed = "cafe\u{301}"

  static let texts: [ConformanceCase] = [
    ConformanceCase("Another spelling of the same letter is a change") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write(.create(model, .numbered(1), model.row(["tail": .text(composed)])))
        let patch = try await scene.write(model.patch(.numbered(1), ["tail": .text(decomposed)]))
        try require(patch.word, is: "updated", "a patch to the other spelling")
        let found = try require(some: try await scene.all(model).first, "the object")
        try require(found.values, are: try model.row(["tail": .text(decomposed)]), "the object")
        let put = try await scene.write(.put(model, .numbered(1), model.row(["tail": .text(composed)])))
        try require(put.word, is: "updated", "a put of the first spelling")
        try require(try await scene.oplog().count, is: 3, "oplog entries")
      }
    },

    ConformanceCase("Filters tell spellings of one letter apart") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let tail = try model.column("tail")
        try await scene.write([
          .create(model, .numbered(1), model.row(["tail": .text(composed)])),
          .create(model, .numbered(2), model.row(["tail": .text(decomposed)])),
        ])
        let table: [(Predicate, [ObjectID])] = [
          (.equal(tail, .text(composed)), [.numbered(1)]), (.equal(tail, .text(decomposed)), [.numbered(2)]),
          (.notEqual(tail, .text(composed)), [.numbered(2)]),
          (.containsText(tail, "\u{301}"), [.numbered(2)]),
          (.containsText(tail, "cafe"), [.numbered(2)]), (.containsText(tail, "\u{E9}"), [.numbered(1)]),
          (.containsText(tail, "CAF"), []),
        ]
        for (predicate, expected) in table {
          let found = try await scene.list(ReadPlan(model: model, predicate: predicate, limit: 10))
          try require(found.map(\.id), is: expected, "\(predicate)")
        }
      }
    },
  ]
}
