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
          let found = try require(
            some: try await nodes.1.store.webhooks().first { $0.name == record.name }, "the webhook at the other node")
          try require(SealedBox.open(found.secret, under: key), is: secret, "opened with the nodes' key")
          try require(SealedBox.open(found.secret, under: other), is: nil, "opened with another key")
          try require(SealedBox.open(found.nextSecret ?? [], under: other), is: secret, "the next secret")
        }
        let secret = Array("signs".utf8)
        _ = try await here.store.keep(sealedSigningKey: SealedBox.seal(secret, under: key))
        let sealed = try require(some: try await there.store.sealedSigningKey(), "the signing key")
        try require(SealedBox.open(sealed, under: key), is: secret, "the signing key, with the nodes' key")
        try require(SealedBox.open(sealed, under: other), is: nil, "the signing key, with another key")
      }
    },

    ConformanceCase("Nodes: of signing keys that both make at once the first stays, and each is told that one") { bed in
      try await Scene.withNodes(bed) { here, there in
        async let one = here.store.keep(sealedSigningKey: [1])
        async let two = there.store.keep(sealedSigningKey: [2])
        let told = try await [one, two]
        let kept = try require(some: try await here.store.sealedSigningKey(), "the signing key")
        try require([[1], [2]].contains(kept), "a key that nobody made: \(kept)")
        try require(told, is: [kept, kept], "what each was told")
        try require(try await there.store.sealedSigningKey(), is: kept, "the key at the other node")
        for node in [here, there] {
          try require(try await node.store.keep(sealedSigningKey: [3]), is: kept, "the key that a later one met")
        }
        try require(try await here.store.sealedSigningKey(), is: kept, "the key afterwards")
      }
    },
  ]
}
