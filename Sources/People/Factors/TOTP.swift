import CCrypto
import Crypto
import Wire

/// Codes of an authenticator app (RFC 6238): another one every 30 seconds.
package struct TOTP: Sendable {
  package static let secretBytes = 20
  package static let stepSeconds: Int64 = 30
  package let secret: [UInt8]
  let digits: Int

  package init(secret: [UInt8], digits: Int = 6) {
    self.secret = secret
    self.digits = digits
  }

  package static func step(at time: Instant) -> Int64 { time.secondsSince1970 / stepSeconds }

  /// Nil where the library cannot make one.
  package func code(ofStep step: Int64) -> String? {
    let message = withUnsafeBytes(of: step.bigEndian) { Array($0) }
    guard let code = HMACSHA1.code(for: message, key: secret) else { return nil }
    let offset = Int(code[HMACSHA1.byteCount - 1] & 15)
    let word = code[offset..<(offset + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
    let limit = (0..<digits).reduce(UInt32(1)) { limit, _ in limit * 10 }
    let text = String(word % limit)
    return String(repeating: "0", count: digits - text.count) + text
  }

  /// The step whose code this is: the present one, the one before or the one after, and later than `last`. Nil where
  /// it is none of theirs. Blanks in the code do not count.
  package func step(of code: String, at time: Instant, after last: Int64) -> Int64? {
    let typed = code.utf8.filter { $0 != UInt8(ascii: " ") }
    let present = Self.step(at: time)
    var found: Int64?
    for step in (present - 1)...(present + 1) where step > last {
      // All are compared, so that the time tells nothing.
      if let right = self.code(ofStep: step), ConstantTime.areEqual(Array(right.utf8), typed) { found = found ?? step }
    }
    return found
  }

  /// What apps read, as a link or out of a QR code.
  package func address(for account: String, at issuer: String) -> String {
    let issuer = PercentText.encode(issuer)
    return "otpauth://totp/\(issuer):\(PercentText.encode(account))?secret=\(Base32.encode(secret))&issuer=\(issuer)"
  }
}

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
