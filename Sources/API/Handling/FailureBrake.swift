import Synchronization

/// Slows down whoever presents bad credentials again and again: a token bucket per address. It never
/// locks out, and good credentials pass whatever came before them (api.md section 3).
final class FailureBrake: Sendable {
  /// Failures at once that cost nothing.
  static let burst = 20.0
  /// Failures a second in the long run that cost nothing.
  static let rate = 1.0
  /// How long a failure beyond that waits for its answer.
  static let delayMilliseconds = 1000
  /// Addresses that are remembered.
  private static let limit = 10_000

  private struct Bucket {
    var tokens: Double
    var at: Int64
  }

  private let buckets = Mutex<[String: Bucket]>([:])

  /// Notes a failure; true when its answer is to wait.
  func isToWait(_ address: String, atMilliseconds now: Int64) -> Bool {
    buckets.withLock { buckets in
      var bucket = buckets[address] ?? Bucket(tokens: Self.burst, at: now)
      let seconds = Double(max(now - bucket.at, 0)) / 1000
      bucket.tokens = min(Self.burst, bucket.tokens + seconds * Self.rate)
      bucket.at = now
      let waits = bucket.tokens < 1
      if !waits { bucket.tokens -= 1 }
      if buckets.count >= Self.limit, buckets[address] == nil {
        // Those who have recovered are forgotten first; should none have, all are.
        buckets = buckets.filter {
          $0.value.tokens + Double(max(now - $0.value.at, 0)) / 1000 * Self.rate < Self.burst
        }
        if buckets.count >= Self.limit { buckets.removeAll() }
      }
      buckets[address] = bucket
      return waits
    }
  }
}
