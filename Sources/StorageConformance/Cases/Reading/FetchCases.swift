import Storage
import Wire

extension StorageConformance {
  /// What takes one call, so that a store over a network answers it in one round trip.
  static let fetches: [ConformanceCase] = [
    ConformanceCase("What is wanted of several models comes in one call, a page for each want in order") { bed in
      try await Scene.with(bed) { scene in
        let (airline, flight) = (try scene.model("airline"), try scene.model("flight"))
        try await scene.write(
          try (1...3).flatMap {
            [.create(airline, .numbered($0), try airline.row()), .create(flight, .numbered($0), try flight.row())]
          })
        let wants = [
          Want(number: 1, model: flight, ids: [.numbered(3), .numbered(9)], columns: [0]),
          Want(number: 2, model: airline, ids: [], columns: []),
          Want(number: 3, model: airline, ids: [.numbered(1), .numbered(2)], columns: []),
        ]
        let found = try await scene.store.read { snapshot in
          let fetched = try snapshot.fetch(wants, attachments: [.numbered(8)])
          return (fetched.pages.map { $0.states.map(\.id).sorted() }, fetched.rest.count, fetched.attachments.count)
        }
        try require(found.0, is: [[.numbered(3)], [], [.numbered(1), .numbered(2)]], "the ids by want")
        try require(found.1, is: 0, "wants that are left")
        try require(found.2, is: 0, "attachments that are not there")
      }
    },

    ConformanceCase("Large objects of several wants come in calls of bounded size, each once") { bed in
      try await Scene.with(bed) { scene in
        let (airline, flight) = (try scene.model("airline"), try scene.model("flight"))
        let text = StoredValue.text(String(repeating: "x", count: 700_000))
        for number in 1...4 {
          try await scene.write([
            .create(airline, .numbered(number), try airline.row(["name": text])),
            .create(flight, .numbered(number), try flight.row(["tail": text])),
          ])
        }
        let ids = (1...4).map { ObjectID.numbered($0) }
        let (calls, largest, found) = try await scene.store.read { snapshot in
          var rest = [airline, flight].map {
            Want(number: $0.number, model: $0, ids: ids, columns: Array($0.columns.indices))
          }
          var (calls, largest) = (0, 0)
          var found: [Int: [ObjectID]] = [:]
          while !rest.isEmpty, calls < 100 {
            let fetched = try snapshot.fetch(rest, attachments: [])
            calls += 1
            largest = max(largest, fetched.pages.reduce(0) { $0 + $1.byteCount })
            for (want, page) in zip(rest, fetched.pages) { found[want.number, default: []] += page.states.map(\.id) }
            rest = fetched.rest
          }
          return (calls, largest, found)
        }
        try require(calls > 1 && calls < 20, "there were \(calls) calls")
        try require(largest < 4 << 20, "a call brought \(largest) bytes")
        for model in [airline, flight] {
          try require(found[model.number, default: []].sorted(), is: ids, "the objects of \(model.name)")
        }
      }
    },

    ConformanceCase("An object comes with the sequence and the state versions of its snapshot") { bed in
      try await Scene.with(bed) { scene in
        let (airline, flight) = (try scene.model("airline"), try scene.model("flight"))
        try await scene.write([
          .create(flight, .numbered(1), flight.row()), .create(airline, .numbered(2), airline.row()),
        ])
        let found = try await scene.store.read { snapshot in
          let read = try snapshot.object(flight, .numbered(1), versionsOf: [airline, flight])
          return (
            read?.page.states.map(\.id) ?? [], read?.nextSequence == (try snapshot.nextSequence()),
            read?.stateVersions == [airline, flight].map { snapshot.stateVersion(of: $0) },
            try snapshot.object(flight, .numbered(2), versionsOf: [airline]) == nil
          )
        }
        try require(found.0, is: [.numbered(1)], "the object")
        try require(found.1, "another next sequence than the snapshot's")
        try require(found.2, "other state versions than the snapshot's")
        try require(found.3, "an object that is not there was found")
      }
    },

    ConformanceCase("A list comes with its total, its sequence and state versions") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        let number = try model.column("number")
        try await scene.write(
          (0..<30).map { .create(model, .numbered($0), try model.row(["number": .integer(Int64($0 % 3))])) })
        for (predicate, all) in [
          (Predicate.always, 30), (.equal(number, .integer(1)), 10), (.equal(number, .integer(7)), 0),
        ] {
          for skip in [0, 5, 29, 30, 100] {
            for limit in [0, 1, 4, 100] {
              let plan = ReadPlan(model: model, predicate: predicate, skip: skip, limit: limit)
              let found = try await scene.store.read { snapshot in
                var ids: [ObjectID] = []
                var isSame = true
                let want = ListWant(plan, after: nil, hasTotal: true, versioned: [model])
                let read = try snapshot.list(want) { page, versions in
                  ids += page.states.map(\.id)
                  isSame = isSame && versions == [snapshot.stateVersion(of: model)]
                }
                let next = try snapshot.nextSequence()
                return (ids, read.total, isSame && read.nextSequence == next, try snapshot.states(plan).map(\.id))
              }
              try require(found.0, is: found.3, "the list behind \(skip), at most \(limit)")
              try require(found.1, is: all, "its total")
              try require(found.2, "another state than the snapshot's")
            }
          }
        }
      }
    },

    ConformanceCase("A total is that of its snapshot, however often it was asked for, and whatever was written since") {
      bed in
      try await Scene.with(bed) { scene in
        let (model, other) = (try scene.model(), try scene.model("airline"))
        let (number, tail) = (try model.column("number"), try model.column("tail"))
        let one: Predicate = .equal(number, .integer(1))
        // Spellings that Swift takes for equal, values that are equal as numbers, the same values in other places.
        let filters: [Predicate] = [
          one, .notEqual(number, .integer(1)), .isNull(number), .among(number, [.integer(1), .integer(2)]),
          .among(number, [.integer(1)]), .equal(tail, .text("caf\u{E9}")), .equal(tail, .text("cafe\u{301}")),
          .equal(tail, .text("")), .all([one, .equal(tail, .text("1"))]), .all([.isNull(tail), one]),
          .ordered(number, .less, .integer(2)), .ordered(number, .lessOrEqual, .integer(2)),
          // The same values, parted otherwise.
          .any([
            .among(number, [1, 7].map(StoredValue.integer)), .among(.natural, [2, 4, 6].map(StoredValue.integer)),
          ]),
          .any([
            .among(number, [1, 7, 2].map(StoredValue.integer)), .among(.natural, [4, 6].map(StoredValue.integer)),
          ]),
        ]
        func check(_ what: String) async throws {
          let objects = try await scene.all(model)
          // The third time it may be known.
          for filter in filters + filters + filters {
            let plan = ReadPlan(model: model, predicate: filter, limit: 1)
            let (total, count) = try await scene.store.read { snapshot in
              let read = try snapshot.list(ListWant(plan, after: nil, hasTotal: true, versioned: [])) { _, _ in }
              return (read.total, try snapshot.count(model, filter))
            }
            try require(total, is: count, "the total where \(filter), \(what)")
            try require(total, is: objects.count { filter.holds(for: $0) }, "the count where \(filter), \(what)")
          }
        }
        try await check("of no object")
        // So many that an engine may remember them.
        try await scene.write(
          (0..<2200).map {
            let number = $0 % 2 == 0 ? StoredValue.integer(1) : .null
            return .create(model, .numbered(100 + $0), try model.row(["number": number, "tail": .text("caf\u{E9}")]))
          })
        try await check("of many")
        for (index, step) in [
          WriteStep.create(model, .numbered(1), try model.row(["number": .integer(1), "tail": .text("1")])),
          .create(model, .numbered(2), try model.row(["number": .integer(2), "tail": .text("caf\u{E9}")])),
          .create(model, .numbered(3), try model.row(["tail": .text("cafe\u{301}")])),
          .create(other, .numbered(4), try other.row()),
          try model.patch(.numbered(3), ["number": .integer(1)]),
          try model.patch(.numbered(2), ["tail": .text("cafe\u{301}")]),
          .put(model, .numbered(1), try model.row(["number": .integer(2)])),
          .delete(other, .numbered(4)),
          .delete(model, .numbered(3)),
          .create(model, .numbered(3), try model.row(["number": .integer(1), "tail": .text("")])),
        ].enumerated() {
          try await scene.write(step)
          try await check("after write \(index + 1)")
        }
      }
    },
  ]
}
