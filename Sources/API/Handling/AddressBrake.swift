import Deployments
import Synchronization

/// A token bucket for each address of callers whose credentials are not known to be good.
final class AddressBrake: Sendable {
  /// Attempts at once.
  static let burst = 20.0
  /// Attempts a second in the long run.
  static let rate = 1.0

  private let buckets = Mutex(BucketTable<String>(rate: AddressBrake.rate, burst: AddressBrake.burst))

  /// Notes an attempt; nil where it may go on.
  func secondsToWait(_ address: String, atMilliseconds now: Int64) -> Int? {
    buckets.withLock { $0.take(for: address, atMilliseconds: now) }
  }
}

/// Slows down whoever presents bad credentials again and again: a token bucket per address. It never
/// locks out, and good credentials pass whatever came before them (api.md section 3).
final class FailureBrake: Sendable {
  /// How long a failure beyond what costs nothing waits for its answer.
  static let delayMilliseconds = 1000

  private let addresses = AddressBrake()

  /// Notes a failure; true when its answer is to wait.
  func isToWait(_ address: String, atMilliseconds now: Int64) -> Bool {
    addresses.secondsToWait(address, atMilliseconds: now) != nil
  }
}
