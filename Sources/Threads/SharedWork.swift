import Glibc

/// Work that waits for threads, in the order in which it came, and the threads that wait for work.
///
/// `@unchecked Sendable` is safe: everything mutable is touched under the lock alone.
final class SharedWork: @unchecked Sendable {
  typealias Job = @Sendable () -> Void

  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  /// By thread: where it waits.
  private let seats: [MonotonicCondition]
  private var share: ThreadShare
  /// Nil where it was taken: it is tidied seldom, so that each costs little.
  private var waiting: [Job?] = []
  private var taken = 0
  /// Threads that wait, the last to work at the end.
  private var resting: [Int] = []
  /// Whether one of them looks again when work grows long.
  private var isWatched = false
  private var isClosed = false
  private let limit: Int

  private static let mostTaken = 256

  init(threads share: ThreadShare, count: Int, limit: Int) {
    self.share = share
    self.limit = limit
    seats = (0..<count).map { _ in MonotonicCondition() }
    pthread_mutex_init(lock, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }

  private var waitingCount: Int { waiting.count - taken }

  /// - Throws: `full` when as much waits as may, `closed` after `close`.
  func add(_ job: @escaping Job) throws(QueueRefusal) {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    if isClosed { throw .closed }
    if waitingCount >= limit { throw .full }
    waiting.append(job)
    wakeWhereWanted(at: .now)
  }

  /// Waits until there is something for this thread, which is done with what it had; nil when all that waited has been
  /// taken after `close`.
  func take(_ thread: Int) -> Job? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    share.end(thread)
    while true {
      if waitingCount == 0 {
        if isClosed { return nil }
        rest(thread, until: nil)
        continue
      }
      let now = ContinuousClock.now
      // After `close` nobody is told that nothing is left, so none rests.
      guard !isClosed, let due = share.due(at: now) else {
        share.begin(thread, at: now)
        let job = takeFirst()
        wakeWhereWanted(at: now)
        return job
      }
      // One who looks again is enough.
      let watches = !isWatched
      if watches { isWatched = true }
      rest(thread, until: watches ? due : nil)
      if watches { isWatched = false }
    }
  }

  /// What waits is still taken.
  func close() {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    isClosed = true
    while let thread = resting.popLast() { seats[thread].signal() }
  }

  /// Work that waits has a thread that takes it up now, or one that looks when it may.
  private func wakeWhereWanted(at now: ContinuousClock.Instant) {
    guard waitingCount > 0, !isWatched || share.due(at: now) == nil, let thread = resting.popLast() else { return }
    seats[thread].signal()
  }

  private func rest(_ thread: Int, until end: ContinuousClock.Instant?) {
    resting.append(thread)
    while resting.contains(thread) {
      guard seats[thread].wait(lock, until: end) else {
        resting.removeAll { $0 == thread }
        return
      }
    }
  }

  private func takeFirst() -> Job? {
    let job = waiting[taken].take()
    taken += 1
    if taken == waiting.count || taken == Self.mostTaken {
      waiting.removeFirst(taken)
      taken = 0
    }
    return job
  }
}
