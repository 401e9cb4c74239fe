import Synchronization
import Wire

/// What is said at most once a day, in UTC, however often there is reason to.
package final class OncePerDay: Sendable {
  private let last = Atomic<Int32>(.min)

  package init() {}

  /// Whether it is the first time on this day; it counts as said then.
  package func isFirst(at now: Instant) -> Bool {
    let today = now.dayAndSecond.day.daysSince1970
    return last.exchange(today, ordering: .relaxed) != today
  }
}
