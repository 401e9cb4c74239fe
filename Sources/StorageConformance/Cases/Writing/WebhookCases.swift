import Storage

extension StorageConformance {
  static let webhooks: [ConformanceCase] = [
    ConformanceCase("Webhooks are kept as they were given, also over a restart") { bed in
      let scene = try await Scene.open(on: bed)
      try require(try await scene.store.webhooks(), is: [], "webhooks of a new store")
      try require(try await scene.store.sealedSigningKey(), is: nil, "the key of a new store")
      var second = WebhookRecord(name: "b", url: "https://b.example.org", secret: [1, 2, 3], position: 7)
      second.isEnabled = false
      second.nextSecret = [4]
      second.nextMadeAt = Scene.start
      second.reached = 9
      second.failuresInRow = 21
      second.suspendedSince = Scene.start + 1
      second.stoodStill = 5
      second.delivered = 1 << 40
      second.failed = 3
      var first = WebhookRecord(name: "a", url: "http://a.example.org", secret: [9], position: 1)
      let deliveries = [
        WebhookDelivery(sequence: 3, object: .numbered(1), attempts: 2, firstAt: 10, nextAt: 20, isReplay: true),
        WebhookDelivery(sequence: 5, object: .numbered(2), nextAt: 30, isParked: true),
      ]
      try await scene.store.change([
        WebhookChange(record: second, deliveries: deliveries.reversed(), fired: [(.numbered(1), 3)]),
        WebhookChange(record: first),
      ])
      first.revision = 1
      second.revision = 1
      try require(try await scene.store.keep(sealedSigningKey: [7, 8]), is: [7, 8], "the first key")
      try require(try await scene.store.keep(sealedSigningKey: [9]), is: [7, 8], "the key that a second one met")
      await scene.store.close()
      let store = try await bed.reopen(clock: scene.clock)
      try require(try await store.webhooks(), is: [first, second], "webhooks")
      try require(try await store.deliveries(of: "b"), is: deliveries, "deliveries")
      try require(try await store.deliveries(of: "a"), is: [], "deliveries of another webhook")
      let fired = try await store.fired("b", among: [.numbered(1), .numbered(2)])
      try require(fired, is: [.numbered(1): 3], "what it has fired for")
      try require(try await store.fired("a", among: [.numbered(1)]), is: [:], "what another has fired for")
      try require(try await store.sealedSigningKey(), is: [7, 8], "the key")
      second.url = "https://c.example.org"
      second.suspendedSince = nil
      second.nextSecret = nil
      second.nextMadeAt = nil
      var changed = deliveries[0]
      changed.attempts = 3
      try await store.change([
        WebhookChange(record: second, deliveries: [changed], finished: [5, 6], fired: [(.numbered(1), 99)])
      ])
      second.revision = 2
      try require(try await store.webhooks(), is: [first, second], "webhooks after a change")
      try require(try await store.deliveries(of: "b"), is: [changed], "deliveries after a change")
      // The first time stays the first time.
      try require(try await store.fired("b", among: [.numbered(1)]), is: [.numbered(1): 3], "the first time")
      await store.close()
    },

    ConformanceCase("A webhook's log keeps its last attempts, the latest first") { bed in
      try await Scene.with(bed) { scene in
        var record = WebhookRecord(name: "a", url: "http://a.example.org", secret: [9], position: 1)
        func attempt(_ number: Int) -> WebhookAttempt {
          WebhookAttempt(
            sequence: Int64(number), object: .numbered(number), attempt: number % 3 + 1, at: Scene.start,
            status: number % 2 == 0 ? 200 : nil, milliseconds: number, problem: number % 2 == 0 ? nil : "no answer",
            answer: Array("answer \(number)".utf8))
        }
        var number = 0
        for count in [1, 10, WebhookAttempt.kept - 20, 40, 3 * WebhookAttempt.kept, 7] {
          let made = (number..<number + count).map(attempt)
          number += count
          try await scene.store.change([WebhookChange(record: record, attempts: made)])
          record.revision += 1
          let expected = (max(0, number - WebhookAttempt.kept)..<number).reversed().map(attempt)
          try require(try await scene.store.attempts(of: "a"), is: expected, "the log after \(number) attempts")
        }
        try require(try await scene.store.attempts(of: "b"), is: [], "the log of another webhook")
      }
    },

    ConformanceCase("Trimming leaves what an enabled webhook has not delivered, unless it is forced") { bed in
      try await Scene.with(bed) { scene in
        let model = try scene.model()
        try await scene.write(try (0..<10).map { .create(model, .numbered($0), try model.row()) })
        let base = Scene.start * 1024
        var record = WebhookRecord(name: "a", url: "http://a.example.org", secret: [9], position: base + 8)
        func trimmed(isForced: Bool = false) async throws -> (kept: Int64, holder: String?) {
          var trim = OplogTrim(removed: 0, isDone: false)
          while !trim.isDone { trim = try await scene.store.trimOplog(.before(.max), evenIfNeeded: isForced) }
          let kept = try await scene.store.read { try $0.oplogBounds().kept?.lowerBound ?? 0 }
          return (kept - base, trim.heldBy)
        }
        func waits(_ sequence: Int64, isParked: Bool = false) -> WebhookDelivery {
          WebhookDelivery(sequence: base + sequence, object: .numbered(1), nextAt: 0, isParked: isParked)
        }
        try await scene.store.change([
          WebhookChange(record: record, deliveries: [waits(2, isParked: true), waits(4), waits(6)])
        ])
        record.revision += 1
        var found = try await trimmed()
        try require(found.kept, is: 4, "the first entry kept for a delivery that waits")
        try require(found.holder, is: "a", "who holds it")
        try await scene.store.change([WebhookChange(record: record, finished: [base + 4, base + 6])])
        record.revision += 1
        found = try await trimmed()
        try require(found.kept, is: 8, "the first entry kept for the position")
        record.isEnabled = false
        record.position = base
        try await scene.store.change([WebhookChange(record: record)])
        record.revision += 1
        record.isEnabled = true
        record.position = base + 8
        try await scene.store.change([WebhookChange(record: record)])
        found = try await trimmed(isForced: true)
        try require(found.kept, is: 9, "the first entry kept when it is forced")
        try require(found.holder, is: nil, "who holds it when it is forced")
      }
    },

    ConformanceCase("A webhook changes only from the revision that is stored, and of several all or none do") { bed in
      try await Scene.with(bed) { scene in
        let old = WebhookRecord(name: "a", url: "http://a.example.org", secret: [9], position: 1)
        try await scene.store.change([WebhookChange(record: old)])
        var present = old
        present.revision = 1
        try require(try await scene.store.webhooks(), is: [present], "a new webhook")
        let other = WebhookRecord(name: "b", url: "http://b.example.org", secret: [9], position: 1)
        let late = WebhookChange(record: old, finished: [1], fired: [(.numbered(1), 3)])
        try await require(
          .webhookChanged("a"), from: { try await scene.store.change([WebhookChange(record: other), late]) },
          "a change from an old revision")
        try require(try await scene.store.webhooks(), is: [present], "webhooks after it")
        try require(try await scene.store.fired("a", among: [.numbered(1)]), is: [:], "what it has fired for")
        var unknown = other
        unknown.revision = 1
        try await require(
          .webhookChanged("b"), from: { try await scene.store.change([WebhookChange(record: unknown)]) },
          "a change of a webhook that is not there")
      }
    },
  ]
}
