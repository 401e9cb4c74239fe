/// The SHA-256 of some bytes, as their name.
package struct ContentHash: Hashable, Sendable, CustomStringConvertible {
  /// 32 bytes.
  package let bytes: [UInt8]

  /// Nil unless there are 32.
  package init?(bytes: [UInt8]) {
    guard bytes.count == SHA256.byteCount else { return nil }
    self.bytes = bytes
  }

  /// Reads 64 lower-case hex digits.
  package init?(_ text: String) {
    guard text.utf8.count == SHA256.byteCount * 2, let bytes = Hex.decode(text) else { return nil }
    self.bytes = bytes
  }

  package init(of bytes: [UInt8]) { self.bytes = SHA256.hash(bytes) }

  package init(finishing hash: consuming SHA256) { self.bytes = hash.finish() }

  package var description: String { Hex.encode(bytes) }
}
