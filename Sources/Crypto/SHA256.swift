import CSodium

/// SHA-256, at once or piece by piece.
package struct SHA256: Sendable {
  package static let byteCount = 32
  private var state = crypto_hash_sha256_state()

  package init() {
    _ = Sodium.isReady
    crypto_hash_sha256_init(&state)
  }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    crypto_hash_sha256_update(
      &state, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
  }

  /// The 32 bytes of the hash of all that was given.
  package consuming func finish() -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: SHA256.byteCount)
    crypto_hash_sha256_final(&state, &hash)
    return hash
  }

  package static func hash(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finish()
  }

  package static func hash(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes { hash($0) } }

  package static func hash(_ text: String) -> [UInt8] {
    var text = text
    return text.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
  }
}
