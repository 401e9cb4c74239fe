/// A rate with room for bursts: requests take tokens, which come back at `rate`, up to `burst` of them.
///
/// ```swift
/// var bucket = TokenBucket(rate: 5, burst: 10, atMilliseconds: now)
/// if let seconds = bucket.take(atMilliseconds: now) { /* refuse: try again in so many seconds */ }
/// ```
package struct TokenBucket: Sendable, Equatable {
  /// Tokens a second; above 0.
  private let rate: Double
  private let burst: Double
  private var tokens: Double
  private var at: Int64

  /// Full at first.
  package init(rate: Double, burst: Double, atMilliseconds now: Int64) {
    assert(rate > 0 && burst >= 1, "a bucket that never has a token refuses everything")
    self.rate = rate
    self.burst = burst
    tokens = burst
    at = now
  }

  /// Takes a token; nil where there was one, else after how many seconds there will be: at least 1, at most a
  /// day. A clock that goes back takes nothing away and gives nothing.
  package mutating func take(atMilliseconds now: Int64) -> Int? {
    tokens = filled(atMilliseconds: now)
    at = now
    assert(0 <= tokens && tokens <= burst)
    if tokens >= 1 {
      tokens -= 1
      return nil
    }
    return seconds(above: tokens)
  }

  /// What `take` would say, and takes nothing.
  package func wait(atMilliseconds now: Int64) -> Int? {
    let tokens = filled(atMilliseconds: now)
    return tokens >= 1 ? nil : seconds(above: tokens)
  }

  /// Gives back what was taken.
  package mutating func putBack() { tokens = min(burst, tokens + 1) }

  /// How long it takes until there is one.
  private func seconds(above tokens: Double) -> Int {
    Int(min(max(((1 - tokens) / rate).rounded(.up), 1), 86_400))
  }

  /// Whether it is as good as a new one.
  package func isFull(atMilliseconds now: Int64) -> Bool { filled(atMilliseconds: now) >= burst }

  private func filled(atMilliseconds now: Int64) -> Double {
    let (elapsed, overflow) = now.subtractingReportingOverflow(at)
    if overflow { return now > at ? burst : tokens }
    return min(burst, tokens + Double(max(elapsed, 0)) / 1000 * rate)
  }
}
