/// For how long a receiver wishes to be left alone: `Retry-After` of a 429 or 503 (webhooks.md «Delivering»).
package struct RetryAfter: Sendable, Equatable {
  /// A longer wish counts as this one, in milliseconds.
  package static let longest: Int64 = 3_600_000

  /// In milliseconds, at most `longest`.
  package let pause: Int64
  /// 429 says that requests come too thick, whatever they bring; 503 is of the one request.
  package let holdsEndpoint: Bool

  /// Nil where the answer wishes nothing: another status, no such header, or a date that is over.
  package init?(status: Int, seconds: Int64) {
    guard status == 429 || status == 503, seconds > 0 else { return nil }
    pause = min(seconds, Self.longest / 1000) * 1000
    holdsEndpoint = status == 429
  }
}
