import Storage

extension StorageConformance {
  /// Webhooks that two nodes change.
  static let nodeWebhooks: [ConformanceCase] = [
    ConformanceCase("Nodes: a webhook that the other changed meanwhile is refused, and changes when it is loaded anew")
    {
      bed in
      try await Scene.withNodes(bed) { here, there in
        try await here.store.change([WebhookChange(record: webhook("a"))])
        for (number, nodes) in [(here, there), (there, here), (here, there)].enumerated() {
          let (first, second) = nodes
          let held = try await loaded("a", at: second)
          var own = try await loaded("a", at: first)
          own.failuresInRow = 100 + number
          try await first.store.change([WebhookChange(record: own)])
          own.revision += 1
          var late = WebhookChange(record: held, finished: [1], fired: [(.numbered(number), 3)])
          late.record.delivered += 1
          late.deliveries = [WebhookDelivery(sequence: Int64(10 + number), object: .numbered(1), nextAt: 0)]
          // With one beside it that nothing is wrong with.
          let other = WebhookChange(record: webhook("b\(number)"))
          for changes in [[late], [other, late]] {
            try await require(
              .webhookChanged("a"), from: { try await second.store.change(changes) }, "a change from an old revision")
          }
          for node in [first, second] {
            try require(try await node.store.webhooks(), is: [own], "webhooks after the refusal")
            try require(try await node.store.deliveries(of: "a").count, is: number, "its deliveries")
            try require(try await node.store.fired("a", among: [.numbered(number)]), is: [:], "what it has fired for")
          }
          late.record = try await loaded("a", at: second)
          late.record.delivered += 1
          try await second.store.change([late])
          let now = try await loaded("a", at: first)
          try require(now.delivered, is: Int64(number + 1), "deliveries counted")
          try require(now.failuresInRow, is: 100 + number, "what the other node changed")
          try require(now.revision, is: own.revision + 1, "the revision")
        }
      }
    },

    ConformanceCase("Nodes: webhooks that both count at once lose no count") { bed in
      try await Scene.withNodes(bed) { here, there in
        try await here.store.change([WebhookChange(record: webhook("a"))])
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 0..<8 {
            let node = number % 2 == 0 ? here : there
            group.addTask { for _ in 0..<5 { try await count("a", at: node) } }
          }
          try await group.waitForAll()
        }
        let record = try await loaded("a", at: there)
        try require(record.delivered, is: 40, "deliveries counted")
        try require(record.revision, is: 41, "the revision")
      }
    },
  ]

  private static func webhook(_ name: String) -> WebhookRecord {
    WebhookRecord(name: name, url: "http://\(name).example.org", secret: [9], position: 1)
  }

  private static func loaded(_ name: String, at node: Scene) async throws -> WebhookRecord {
    try require(some: try await node.store.webhooks().first { $0.name == name }, "the webhook \(name)")
  }

  /// Counts a delivery, as often as it takes.
  private static func count(_ name: String, at node: Scene) async throws {
    while true {
      var record = try await loaded(name, at: node)
      record.delivered += 1
      do { return try await node.store.change([WebhookChange(record: record)]) } catch StorageError.webhookChanged {}
    }
  }
}
