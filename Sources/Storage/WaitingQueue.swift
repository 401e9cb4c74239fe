import Glibc

/// A bounded queue between tasks and a thread that works on what they bring.
///
/// `@unchecked Sendable` is safe: everything mutable is touched under the lock alone.
package final class WaitingQueue<Element: Sendable>: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let filled: UnsafeMutablePointer<pthread_cond_t>
  private var waiting: [Element] = []
  private var isClosed = false
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

  /// - Throws: `busy` when as many wait as may, `closed` after `close`.
  package func push(_ element: Element) throws(StorageError) {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    if isClosed { throw .closed }
    if waiting.count >= limit { throw .busy }
    waiting.append(element)
    pthread_cond_signal(filled)
  }

  /// Waits until something is there and takes up to `count` of it, in order; nil when the queue was
  /// closed and everything that waited has been taken.
  package func take(upTo count: Int) -> [Element]? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while waiting.isEmpty {
      if isClosed { return nil }
      pthread_cond_wait(filled, lock)
    }
    if waiting.count <= count {
      defer { waiting = [] }
      return waiting
    }
    defer { waiting.removeFirst(count) }
    return Array(waiting.prefix(count))
  }

  /// Nothing more comes in; what waits is still taken.
  package func close() {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    isClosed = true
    pthread_cond_broadcast(filled)
  }
}
