import Storage
import Wire

extension StorageConformance {
  static let histories: [ConformanceCase] = [
    ConformanceCase("History: an object's entries newest first, with state, origin and time, and no other object's") {
      bed in
      try await Scene.with(bed) { scene in
        let (flight, airline) = (try scene.model(), try scene.model("airline"))
        try await scene.write([.create(flight, .numbered(1), flight.row(["tail": .text("A")]))], origin: "token:a")
        try await scene.write([
          .create(airline, .numbered(1), airline.row()), .create(flight, .numbered(2), flight.row()),
        ])
        scene.clock.advance(byMilliseconds: 2000)
        try await scene.write([try flight.patch(.numbered(1), ["tail": .text("B")])], origin: "person:0123456789ab")
        // Nothing is changed, so nothing is told.
        try await scene.write(try flight.patch(.numbered(1), ["tail": .text("B")]))
        try await scene.write([.put(flight, .numbered(1), flight.row())], isDryRun: true)
        try await scene.write([.delete(flight, .numbered(1)), .refused], .atomic)
        let page = try await scene.history(flight, 1)
        try require(page.entries.map(\.operation), is: [.update, .create], "operations")
        try require(page.entries.map(\.origin), is: ["person:0123456789ab", "token:a"], "origins")
        try require(page.entries.map(\.updatedAt), is: [Scene.start / 1000 + 2, Scene.start / 1000], "times")
        try require(page.entries.map { $0.values.map(\.value) }, is: [[.text("B")], [.text("A")]], "states")
        try require(page.predecessor(of: 0)?.sequence, is: page.entries[1].sequence, "what was there before")
        try require(page.predecessor(of: 1) == nil, "nothing was there before the creation")
        try require(page.end, is: .whole, "the end")
        try require(try await scene.history(airline, 1).entries.count, is: 1, "entries of the airline")
        try require(try await scene.history(flight, 9).entries.count, is: 0, "entries of what never was")
      }
    },

    ConformanceCase("History: it goes on where an object comes again under its id, by whatever step") { bed in
      try await Scene.with(bed) { scene in
        let (flight, airline) = (try scene.model(), try scene.model("airline"))
        // Of another model: another object.
        try await scene.write([.create(airline, .numbered(1), airline.row()), .delete(airline, .numbered(1))])
        for step in [
          WriteStep.create(flight, .numbered(1), try flight.row()), .put(flight, .numbered(1), try flight.row()),
        ] {
          try await scene.write(step)
          try await scene.write([try flight.patch(.numbered(1), ["tail": .text("A")]), .delete(flight, .numbered(1))])
        }
        // In one plan.
        try await scene.write([
          .create(flight, .numbered(1), flight.row()), .delete(flight, .numbered(1)),
          .put(flight, .numbered(1), flight.row()),
        ])
        try await scene.write(.createNew(flight, .numbered(2), flight.row()))
        for limit in [1, 2, 100] {
          let page = try await scene.history(flight, 1, limit: limit)
          try require(
            page.entries.map(\.operation).reversed(),
            is: [.create, .update, .delete, .create, .update, .delete, .create, .delete, .create],
            "operations in pages of \(limit)")
          try require(page.end, is: .whole, "the end in pages of \(limit)")
        }
        try require(
          try await scene.history(airline, 1).entries.map(\.operation), is: [.delete, .create], "the airline")
        try require(try await scene.history(flight, 2).entries.map(\.operation), is: [.create], "a new object")
      }
    },

    ConformanceCase("History: bytes that come for an object's attachment are a change of the object") { bed in
      try await AttachmentScene.with(bed) { scene in
        let photo = scene.new(1, bytes: 1, name: "a")
        for number in [1, 2] { try await scene.put(number, photo: photo.id) }
        _ = try await scene.base.write([.receive(photo)])
        try await scene.put(1, photo: nil)
        try require(
          try await scene.base.history(scene.model, 1).entries.map(\.operation), is: [.update, .update, .create], "one")
        try require(
          try await scene.base.history(scene.model, 2).entries.map(\.operation), is: [.update, .create], "the other")
      }
    },

    ConformanceCase("History: what was trimmed is told to be missing, also where nothing is left") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write((1...3).map { .create(model, .numbered($0), try model.row()) })
        try await scene.write((1...3).map { try model.patch(.numbered($0), ["number": .integer(1)]) })
        try await scene.write(try model.patch(.numbered(1), ["number": .integer(2)]))
        try await scene.write(.delete(model, .numbered(2)))
        let entries = try await scene.oplog()
        try await scene.trim(before: entries[5].sequence)
        var page = try await scene.history(model, 1)
        try require(page.entries.map(\.sequence), is: [entries[6].sequence], "what is kept of the first")
        try require(page.end, is: .trimmed, "the first one's end")
        page = try await scene.history(model, 3)
        try require(page.entries.map(\.sequence), is: [entries[5].sequence], "what is kept of the third")
        try await scene.trim(before: .max)
        page = try await scene.history(model, 3)
        try require(page.entries.count, is: 0, "entries of the third")
        try require(page.end, is: .trimmed, "the third one's end")
        try require(try await scene.deletions(model).map(\.id), is: [.numbered(2)], "what is gone")
      }
    },

    ConformanceCase("History: a page ends before its states grow too large") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write(.create(model, .numbered(1), model.row()))
        for number in 0..<8 {
          let text = String(repeating: "\(number)", count: 400_000)
          try await scene.write(try model.patch(.numbered(1), ["tail": .text(text)]))
        }
        let page = try await scene.history(HistoryPlan(model, .numbered(1), limit: 100))
        try require((1...4).contains(page.entries.count), "a page of \(page.entries.count) states of 400 KB")
        try require(try await scene.history(model, 1).entries.count, is: 9, "all entries")
      }
    },

    ConformanceCase("History: values under another type are as they were stored, and named by their columns") { bed in
      try await Scene.with(bed, SampleModel.document(SampleModel.flight(SampleModel.field("a", "text")))) { scene in
        let old = try scene.model()
        try await scene.write(.create(old, .numbered(1), try old.row(["a": .text("twelve")])))
        try await scene.deploy(SampleModel.document(SampleModel.flight(SampleModel.field("a", "integer"))))
        let model = try scene.model()
        try await require(
          .replan(version: model.binding.version),
          from: { _ = try await scene.history(HistoryPlan(old, .numbered(1), limit: 1)) }, "an older model")
        try await scene.write(try model.patch(.numbered(1), ["a": .integer(12)]))
        let page = try await scene.history(model, 1)
        try require(page.entries.map { $0.values.map(\.value) }, is: [[.integer(12)], [.text("twelve")]], "states")
        let columns = page.layout.columns
        let types = page.entries.map { entry in
          entry.values.map { value in columns.first { $0.number == value.column }?.storedType ?? "" }
        }
        try require(types, is: [["integer"], ["text"]], "types of the columns")
      }
    },
  ]

  static let deletions: [ConformanceCase] = [
    ConformanceCase("Deleted: what is gone, newest first, with last state and who, once each and nothing that is there")
    {
      bed in
      try await Scene.with(bed) { scene in
        let (flight, airline) = (try scene.model(), try scene.model("airline"))
        try await scene.write(
          (1...9).map { .create(flight, .numbered($0), try flight.row(["number": .integer(Int64($0))])) })
        try await scene.write([.create(airline, .numbered(1), airline.row()), .delete(airline, .numbered(1))])
        for number in [3, 1, 5, 7] { try await scene.write([.delete(flight, .numbered(number))], origin: "token:a") }
        // One comes again and stays, one goes again.
        try await scene.write([
          .create(flight, .numbered(5), flight.row()), .put(flight, .numbered(3), flight.row()),
          .delete(flight, .numbered(3)),
        ])
        for limit in [1, 2, 3, 100] {
          let gone = try await scene.deletions(flight, limit: limit)
          try require(gone.map(\.id), is: [3, 7, 1].map(ObjectID.numbered), "what is gone, in pages of \(limit)")
          try require(gone.map(\.origin), is: ["password", "token:a", "token:a"], "who deleted it")
          try require(gone.map { $0.values.map(\.value) }, is: [[], [.integer(7)], [.integer(1)]], "last states")
        }
        try require(try await scene.deletions(airline).map(\.id), is: [.numbered(1)], "airlines that are gone")
      }
    }
  ]

  static let nodeHistories: [ConformanceCase] = [
    ConformanceCase("Nodes: the history of an object goes on whichever node writes it, deletes it and makes it again") {
      bed in
      try await Scene.withNodes(bed) { here, there in
        let model = try here.model()
        for round in 0..<4 {
          let (node, other) = round % 2 == 0 ? (here, there) : (there, here)
          try await node.write(.create(model, .numbered(1), model.row()))
          try await other.write(try model.patch(.numbered(1), ["number": .integer(Int64(round))]))
          try await node.write(.delete(model, .numbered(1)))
          for node in [here, there] {
            let page = try await node.history(model, 1, limit: 2)
            try require(page.entries.count, is: 3 * (round + 1), "entries in round \(round)")
            try require(page.end, is: .whole, "the end in round \(round)")
            try require(try await node.deletions(model).map(\.sequence), is: [page.entries[0].sequence], "what is gone")
          }
        }
      }
    }
  ]
}
