import Storage
import Wire

extension StorageConformance {
  /// What runs on one node at a time, and what becomes of it when another node takes over.
  static let leaseUses: [ConformanceCase] = [
    ConformanceCase("Leases: each node takes them as itself, and the other's turn comes when one is given up") { bed in
      try await Scene.withNodes(bed) { here, there in
        let first = try await here.store.hold(LeaseName.sweep)
        try require(try await here.store.hold(LeaseName.sweep), is: first, "a lease that is renewed")
        try await require(.leaseLost("sweep"), from: { _ = try await there.store.hold("sweep") }, "the other's lease")
        let other = try await there.store.hold(LeaseName.deliveries(of: "a"))
        try require(other, is: LeaseHold(name: "webhook a", number: 1), "another lease")
        try await here.store.giveUp(first)
        try require(
          try await there.store.hold(LeaseName.sweep), is: LeaseHold(name: "sweep", number: 2), "the next hold")
        try await require(.leaseLost("sweep"), from: { _ = try await here.store.hold("sweep") }, "the other's lease")
      }
    },

    ConformanceCase("Leases: each write of a holder is refused once another node has taken over, nothing of it done") {
      bed in
      try await AttachmentScene.withNodes(bed) { here, there in
        let (unlinked, unneeded) = (here.new(1, bytes: 1, name: nil), here.new(2, bytes: 2, name: nil))
        for number in [1, 2] { try await here.put(number, photo: nil) }
        _ = try await here.base.write([.receive(unneeded)])
        try await here.sweep(expecting: 1)
        _ = try await here.base.write([.receive(unlinked)])
        let hook = WebhookRecord(name: "a", url: "http://a.example.org", secret: [1], position: 1)
        let writes: [(String, @Sendable (any ObjectStore, LeaseHold) async throws -> Void)] = [
          ("sweep", { _ = try await $0.sweepAttachments(unlinkedBefore: .max, most: 10, under: $1) }),
          ("sweep", { _ = try await $0.startRemoving([unneeded.key], unneededBefore: .max, under: $1) }),
          ("sweep", { try await $0.forget([unneeded.key], under: $1) }),
          ("webhook a", { try await $0.change([WebhookChange(record: hook)], under: $1) }),
          ("trim", { _ = try await $0.trimOplog(.before(.max), evenIfNeeded: true, under: $1) }),
        ]
        func check(isDone: Bool, after what: String) async throws {
          let store = there.base.store
          try require(try await there.find(unlinked.id) == nil, is: isDone, "swept after \(what)")
          try require(try await store.blobsBeingRemoved(most: 10), is: [], "what goes after \(what)")
          let isKept = try await store.blobs(after: nil, most: 10).contains { $0.key == unneeded.key }
          try require(isKept, is: !isDone, "whether bytes are kept after \(what)")
          try require(try await store.webhooks().count, is: isDone ? 1 : 0, "webhooks after \(what)")
          try require(try await there.base.oplog().count, is: isDone ? 1 : 2, "entries after \(what)")
        }
        var old: [String: LeaseHold] = [:]
        for name in ["sweep", "webhook a", "trim"] {
          let hold = try await here.base.store.hold(name)
          old[name] = hold
          try await here.base.store.giveUp(hold)
          _ = try await there.base.store.hold(name)
        }
        for (name, write) in writes {
          let hold = try require(some: old[name], "the older hold")
          try await require(.leaseLost(name), from: { try await write(here.base.store, hold) }, "a late \(name)")
          try await check(isDone: false, after: "a late \(name)")
        }
        for (name, write) in writes { try await write(there.base.store, try await there.base.store.hold(name)) }
        try await check(isDone: true, after: "the holder's own writes")
        // Who configures a webhook needs no lease.
        var record = try require(some: try await here.base.store.webhooks().first, "the webhook")
        record.url = "http://b.example.org"
        try await here.base.store.change([WebhookChange(record: record)])
      }
    },

    ConformanceCase("Leases: what a node held that is gone is another one's, under a higher number") { bed in
      try await Scene.with(bed) { scene in
        let old = try require(
          some: try await scene.store.take(lease: "job", for: 1000, as: .numbered(1)), "a free lease")
        await scene.store.close()
        let store = try await bed.reopen(clock: scene.clock)
        scene.clock.advance(byMilliseconds: 2000)
        try require(try await store.hold("job").number, is: old.number + 1, "the number of the next holder")
        await store.close()
      }
    },
  ]
}
