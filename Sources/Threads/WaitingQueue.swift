import Glibc
import Synchronization

/// A bounded queue between tasks and a thread that works on what they bring.
///
/// `@unchecked Sendable` is safe: everything mutable is touched under the lock alone.
package final class WaitingQueue<Element: Sendable>: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let filled: UnsafeMutablePointer<pthread_cond_t>
  private var waiting: [Element] = []
  private var isClosed = false
  /// What waits, for a look without the lock.
  private let count = Atomic<Int>(0)
  private let limit: Int

  /// `limit` is the number of elements that may wait.
  package init(limit: Int) {
    self.limit = limit
    lock = .allocate(capacity: 1)
    filled = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
    pthread_cond_init(filled, nil)
  }

  deinit {
    pthread_cond_destroy(filled)
    pthread_mutex_destroy(lock)
    lock.deallocate()
    filled.deallocate()
  }

  /// How many wait now.
  package var waitingCount: Int { count.load(ordering: .relaxed) }

  /// - Throws: `full` when as many wait as may, `closed` after `close`.
  package func push(_ element: Element) throws(QueueRefusal) {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    if isClosed { throw .closed }
    if waiting.count >= limit { throw .full }
    waiting.append(element)
    count.store(waiting.count, ordering: .releasing)
    pthread_cond_signal(filled)
  }

  /// Looks for up to `microseconds` whether something is there, giving way to other threads meanwhile.
  /// Being woken costs a thread 30 µs and more on an idle machine: where the next element is likely to
  /// come at once, looking is cheaper than sleeping.
  package func look(forMicroseconds microseconds: Int) {
    guard count.load(ordering: .relaxed) == 0 else { return }
    let end = ContinuousClock.now + .microseconds(microseconds)
    while count.load(ordering: .relaxed) == 0, ContinuousClock.now < end { sched_yield() }
  }

  /// Waits until something is there and takes up to `most` of it, in order; nil when the queue was
  /// closed and everything that waited has been taken.
  package func take(upTo most: Int) -> [Element]? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while waiting.isEmpty {
      if isClosed { return nil }
      pthread_cond_wait(filled, lock)
    }
    return takeUnderLock(most)
  }

  /// The same without waiting: what is there, which may be nothing.
  package func takeNow(upTo most: Int) -> [Element] {
    if count.load(ordering: .acquiring) == 0 { return [] }
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return takeUnderLock(most)
  }

  private func takeUnderLock(_ most: Int) -> [Element] {
    let taken = Array(waiting.prefix(most))
    waiting.removeFirst(taken.count)
    count.store(waiting.count, ordering: .relaxed)
    return taken
  }

  /// Nothing more comes in; what waits is still taken.
  package func close() {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    isClosed = true
    pthread_cond_broadcast(filled)
  }
}
