import Crypto

/// Codes that stand for a lost authenticator, each once.
package enum RecoveryCodes {
  package static let count = 10
  static let byteCount = 15

  /// As it is printed: 120 bits in four groups of six.
  static func text(of bytes: [UInt8]) -> String {
    let digits = Array(Base32.encode(bytes))
    return stride(from: 0, to: digits.count, by: 6).map { String(digits[$0..<min($0 + 6, digits.count)]) }
      .joined(separator: "-")
  }

  /// What is kept of a code as somebody types it; nil for what is none.
  static func hash(ofTyped text: String) -> [UInt8]? {
    // Longer texts are no code; they need not be read.
    guard text.utf8.count <= 64, let bytes = Base32.decode(text), bytes.count == byteCount else { return nil }
    return SHA256.hash(bytes)
  }
}
