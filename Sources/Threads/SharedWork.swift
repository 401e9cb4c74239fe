import Glibc

/// Work that waits for threads, in the order in which it came, and the threads that wait for work.
///
/// `@unchecked Sendable` is safe: everything mutable is touched under the lock alone.
final class SharedWork: @unchecked Sendable {
  typealias Job = @Sendable () -> Void

  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  /// By thread: where it waits.
  private let seats: [Seat]
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
    seats = (0..<count).map { _ in Seat() }
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
    while let thread = resting.popLast() { seats[thread].wake() }
  }

  /// Work that waits has a thread that takes it up now, or one that looks when it may.
  private func wakeWhereWanted(at now: ContinuousClock.Instant) {
    guard waitingCount > 0, !isWatched || share.due(at: now) == nil, let thread = resting.popLast() else { return }
    seats[thread].wake()
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

  /// Where one thread waits.
  private final class Seat {
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
      // A clock that is set back must not make anybody wait longer.
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

    func wake() { pthread_cond_signal(condition) }

    /// False when time is over.
    func wait(_ lock: UnsafeMutablePointer<pthread_mutex_t>, until end: ContinuousClock.Instant?) -> Bool {
      guard let end else { return pthread_cond_wait(condition, lock) == 0 }
      let left = (end - .now).components
      if left.seconds < 0 || left.attoseconds < 0 { return false }
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      let nanoseconds = time.tv_nsec + Int(left.attoseconds / 1_000_000_000)
      time.tv_sec += Int(left.seconds) + nanoseconds / 1_000_000_000
      time.tv_nsec = nanoseconds % 1_000_000_000
      return pthread_cond_timedwait(condition, lock, &time) == 0
    }
  }
}
