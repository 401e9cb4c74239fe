import CSodium

/// Bytes that nobody can guess.
package enum Secret {
  package static func random(bytes count: Int) -> [UInt8] {
    _ = Sodium.isReady
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      if let base = buffer.baseAddress { randombytes_buf(base, count) }
      filled = count
    }
  }

  /// Random bytes as text of `A–Z a–z 0–9 - _`: 20 bytes are 160 bits in 27 characters.
  package static func randomText(bytes count: Int = 24) -> String { Base64.encodeURL(random(bytes: count)) }
}
