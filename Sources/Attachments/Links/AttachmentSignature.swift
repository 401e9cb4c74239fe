import Crypto
import Wire

/// The signature of an attachment's address: who has the address may read it until it expires, without
/// credentials (api.md section 10). It covers deployment, attachment, variant and expiry, and no host.
package struct AttachmentSignature: Sendable {
  private let key: [UInt8]

  package init(key: [UInt8]) { self.key = key }

  private static let day: Int64 = 86_400

  /// When an address that is printed now expires, in seconds since 1970: the same for a whole day, and
  /// 24 to 48 hours away.
  package static func expiry(at now: Instant) -> Int64 { (now.secondsSince1970 / day + 2) * day }

  /// What stands behind the path: `?expires=…&signature=…`.
  package func query(
    deployment: String, attachment: ObjectID, variant: AttachmentVariant, expires: Int64
  ) -> String {
    "?expires=\(expires)&signature=\(Base64.encodeURL(code(deployment, attachment, variant, expires)))"
  }

  /// Whether it is the signature of this and has not expired. Takes the same time whatever is wrong.
  package func isValid(
    _ signature: String, deployment: String, attachment: ObjectID, variant: AttachmentVariant, expires: Int64,
    at now: Instant
  ) -> Bool {
    let expected = code(deployment, attachment, variant, expires)
    guard let given = Base64.decodeURL(signature) else { return false }
    return ConstantTime.areEqual(given, expected) && expires > now.secondsSince1970
  }

  private func code(
    _ deployment: String, _ attachment: ObjectID, _ variant: AttachmentVariant, _ expires: Int64
  ) -> [UInt8] {
    HMACSHA256.code(for: "attachment\n\(deployment)\n\(attachment)\n\(variant.rawValue)\n\(expires)", key: key)
  }
}
