import CSodium

/// HMAC with SHA-256 (RFC 2104): what signs attachment URLs.
package enum HMACSHA256 {
  package static let byteCount = 32

  /// The 32 bytes of the code. The key may have any length.
  package static func code(for message: [UInt8], key: [UInt8]) -> [UInt8] {
    _ = Sodium.isReady
    var state = crypto_auth_hmacsha256_state()
    crypto_auth_hmacsha256_init(&state, key, key.count)
    crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
    var code = [UInt8](repeating: 0, count: byteCount)
    crypto_auth_hmacsha256_final(&state, &code)
    return code
  }

  package static func code(for message: String, key: [UInt8]) -> [UInt8] {
    code(for: Array(message.utf8), key: key)
  }

  /// Whether `code` is the message's, in a time that tells nothing of how much of it is right.
  package static func isValid(_ code: [UInt8], for message: [UInt8], key: [UInt8]) -> Bool {
    ConstantTime.areEqual(code, HMACSHA256.code(for: message, key: key))
  }
}
