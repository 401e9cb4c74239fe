import Storage
import Wire

extension StorageConformance {
  static let lists: [ConformanceCase] = [
    ConformanceCase("Ties go by order of creation, in the direction of the last key") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let airline = try model.column("airline")
        let departure = try model.column("departure")
        // Departures 1, 1, 2, 2, none, none, in a first airline and then a second one.
        for carrier in 1...2 {
          for (index, time) in [1, 1, 2, 2, nil, nil].enumerated() {
            try await scene.write(
              .create(
                model, .numbered(carrier * 10 + index),
                model.row([
                  "airline": .id(.numbered(carrier)), "departure": time.map { .integer(Int64($0)) } ?? .null,
                ])))
          }
        }
        let table: [([SortKey], [Int])] = [
          ([], [10, 11, 12, 13, 14, 15]),
          ([SortKey(column: departure, descending: false)], [14, 15, 10, 11, 12, 13]),
          ([SortKey(column: departure, descending: true)], [13, 12, 11, 10, 15, 14]),
          ([SortKey(column: .natural, descending: true)], [15, 14, 13, 12, 11, 10]),
          ([SortKey(column: .updatedAt, descending: false)], [10, 11, 12, 13, 14, 15]),
          ([SortKey(column: .updatedAt, descending: true)], [15, 14, 13, 12, 11, 10]),
          (
            [SortKey(column: airline, descending: true), SortKey(column: departure, descending: false)],
            [14, 15, 10, 11, 12, 13]
          ),
          (
            [SortKey(column: departure, descending: false), SortKey(column: airline, descending: true)],
            [15, 14, 11, 10, 13, 12]
          ),
          (
            [SortKey(column: departure, descending: true), SortKey(column: airline, descending: false)],
            [12, 13, 10, 11, 14, 15]
          ),
          ([SortKey(column: .id, descending: true)], [15, 14, 13, 12, 11, 10]),
        ]
        let ofFirst = Predicate.equal(airline, .id(.numbered(1)))
        for (sort, expected) in table {
          let found = try await scene.list(ReadPlan(model: model, predicate: ofFirst, sort: sort, limit: 100))
          try require(found.map(\.id), is: expected.map { .numbered($0) }, "sorted by \(sort)")
          let middle = try await scene.list(
            ReadPlan(model: model, predicate: ofFirst, sort: sort, skip: 2, limit: 3))
          try require(
            middle.map(\.id), is: expected[2..<5].map { .numbered($0) }, "the middle, sorted by \(sort)")
        }
      }
    },

    ConformanceCase("Texts sort by code point, not by UTF-16 and not by letter") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let sorted = [
          "", "A", "B", "a", "ab", "a\u{301}", "z", "\u{E1}", "\u{E000}", "\u{FFFD}", "\u{10000}",
          "\u{10FFFF}",
        ]
        for (index, text) in sorted.enumerated().reversed() {
          try await scene.write(.create(model, .numbered(index), model.row(["tail": .text(text)])))
        }
        let tail = try model.column("tail")
        for descending in [false, true] {
          let found = try await scene.list(
            ReadPlan(model: model, sort: [SortKey(column: tail, descending: descending)], limit: 100))
          let expected = sorted.indices.map { ObjectID.numbered($0) }
          try require(
            found.map(\.id), is: descending ? expected.reversed() : expected, "descending \(descending)")
        }
      }
    },

    ConformanceCase("Skip and limit take every part, also beyond the end") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write((0..<20).map { .create(model, .numbered($0), try model.row()) })
        let table: [(skip: Int, limit: Int, expected: Range<Int>)] = [
          (0, 20, 0..<20), (0, 1, 0..<1), (19, 1, 19..<20), (19, 100, 19..<20), (20, 5, 0..<0), (0, 0, 0..<0),
          (7, 6, 7..<13), (.max, 1000, 0..<0), (.max, .max, 0..<0), (3, .max, 3..<20),
        ]
        for (skip, limit, expected) in table {
          let found = try await scene.list(ReadPlan(model: model, skip: skip, limit: limit))
          try require(found.map(\.id), is: expected.map { .numbered($0) }, "skip \(skip), limit \(limit)")
        }
      }
    },

    ConformanceCase("Large numbers of ids are found at once, with the columns asked for") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write(
          (0..<3000).map { .create(model, .numbered($0), try model.row(["number": .integer(Int64($0))])) })
        let columns = [try model.columnIndex("tail"), try model.columnIndex("number")]
        for count in [0, 1, 2, 5, 17, 65, 255, 256, 257, 1000, 1024, 1025, 6000] {
          let ids = (0..<count).map { ObjectID.numbered($0 * 7 % 6007) }
          let found = try await scene.store.read { try $0.objects(model, ids: ids, columns: columns).flatMap(\.states) }
          let expected = ids.filter { $0.low < 3000 }
          try require(found.map(\.id).sorted(), is: expected.sorted(), "of \(count) ids")
          for state in found {
            try require(
              state.values, are: [.null, .integer(Int64(state.id.low))], "the columns of \(state.id)")
          }
        }
      }
    },

    ConformanceCase("Objects found by id come in pages of bounded size, and more may be asked in between") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let text = String(repeating: "x", count: 500_000)
        let count = 24
        for index in 0..<count {
          try await scene.write(
            .create(model, .numbered(index), try model.row(["tail": .text(text + String(index))])))
        }
        let ids = (0..<count * 2).map { ObjectID.numbered($0) }
        let columns = Array(model.columns.indices)
        let expected = try await scene.all(model)
        let found = try await scene.store.read { snapshot in
          var states: [ObjectState] = []
          var largest = 0
          var pages = 0
          var rest = [Want(number: 7, model: model, ids: ids, columns: columns)]
          while !rest.isEmpty {
            let fetched = try snapshot.fetch(rest, attachments: [])
            for page in fetched.pages {
              states += page.states
              largest = max(largest, page.byteCount)
              pages += 1
            }
            try require(fetched.rest.allSatisfy { $0.number == 7 }, "the rest is of another want")
            rest = fetched.rest
            let all = try snapshot.objects(model, ids: ids, columns: columns).flatMap(\.states).count
            try require(all, is: count, "objects found in between")
          }
          for ids in [[], [ObjectID.numbered(999_999)]] {
            let none = try snapshot.objects(model, ids: ids, columns: columns)
            if none.contains(where: { !$0.isEmpty }) { pages += 1000 }
          }
          return (states: states, largest: largest, pages: pages)
        }
        try require(found.states.sorted { $0.row < $1.row }, are: expected, "the objects")
        try require(found.largest < 4 << 20, "a page holds \(found.largest) bytes")
        try require(found.pages > 2 && found.pages < 1000, "there were \(found.pages) pages")
      }
    },

    ConformanceCase("Chains of thousands of terms are searched for") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let number = try model.column("number")
        let tags = try model.column("tags")
        try await scene.write(
          (0..<10).map {
            .create(
              model, .numbered($0),
              try model.row(["number": .integer(Int64($0)), "tags": .text("[\"late\"]")]))
          })
        let terms = 2000
        let table: [(String, Predicate, Int)] = [
          ("or", .any((5..<terms).map { .equal(number, .integer(Int64($0))) }), 5),
          ("and", .all((5..<terms).map { .notEqual(number, .integer(Int64($0))) }), 5),
          ("or of keys", .any((0..<terms).map { .hasKey(tags, .text($0 == 1234 ? "late" : "k\($0)")) }), 10),
          ("and of keys", .all((0..<terms).map { .lacksKey(tags, .text("k\($0)")) }), 10),
          (
            "or of ands",
            .any((0..<terms / 2).map { .all([.equal(number, .integer(Int64($0))), .isNotNull(tags)]) }), 10
          ),
        ]
        for (name, predicate, expected) in table {
          try require(try await scene.count(model, predicate), is: expected, name)
        }
        var nested = Predicate.equal(number, .integer(3))
        for level in 0..<64 {
          nested = level % 2 == 0 ? .any([.never, nested]) : .all([nested, .isNotNull(tags)])
        }
        try require(try await scene.count(model, nested), is: 1, "64 levels")
      }
    },
  ]
}
