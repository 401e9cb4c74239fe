import Glibc
import Threads

/// Where a thread waits until somebody gives a connection back, or time is over.
///
/// `@unchecked Sendable` is safe: everything mutable is touched under the lock alone.
final class LoanWaiter: @unchecked Sendable {
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = MonotonicCondition()
  /// Whether the loan was granted; nil until that is decided.
  private var right: Bool?

  init() { pthread_mutex_init(lock, nil) }

  deinit {
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }

  func wake(with right: Bool) {
    pthread_mutex_lock(lock)
    self.right = right
    condition.signal()
    pthread_mutex_unlock(lock)
  }

  /// Nil when time was over first.
  func wait(_ patience: Duration) -> Bool? {
    let end = ContinuousClock.now + patience
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while right == nil, condition.wait(lock, until: end) {}
    return right
  }
}
