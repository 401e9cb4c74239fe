import Crypto
import Storage
import Wire

extension StorageConformance {
  /// What the store keeps of attachments: in the transaction of the write, and counted by who needs it.
  static let attachments: [ConformanceCase] = [
    ConformanceCase("An attachment that a write brings is kept with its bytes' name, and goes when nothing links it") {
      bed in
      try await AttachmentScene.with(bed) { scene in
        let new = scene.new(1, bytes: 7, name: "a.pdf")
        try await scene.put(1, photo: new.id, bringing: [new])
        try await scene.check(new.id, is: new)
        try await scene.put(2, photo: new.id)
        try await scene.sweep(expecting: 0)
        try await scene.put(1, photo: nil)
        try await scene.sweep(expecting: 0)
        _ = try await scene.base.write([.delete(scene.model, .numbered(2))])
        try await scene.sweep(expecting: 0, afterSeconds: 0)
        try await scene.sweep(expecting: 1)
        try await scene.check(new.id, is: nil)
      }
    },
    ConformanceCase("An id that nobody knows is kept as one whose bytes are still to come") { bed in
      try await AttachmentScene.with(bed) { scene in
        try await scene.put(1, photo: .numbered(900))
        let found = try await scene.find(.numbered(900))
        try require(found.map { $0.hash == nil } ?? false, "a pending attachment, not \(String(describing: found))")
        try await scene.sweep(expecting: 0)
      }
    },
    ConformanceCase("The bytes and the name of the present attachment change nothing") { bed in
      try await AttachmentScene.with(bed) { scene in
        let first = scene.new(1, bytes: 7, name: "a.pdf")
        try await scene.put(1, photo: first.id, bringing: [first])
        let again = scene.new(2, bytes: 7, name: "a.pdf")
        let outcome = try await scene.put(1, photo: again.id, bringing: [again])
        guard case .unchanged(let state?) = outcome else { throw ConformanceFailure("\(outcome), not unchanged") }
        try require(state.values[scene.photo], is: .id(first.id), "the attachment of the unchanged object")
        try await scene.check(again.id, is: nil)
        let renamed = scene.new(3, bytes: 7, name: "b.pdf")
        try await scene.put(1, photo: renamed.id, bringing: [renamed])
        try await scene.check(renamed.id, is: renamed)
        try require(try await scene.base.oplog().count, is: 2, "entries")
        // Beside a change of something else the id stays too.
        let third = scene.new(4, bytes: 7, name: "b.pdf")
        let both = try await scene.base.store.write(
          WritePlan(
            steps: [
              .patch(
                scene.model, .numbered(1),
                [(scene.photo, .id(third.id)), (try scene.model.columnIndex("name"), .text("x"))])
            ], origin: "password", returnsStates: true, attachments: [third.id: third]))
        guard case .updated(let state?) = both.steps[0] else { throw ConformanceFailure("\(both), not updated") }
        try require(state.values[scene.photo], is: .id(renamed.id), "the attachment of the updated object")
      }
    },
    ConformanceCase("A step that fails, a dry run and a batch that is undone note nothing") { bed in
      try await AttachmentScene.with(bed) { scene in
        try await scene.put(1, photo: nil)
        let new = scene.new(1, bytes: 7, name: nil)
        let row = try scene.model.row(["photo": .id(new.id)])
        let create = WriteStep.create(scene.model, .numbered(1), row)
        let good = WriteStep.create(scene.model, .numbered(2), row)
        let missing = WriteStep.patch(scene.model, .numbered(9), [(scene.photo, .id(new.id))])
        for plan in [
          WritePlan(steps: [create], origin: "password", attachments: [new.id: new]),
          WritePlan(steps: [missing], origin: "password", attachments: [new.id: new]),
          WritePlan(steps: [good, missing], policy: .atomic, origin: "password", attachments: [new.id: new]),
          WritePlan(steps: [good], isDryRun: true, origin: "password", attachments: [new.id: new]),
        ] {
          _ = try await scene.base.store.write(plan)
          try await scene.check(new.id, is: nil)
        }
        try require(try await scene.base.store.blobs(after: nil, most: 10).count, is: 0, "blobs")
      }
    },
    ConformanceCase("Bytes that come on their own update every object that waits for them, in order") { bed in
      try await AttachmentScene.with(bed) { scene in
        let new = scene.new(5, bytes: 7, name: "a.pdf")
        try await scene.put(1, photo: new.id)
        try await scene.put(2, photo: nil)
        try await scene.put(3, photo: new.id)
        scene.base.clock.advance(byMilliseconds: 3000)
        let outcome = try await scene.base.write([.receive(new)])
        guard case .created = outcome[0] else { throw ConformanceFailure("\(outcome), not created") }
        try await scene.check(new.id, is: new)
        let entries = try await scene.base.oplog().suffix(2)
        try require(entries.map(\.operation), is: [.update, .update], "operations")
        try require(entries.map(\.id), is: [.numbered(1), .numbered(3)], "objects")
        let state = try await scene.base.state(.numbered(3), of: scene.model)
        try require(state?.sequence, is: entries.last?.sequence, "the sequence of the object's last write")
        try require(state?.updatedAt, is: Scene.start / 1000 + 3, "updated_at")
        let again = try await scene.base.write([.receive(new)])
        guard case .idInUse = again[0] else { throw ConformanceFailure("\(again), not in use") }
        try require(try await scene.base.oplog().count, is: 5, "entries")
      }
    },
    ConformanceCase("Bytes that come for a new id wait to be linked, and go when nothing does") { bed in
      try await AttachmentScene.with(bed) { scene in
        let new = scene.new(5, bytes: 7, name: nil)
        _ = try await scene.base.write([.receive(new)])
        try require(try await scene.base.oplog().count, is: 0, "entries")
        try await scene.put(1, photo: new.id)
        try await scene.sweep(expecting: 0)
        let other = scene.new(6, bytes: 8, name: nil)
        _ = try await scene.base.write([.receive(other)])
        try await scene.sweep(expecting: 1)
        try await scene.check(new.id, is: new)
      }
    },
    ConformanceCase("Bytes are forgotten when the last attachment that has them is gone, and not before") { bed in
      try await AttachmentScene.with(bed) { scene in
        let (one, two) = (scene.new(1, bytes: 7, name: "a"), scene.new(2, bytes: 7, name: "b"))
        try await scene.put(1, photo: one.id, bringing: [one])
        try await scene.put(2, photo: two.id, bringing: [two])
        try require(
          try await scene.base.store.blobs(after: nil, most: 10).map(\.attachments), is: [2], "who needs them")
        try await scene.put(1, photo: nil)
        try await scene.sweep(expecting: 1)
        try await scene.remove(one.key, expecting: false)
        try await scene.put(2, photo: nil)
        try await scene.sweep(expecting: 1)
        let unneeded = try await scene.base.store.unneededBlobs(since: scene.later, most: 10)
        try require(unneeded, is: [one.key], "blobs that nobody needs")
        let stray = BlobKey(scene.hash(99))
        let unknown = try await scene.base.store.unknownBlobs(among: [one.key, stray])
        try require(unknown, is: [stray], "blobs that nobody knows")
        try await scene.remove(one.key, expecting: true)
        try await scene.remove(stray, expecting: true)
      }
    },
    ConformanceCase("The figures of a store count the attachments that objects link, and their bytes") { bed in
      try await AttachmentScene.with(bed) { scene in
        func check(_ attachments: Int, _ bytes: Int, _ what: String) throws {
          try require(
            scene.base.store.figures.attachments, is: AttachmentTotals(attachments: attachments, bytes: bytes), what)
        }
        try check(0, 0, "of a store without attachments")
        let (one, two) = (scene.new(1, bytes: 7, name: "a"), scene.new(2, bytes: 30, name: "b"))
        try await scene.put(1, photo: one.id, bringing: [one])
        try await scene.put(2, photo: two.id, bringing: [two])
        try check(2, 37, "after two uploads")
        try await scene.put(3, photo: two.id)
        try check(2, 37, "where one is linked twice")
        let late = scene.new(3, bytes: 100, name: nil)
        try await scene.put(4, photo: late.id)
        try check(3, 37, "with one whose bytes are to come")
        _ = try await scene.base.write([.receive(late)])
        try check(3, 137, "with its bytes")
        try await scene.put(2, photo: nil)
        try check(3, 137, "where one link of two is gone")
        _ = try await scene.base.write([.delete(scene.model, .numbered(3))])
        try check(2, 107, "where both are gone")
        try await scene.sweep(expecting: 1)
        _ = try await scene.base.write([.receive(scene.new(4, bytes: 1000, name: nil))])
        try check(2, 107, "after a sweep, and an upload that nothing links")
        _ = try await scene.base.store.write(
          WritePlan(
            steps: [.put(scene.model, .numbered(1), try scene.model.row(["photo": .null])), .refused],
            policy: .atomic, origin: "password"))
        try check(2, 107, "after a batch that was undone")
      }
    },
    ConformanceCase("A field that no data model shows any more still links what it holds") { bed in
      try await AttachmentScene.with(bed) { scene in
        let new = scene.new(1, bytes: 7, name: nil)
        try await scene.put(1, photo: new.id, bringing: [new])
        try await scene.base.deploy(AttachmentScene.schema(type: "text"))
        try await scene.sweep(expecting: 0)
        let model = try scene.base.model()
        // The value of another type is discarded with the attachment that it was.
        _ = try await scene.base.write([try model.patch(.numbered(1), ["photo": .text("x")])])
        try await scene.sweep(expecting: 1)
        try await scene.base.deploy(AttachmentScene.schema(type: "photo"))
        let other = scene.new(2, bytes: 8, name: nil)
        try await scene.put(1, photo: other.id, bringing: [other])
        try await scene.base.deploy(AttachmentScene.schema(type: nil))
        _ = try await scene.base.write([.delete(try scene.base.model(), .numbered(1))])
        try await scene.sweep(expecting: 1)
      }
    },
    ConformanceCase("Lost bytes are said to be lost until the same bytes come again") { bed in
      try await AttachmentScene.with(bed) { scene in
        let new = scene.new(1, bytes: 7, name: nil)
        try await scene.put(1, photo: new.id, bringing: [new])
        try await scene.base.store.note([new.key, BlobKey(scene.hash(99))], areLost: true)
        try require(try await scene.find(new.id)?.isLost, is: true, "lost")
        let again = scene.new(2, bytes: 7, name: nil)
        let outcome = try await scene.put(1, photo: again.id, bringing: [again])
        guard case .unchanged = outcome else { throw ConformanceFailure("\(outcome), not unchanged") }
        try require(try await scene.find(new.id)?.isLost, is: false, "lost, after the same bytes came")
        try await scene.base.store.note([new.key], areLost: true)
        let other = scene.new(3, bytes: 8, name: nil)
        let received = NewAttachment(id: new.id, hash: other.hash, size: 8, traits: 0, fileName: nil)
        guard case .created = try await scene.base.write([.receive(received)])[0] else {
          throw ConformanceFailure("an attachment that lost its bytes took no others")
        }
        try await scene.check(new.id, is: received)
      }
    },
    ConformanceCase("Counts that are made anew are those that every write noted, and mending them changes nothing") {
      bed in
      try await AttachmentScene.with(bed) { scene in
        try require(try await scene.base.store.recount(most: 10), is: Recount(), "wrong counts of an empty store")
        let (one, two) = (scene.new(1, bytes: 7, name: "a"), scene.new(2, bytes: 7, name: "b"))
        try await scene.put(1, photo: one.id, bringing: [one])
        try await scene.put(2, photo: one.id)
        try await scene.put(3, photo: two.id, bringing: [two])
        try await scene.put(4, photo: .numbered(900))
        try await scene.put(3, photo: nil)
        _ = try await scene.base.write([.delete(scene.model, .numbered(2))])
        try require(try await scene.base.store.recount(most: 10), is: Recount(), "wrong counts")
        try await scene.base.deploy(AttachmentScene.schema(type: "text"))
        let model = try scene.base.model()
        _ = try await scene.base.write([try model.patch(.numbered(4), ["photo": .text("x")])])
        try require(try await scene.base.store.recount(most: 10), is: Recount(), "wrong counts behind another type")
        try await scene.base.store.mendCounts(at: scene.later)
        try await scene.sweep(expecting: 2)
        try require(try await scene.base.store.recount(most: 10), is: Recount(), "wrong counts after the sweep")
        try await scene.check(one.id, is: one)
      }
    },
  ]
}

/// A store with a model that has a photo.
struct AttachmentScene {
  let base: Scene
  let model: StoredModel
  let photo: Int

  static func schema(type: String?) -> String {
    let photo = type.map { SampleModel.field("photo", $0) } ?? ""
    return SampleModel.document(SampleModel.flight(SampleModel.field("name", "text") + photo))
  }

  static func with(_ bed: any StorageBed, _ body: (AttachmentScene) async throws -> Void) async throws {
    try await Scene.with(bed, schema(type: "photo")) { scene in
      let model = try scene.model()
      try await body(AttachmentScene(base: scene, model: model, photo: try model.columnIndex("photo")))
    }
  }

  static func withNodes(
    _ bed: any StorageBed, _ body: (AttachmentScene, AttachmentScene) async throws -> Void
  ) async throws {
    try await Scene.withNodes(bed, schema(type: "photo")) { here, there in
      let model = try here.model()
      let photo = try model.columnIndex("photo")
      try await body(
        AttachmentScene(base: here, model: model, photo: photo),
        AttachmentScene(base: there, model: try there.model(), photo: photo))
    }
  }

  func hash(_ bytes: Int) -> ContentHash { ContentHash(of: [UInt8(truncatingIfNeeded: bytes)]) }

  func new(
    _ number: Int, bytes: Int, name: String?, generation: Int64 = BlobKey.firstGeneration
  ) -> NewAttachment {
    NewAttachment(
      id: .numbered(1000 + number), hash: hash(bytes), generation: generation, size: Int64(bytes), traits: 3,
      fileName: name)
  }

  @discardableResult
  func put(_ number: Int, photo: ObjectID?, bringing new: [NewAttachment] = []) async throws -> StepOutcome {
    let model = try base.model()
    let row = try model.row(["photo": photo.map { .id($0) } ?? .null])
    let plan = WritePlan(
      steps: [.put(model, .numbered(number), row)], origin: "password", returnsStates: true,
      attachments: Dictionary(new.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }))
    return try require(some: try await base.store.write(plan).steps.first, "the outcome of a put")
  }

  func find(_ id: ObjectID) async throws -> AttachmentRecord? {
    try await base.store.read { try $0.attachments([id])[id] }
  }

  func check(_ id: ObjectID, is new: NewAttachment?) async throws {
    let wanted = new.map {
      AttachmentRecord(
        id: id, hash: $0.hash, generation: $0.generation, size: $0.size, traits: $0.traits, fileName: $0.fileName,
        isLost: false)
    }
    try require(try await find(id), is: wanted, "the attachment \(id)")
  }

  var later: Int64 { base.clock.milliseconds() / 1000 + 10 }

  func sweep(expecting count: Int, afterSeconds seconds: Int64 = 10) async throws {
    let now = base.clock.milliseconds() / 1000
    let swept = try await base.store.sweepAttachments(unlinkedBefore: now + seconds, most: 100)
    try require(swept, is: count, "attachments that were swept")
  }

  /// Removes a blob as a sweep does, or finds that it may not go.
  func remove(_ key: BlobKey, expecting isRemoved: Bool) async throws {
    let removing = try await base.store.startRemoving([key], unneededBefore: later + 10)
    try require(removing, is: isRemoved ? [key] : [], "blobs that may go")
    try await base.store.forget(removing)
  }
}
