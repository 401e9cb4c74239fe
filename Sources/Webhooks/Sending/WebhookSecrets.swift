import Crypto
import Wire

/// The secrets that a webhook's deliveries are signed with (webhooks.md «Configuring»): one, or two while it
/// is being rotated. Receivers take up the next one first; then it is promoted.
package struct WebhookSecrets: Sendable, Equatable {
  package private(set) var current: String
  package private(set) var next: Next?

  package struct Next: Sendable, Equatable {
    package let secret: String
    package let madeAt: Instant
  }

  /// A next secret promotes itself after so many seconds.
  package static let secondsUntilPromotion: Int64 = 86_400

  package init(current: String, next: Next? = nil) {
    self.current = current
    self.next = next
  }

  /// A fresh secret of 192 bits.
  package static func random() -> String { Secret.randomText(bytes: 24) }

  /// Makes a second one; a second rotation replaces it.
  package mutating func rotate(to secret: String, at now: Instant) {
    promoteIfDue(at: now)
    next = Next(secret: secret, madeAt: now)
  }

  /// False where there is none to promote.
  package mutating func promote() -> Bool {
    guard let next else { return false }
    current = next.secret
    self.next = nil
    return true
  }

  package mutating func promoteIfDue(at now: Instant) {
    guard let next, now.secondsSince1970 - next.madeAt.secondsSince1970 >= Self.secondsUntilPromotion else { return }
    _ = promote()
  }

  /// For `X-Journey-Signature`: one value, lower-case hex.
  package func signature(of body: [UInt8]) -> String { Self.signature(of: body, under: current) }

  /// For `X-Sojourn-Signature`: one for each valid secret, the current one first.
  package func signatures(of body: [UInt8]) -> String {
    ([current] + (next.map { [$0.secret] } ?? [])).map { Self.signature(of: body, under: $0) }.joined(separator: ",")
  }

  package static func signature(of body: [UInt8], under secret: String) -> String {
    Hex.encode(HMACSHA256.code(for: body, key: Array(secret.utf8)))
  }
}
