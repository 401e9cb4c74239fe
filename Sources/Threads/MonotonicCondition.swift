import Glibc

/// Where threads wait under a lock until something is so, or time is over. A clock that is set back makes nobody wait
/// longer.
///
/// `@unchecked Sendable` is safe: the system's condition may be used by all threads, and nothing else is here.
package final class MonotonicCondition: @unchecked Sendable {
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  package init() {
    var kind = pthread_condattr_t()
    pthread_condattr_init(&kind)
    pthread_condattr_setclock(&kind, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &kind)
    pthread_condattr_destroy(&kind)
  }

  deinit {
    pthread_cond_destroy(condition)
    condition.deallocate()
  }

  /// Wakes one that waits.
  package func signal() { pthread_cond_signal(condition) }

  /// Waits under the lock, which the thread has; it may wake without a signal. False when time is over.
  /// - Parameter end: nil is never.
  package func wait(_ lock: UnsafeMutablePointer<pthread_mutex_t>, until end: ContinuousClock.Instant?) -> Bool {
    guard let end else { return pthread_cond_wait(condition, lock) == 0 }
    let left = (end - .now).components
    if left.seconds < 0 || left.attoseconds < 0 { return false }
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let nanoseconds = time.tv_nsec + Int(left.attoseconds / 1_000_000_000)
    time.tv_sec += Int(clamping: left.seconds) + nanoseconds / 1_000_000_000
    time.tv_nsec = nanoseconds % 1_000_000_000
    return pthread_cond_timedwait(condition, lock, &time) == 0
  }
}
