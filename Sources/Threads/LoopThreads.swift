import Glibc
import Synchronization

/// A bounded number of threads that any number of `ThreadLoop`s borrow, in the order in which they ask.
///
/// A thread is started when one is wanted and none is free, and stays. Of the free ones the last that worked is taken:
/// one busy deployment has one thread, whose caches are warm.
package final class LoopThreads: Sendable {
  private struct State {
    /// Loops that wait for a thread, from `first` on; none while a thread is free.
    var waiting: [ThreadLoop] = []
    var first = 0
    /// The last to work is the last.
    var free: [Seat] = []
    var threads: [OwnThread] = []
    var isClosed = false
    /// Loops that were given a thread and stay in the list until it is tidied.
    private static let mostTaken = 256

    mutating func next() -> ThreadLoop? {
      guard first < waiting.count else { return nil }
      defer {
        first += 1
        // Seldom, so that each costs little.
        if first == waiting.count || first == Self.mostTaken {
          waiting.removeFirst(first)
          first = 0
        }
      }
      return waiting[first]
    }
  }

  /// Where a free thread waits for a loop.
  ///
  /// `@unchecked Sendable` is safe: what is given is set before the thread is woken, and taken after it.
  private final class Seat: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    private var given: ThreadLoop?

    init() { sem_init(semaphore, 0, 0) }

    deinit {
      sem_destroy(semaphore)
      semaphore.deallocate()
    }

    /// Nil ends the thread.
    func give(_ loop: ThreadLoop?) {
      given = loop
      sem_post(semaphore)
    }

    func wait() -> ThreadLoop? {
      while sem_wait(semaphore) != 0 {}
      return given.take()
    }
  }

  private let state = Mutex(State())
  private let waitingCount = Atomic(0)
  private let most: Int
  private let name: String
  private let priority: Int32

  /// - Parameter priority: what is taken away from the threads' priority, up to 19, for work that nobody waits for.
  /// - Throws: `OwnThread.Fault` where not even one can be started.
  package init(count: Int, named name: String, givingWay priority: Int32 = 0) throws(OwnThread.Fault) {
    precondition(count > 0, "loops would wait for ever")
    self.most = count
    self.name = name
    self.priority = priority
    let first = try start(0, with: nil)
    state.withLock { $0.threads.append(first) }
  }

  /// Whether loops wait for a thread, and none is free: whoever has one gives it back soon.
  package var areWanted: Bool { waitingCount.load(ordering: .relaxed) > 0 }

  /// A loop that was not closed before its threads rests for ever.
  func queue(_ loop: ThreadLoop) {
    let seat = state.withLock { state -> Seat? in
      if state.isClosed { return nil }
      if let seat = state.free.popLast() { return seat }
      // One that cannot be started is not missed: others are there.
      if state.threads.count < most, let thread = try? start(state.threads.count, with: loop) {
        state.threads.append(thread)
        return nil
      }
      state.waiting.append(loop)
      waitingCount.add(1, ordering: .relaxed)
      return nil
    }
    seat?.give(loop)
  }

  private func start(_ number: Int, with loop: ThreadLoop?) throws(OwnThread.Fault) -> OwnThread {
    try OwnThread(named: "\(name)-\(number)") { [self] in
      if priority > 0 { OwnThread.giveWay(by: priority) }
      let seat = Seat()
      var now = loop ?? next(seat)
      while let loop = now {
        loop.run()
        now = next(seat)
      }
    }
  }

  /// The next loop, as soon as one wants a thread; nil when the threads were closed.
  private func next(_ seat: Seat) -> ThreadLoop? {
    let (loop, isClosed) = state.withLock { state -> (ThreadLoop?, Bool) in
      if let loop = state.next() {
        waitingCount.subtract(1, ordering: .relaxed)
        return (loop, false)
      }
      if !state.isClosed { state.free.append(seat) }
      return (nil, state.isClosed)
    }
    return loop ?? (isClosed ? nil : seat.wait())
  }

  /// After all loops were closed.
  package func close() {
    let (threads, free) = state.withLock { state in
      state.isClosed = true
      defer { state.free = [] }
      return (state.threads, state.free)
    }
    for seat in free { seat.give(nil) }
    for thread in threads { thread.join() }
  }
}
