import CSodium

/// The machine's secure randomness as a generator, for everything that takes one.
package struct SystemRandom: RandomNumberGenerator, Sendable {
  package init() { _ = Sodium.isReady }

  package mutating func next() -> UInt64 {
    var value: UInt64 = 0
    withUnsafeMutableBytes(of: &value) { bytes in
      if let base = bytes.baseAddress { randombytes_buf(base, bytes.count) }
    }
    return value
  }
}
