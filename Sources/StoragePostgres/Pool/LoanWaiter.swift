import Glibc

/// Where a thread waits until somebody gives a connection back, or time is over.
///
/// `@unchecked Sendable` is safe: everything mutable is touched under the lock alone.
final class LoanWaiter: @unchecked Sendable {
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  /// Whether the loan was granted; nil until that is decided.
  private var right: Bool?

  init() {
    pthread_mutex_init(lock, nil)
    // A clock that is set back must not make anybody wait longer.
    var kind = pthread_condattr_t()
    pthread_condattr_init(&kind)
    pthread_condattr_setclock(&kind, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &kind)
    pthread_condattr_destroy(&kind)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(lock)
    lock.deallocate()
    condition.deallocate()
  }

  func wake(with right: Bool) {
    pthread_mutex_lock(lock)
    self.right = right
    pthread_cond_signal(condition)
    pthread_mutex_unlock(lock)
  }

  /// Nil when time was over first.
  func wait(_ patience: Duration) -> Bool? {
    var end = timespec()
    clock_gettime(CLOCK_MONOTONIC, &end)
    let (seconds, attoseconds) = patience.components
    let nanoseconds = end.tv_nsec + Int(attoseconds / 1_000_000_000)
    end.tv_sec += Int(clamping: seconds) + nanoseconds / 1_000_000_000
    end.tv_nsec = nanoseconds % 1_000_000_000
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while right == nil { if pthread_cond_timedwait(condition, lock, &end) == ETIMEDOUT { break } }
    return right
  }
}
