import Wire

/// A sustained rate and a burst, as settings have them (api.md section 14).
package struct RateLimit: Sendable, Equatable {
  /// Requests a second in the long run.
  package let rate: Double
  /// Requests at once.
  package let burst: Int

  package static let mostPerSecond = 1_000_000.0
  package static let mostAtOnce = 1_000_000

  /// Nil where the rate is empty or 0: no limit. Without a burst it is what one second brings, at least 1.
  init?(rate: String?, burst: String?) {
    guard let rate = rate.flatMap(Self.rate), rate > 0 else { return nil }
    self.rate = rate
    self.burst = burst.flatMap(Self.burst) ?? max(1, Int(rate.rounded(.up)))
  }

  /// Requests a second: a number from 0 to a million; nil for anything else.
  static func rate(_ text: String) -> Double? {
    var text = text
    guard let rate = text.withUTF8({ NumberText.double(utf8: UnsafeRawBufferPointer($0)) }),
      rate >= 0, rate <= mostPerSecond
    else { return nil }
    return rate
  }

  /// Requests at once: a whole number from 1 to a million; nil for anything else.
  static func burst(_ text: String) -> Int? {
    guard let burst = Int(text), burst >= 1, burst <= mostAtOnce else { return nil }
    return burst
  }
}
