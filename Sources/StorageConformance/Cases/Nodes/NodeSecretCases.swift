import Crypto
import Storage

extension StorageConformance {
  /// Secrets that nodes keep for each other, sealed.
  static let nodeSecrets: [ConformanceCase] = [
    ConformanceCase("Nodes: what one keeps sealed the other opens with the same key, and with no other") { bed in
      try await Scene.withNodes(bed) { here, there in
        let (key, other) = (Secret.random(bytes: SealedBox.keyBytes), Secret.random(bytes: SealedBox.keyBytes))
        for (number, nodes) in [(here, there), (there, here)].enumerated() {
          let secret = Array("secret \(number)".utf8)
          var record = WebhookRecord(
            name: "w\(number)", url: "http://a.example.org", secret: SealedBox.seal(secret, under: key), position: 1)
          record.nextSecret = SealedBox.seal(secret, under: other)
          try await nodes.0.store.change([WebhookChange(record: record)])
          try await nodes.0.store.keep(sealedSigningKey: SealedBox.seal(secret, under: key))
          let found = try require(
            some: try await nodes.1.store.webhooks().first { $0.name == record.name }, "the webhook at the other node")
          let sealed = try require(some: try await nodes.1.store.sealedSigningKey(), "the signing key")
          for box in [found.secret, sealed] {
            try require(SealedBox.open(box, under: key), is: secret, "opened with the nodes' key")
            try require(SealedBox.open(box, under: other), is: nil, "opened with another key")
          }
          try require(SealedBox.open(found.nextSecret ?? [], under: other), is: secret, "the next secret")
        }
      }
    }
  ]
}
