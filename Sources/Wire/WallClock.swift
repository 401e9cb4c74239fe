import Glibc
import Synchronization

/// What time it is. Everything that depends on the time of day is given one of these.
package protocol WallClock: Sendable {
  /// Milliseconds since 1970-01-01T00:00:00Z. May jump, also back, when the machine's clock is set.
  func milliseconds() -> Int64
}

extension WallClock {
  /// The present second.
  package var now: Instant { Instant(clampingMilliseconds: milliseconds()) }
}

/// The machine's clock.
package struct SystemClock: WallClock {
  package init() {}

  package func milliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

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
