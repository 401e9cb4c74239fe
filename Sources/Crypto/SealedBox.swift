import CSodium

/// Bytes sealed under a key, so that who has them without it learns nothing and cannot change them
/// (libsodium's secretbox: XSalsa20 with Poly1305).
package enum SealedBox {
  package static let keyBytes = 32
  private static let nonceBytes = 24
  private static let codeBytes = 16

  /// A nonce of its own, then what is sealed. The key has 32 bytes.
  package static func seal(_ bytes: [UInt8], under key: [UInt8]) -> [UInt8] {
    precondition(key.count == keyBytes, "a key of another length is a mistake of the caller")
    let nonce = Secret.random(bytes: nonceBytes)
    var sealed = [UInt8](repeating: 0, count: bytes.count + codeBytes)
    crypto_secretbox_easy(&sealed, bytes, UInt64(bytes.count), nonce, key)
    return nonce + sealed
  }

  /// Nil where it was not sealed under this key, or was changed.
  package static func open(_ sealed: [UInt8], under key: [UInt8]) -> [UInt8]? {
    guard key.count == keyBytes, sealed.count >= nonceBytes + codeBytes else { return nil }
    _ = Sodium.isReady
    let nonce = Array(sealed[..<nonceBytes])
    let box = Array(sealed[nonceBytes...])
    var bytes = [UInt8](repeating: 0, count: box.count - codeBytes)
    guard crypto_secretbox_open_easy(&bytes, box, UInt64(box.count), nonce, key) == 0 else { return nil }
    return bytes
  }
}
