import Storage

extension StorageConformance {
  private static let megabyte = 1 << 20

  static let sizes: [ConformanceCase] = [
    ConformanceCase("A text of five megabytes is kept, found, logged and returned") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let text = String(repeating: "\u{1F600}abc\u{E9}\n", count: 5 * megabyte / 10) + "needle"
        let row = try model.row(["tail": .text(text)])
        let outcome = try await scene.write(.create(model, .numbered(1), row))
        try require(outcome.word, is: "created", "the outcome")
        let found = try require(some: try await scene.state(.numbered(1), of: model), "the object")
        try require(found.values, are: row, "the object")
        try require(try await scene.oplog().first?.values.map(\.value) ?? [], are: [.text(text)], "its entry")
        let tail = try model.column("tail")
        try require(try await scene.count(model, .containsText(tail, "needle")), is: 1, "found by its end")
        try require(try await scene.count(model, .equal(tail, .text(text))), is: 1, "found by all of it")
        let again = try await scene.write(.put(model, .numbered(1), row))
        try require(again.word, is: "unchanged", "the same again")
      }
    },

    ConformanceCase("A list of large objects comes in pages of bounded size") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let text = String(repeating: "x", count: megabyte)
        for number in 0..<24 {
          try await scene.write(.create(model, .numbered(number), model.row(["tail": .text(text)])))
        }
        let pages = try await scene.store.read { snapshot in
          var pages: [(rows: Int, bytes: Int)] = []
          try snapshot.list(ReadPlan(model: model, limit: 1000)) { pages.append(($0.count, $0.byteCount)) }
          return pages
        }
        try require(pages.map(\.rows).reduce(0, +), is: 24, "rows")
        try require(pages.allSatisfy { $0.bytes <= 4 * megabyte }, "pages of \(pages.map(\.bytes)) bytes")
      }
    },

    ConformanceCase("A list of many small objects comes in order over all its pages") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write((0..<8000).map { .create(model, .numbered($0), try model.row()) })
        let found = try await scene.store.read { snapshot in
          var rows: [Int64] = []
          var pages = 0
          try snapshot.list(ReadPlan(model: model, limit: 1_000_000)) { page in
            pages += 1
            for row in 0..<page.count { rows.append(page.integer(row, RowPage.Lead.row)) }
          }
          return (rows: rows, pages: pages)
        }
        try require(found.rows, is: (1...8000).map { Int64($0) }, "rows")
        try require(found.pages > 1, "all came in one page")
      }
    },
  ]
}
