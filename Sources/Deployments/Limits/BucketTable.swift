/// A token bucket for each of many: addresses, or users. It remembers a bounded number of them.
package struct BucketTable<Key: Hashable & Sendable>: Sendable {
  private let rate: Double
  private let burst: Double
  private let limit: Int
  private var buckets: [Key: TokenBucket] = [:]

  package init(rate: Double, burst: Double, remembering limit: Int = 10_000) {
    self.rate = rate
    self.burst = burst
    self.limit = limit
  }

  /// As `TokenBucket.take`.
  package mutating func take(for key: Key, atMilliseconds now: Int64) -> Int? {
    if buckets.count >= limit, buckets[key] == nil {
      // Those who have recovered are forgotten first; should none have, all are.
      buckets = buckets.filter { !$0.value.isFull(atMilliseconds: now) }
      if buckets.count >= limit { buckets.removeAll() }
    }
    return buckets[key, default: TokenBucket(rate: rate, burst: burst, atMilliseconds: now)]
      .take(atMilliseconds: now)
  }

  /// As `TokenBucket.wait`.
  package func wait(for key: Key, atMilliseconds now: Int64) -> Int? { buckets[key]?.wait(atMilliseconds: now) }

  /// As `TokenBucket.putBack`.
  package mutating func putBack(for key: Key) { buckets[key]?.putBack() }
}
