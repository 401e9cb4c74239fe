import CCrypto

/// HMAC with SHA-1 (RFC 2104): what authenticator apps make their codes of, and nothing else here.
enum HMACSHA1 {
  static let byteCount = 20

  /// Nil where the library does not have it.
  static func code(for message: [UInt8], key: [UInt8]) -> [UInt8]? {
    var code = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    guard HMAC(EVP_sha1(), key, Int32(key.count), message, message.count, &code, &count) != nil,
      count == byteCount
    else { return nil }
    return Array(code.prefix(byteCount))
  }
}
