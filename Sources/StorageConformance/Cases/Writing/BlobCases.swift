import Storage
import Wire

extension StorageConformance {
  /// Bytes that go while others come (`BlobRule`), on two nodes. The bytes themselves lie in a blob store.
  static let blobs: [ConformanceCase] = [
    ConformanceCase("Blobs: an upload that meets bytes which are being removed takes the next generation") { bed in
      // the node that uploads                  | the node that sweeps
      // is to keep the bytes under 1           |
      //                                        | marks 1
      // links them; refused                    |
      // is to keep them under 2                |
      //                                        | takes the bytes of 1, forgets it
      // links them                             |
      try await AttachmentScene.withNodes(bed) { here, there in
        let old = try await here.linkAndUnlink(1)
        let first = try await here.target(of: old, is: 1)
        let key = BlobKey(old.hash)
        try await there.mark([key], expecting: [key])
        let late = here.new(2, bytes: 1, name: nil, generation: first)
        for plan in [here.plan(bringing: late), WritePlan(steps: [.receive(late)], origin: "password")] {
          let refused = { _ = try await here.base.store.write(plan) }
          try await require(.uploadOutdated(old.hash), from: refused, "bytes that are going")
        }
        try require(try await here.find(late.id), is: nil, "the refused attachment")
        try require(try await here.base.oplog().count, is: 2, "entries")
        let new = here.new(2, bytes: 1, name: nil, generation: try await here.target(of: old, is: 2))
        try require(try await there.base.store.blobsBeingRemoved(most: 10), is: [key], "what goes")
        try await there.base.store.forget([key])
        _ = try await here.base.store.write(here.plan(bringing: new))
        for node in [here, there] { try await node.check(new.id, is: new) }
        try require(try await there.base.store.blobs(after: nil, most: 10).map(\.key), is: [new.key], "what is kept")
      }
    },

    ConformanceCase("Blobs: a late removal names its generation, and takes nothing that is linked again") { bed in
      try await AttachmentScene.withNodes(bed) { here, there in
        let old = try await here.linkAndUnlink(1)
        let key = BlobKey(old.hash)
        try await there.mark([key], expecting: [key])
        let new = here.new(2, bytes: 1, name: nil, generation: try await here.target(of: old, is: 2))
        _ = try await here.base.store.write(here.plan(bringing: new))
        // The other slept. What it marked is still its to take, and no other.
        try await there.mark([key], expecting: [key])
        try await there.mark([new.key], expecting: [])
        try await there.base.store.note([key], areLost: true)
        try await there.base.store.forget([key])
        try await here.check(new.id, is: new)
        try require(try await here.base.store.unknownBlobs(among: [key, new.key]), is: [key], "unknown blobs")
        // Its generation is not given out again, also not when nothing is known of the bytes any more.
        try await here.put(9, photo: nil)
        try await here.sweep(expecting: 1)
        try await there.mark([new.key], expecting: [new.key])
        try await there.base.store.forget([new.key])
        for bytes in [1, 3] { _ = try await here.target(of: here.new(3, bytes: bytes, name: nil), is: 3) }
      }
    },

    ConformanceCase("Blobs: a removal that a crash cut off behind its mark is gone on with") { bed in
      try await Scene.with(bed, AttachmentScene.schema(type: "photo")) { base in
        let model = try base.model()
        let scene = AttachmentScene(base: base, model: model, photo: try model.columnIndex("photo"))
        let old = try await scene.linkAndUnlink(1)
        try await scene.mark([old.key], expecting: [old.key])
        await base.store.close()
        let store = try await bed.reopen(clock: base.clock)
        let again = AttachmentScene(base: Scene(store: store, clock: base.clock), model: model, photo: scene.photo)
        try require(try await store.blobsBeingRemoved(most: 10), is: [old.key], "what goes")
        try require(try await store.unneededBlobs(since: again.later, most: 10), is: [], "what is to be marked")
        try require(try await store.recount(most: 10), is: Recount(), "wrong counts")
        let target = try await again.target(of: old, is: 2)
        let new = again.new(2, bytes: 1, name: nil, generation: target)
        _ = try await store.write(again.plan(bringing: new))
        try await store.forget([old.key])
        try require(try await store.blobsBeingRemoved(most: 10), is: [], "what goes")
        try await again.check(new.id, is: new)
        await store.close()
      }
    },
  ]
}

extension AttachmentScene {
  /// An attachment that was linked and swept: nothing has its bytes any more.
  fileprivate func linkAndUnlink(_ number: Int) async throws -> NewAttachment {
    let new = new(number, bytes: 1, name: nil)
    try await put(9, photo: new.id, bringing: [new])
    try await put(9, photo: nil)
    try await sweep(expecting: 1)
    return new
  }

  fileprivate func plan(bringing new: NewAttachment) -> WritePlan {
    WritePlan(
      steps: [.patch(model, .numbered(9), [(photo, .id(new.id))])], origin: "password", attachments: [new.id: new])
  }

  fileprivate func mark(_ keys: [BlobKey], expecting marked: [BlobKey]) async throws {
    let found = try await base.store.startRemoving(keys, unneededBefore: later + 10)
    try require(found, is: marked, "blobs that may go")
  }

  fileprivate func target(of new: NewAttachment, is generation: Int64) async throws -> Int64 {
    let target = try await base.store.target(for: new.hash)
    try require(target, is: BlobTarget(generation: generation, isLost: false), "where an upload goes")
    return target.generation
  }
}
