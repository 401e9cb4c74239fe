import Synchronization

/// A clock that stands still until it is told, for tests.
package final class ManualClock: WallClock {
  private let time: Mutex<Int64>

  package init(milliseconds: Int64 = 0) { self.time = Mutex(milliseconds) }

  package convenience init(_ instant: Instant) {
    self.init(milliseconds: instant.secondsSince1970 * 1000)
  }

  package func milliseconds() -> Int64 { time.withLock { $0 } }

  package func advance(byMilliseconds step: Int64) { time.withLock { $0 += step } }

  package func set(milliseconds: Int64) { time.withLock { $0 = milliseconds } }
}
