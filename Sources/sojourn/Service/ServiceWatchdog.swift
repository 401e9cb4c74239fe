import Glibc
import Wire

/// How often the service manager wants to hear that the server answers: from WATCHDOG_USEC, where it is meant for
/// this process (WATCHDOG_PID).
struct ServiceWatchdog: Equatable, Sendable {
  /// Half of what the manager waits for.
  let interval: Duration

  init?(microseconds: String?, process: String?, own: Int32) {
    if let process, Int32(process) != own { return nil }
    // Half of a millisecond is as often as anybody can ask; more than a day is no watch.
    guard let microseconds, let count = Int64(microseconds), (1_000...86_400_000_000).contains(count) else {
      return nil
    }
    interval = .microseconds(count / 2)
  }

  /// How long the server may take to answer itself: as long as between two beats, and 20 s at most.
  var patienceMilliseconds: Int {
    let (seconds, attoseconds) = interval.components
    return max(1, min(20_000, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)))
  }
}
