import Glibc
import Synchronization
import Testing

@testable import Threads

@Suite("Threads that block")
struct BlockingThreadsTests {
  private final class Counts: Sendable {
    let working = Atomic(0)
    let most = Atomic(0)
    let done = Atomic(0)

    func work() {
      most.max(working.add(1, ordering: .relaxed).newValue, ordering: .relaxed)
      sched_yield()
      working.subtract(1, ordering: .relaxed)
      done.add(1, ordering: .releasing)
    }
  }

  @Test("do everything once, in whatever order, however many are eager", arguments: [1, 2, 4])
  func everything(eager: Int) async throws {
    let threads = try BlockingThreads(count: 4, eager: eager)
    let sum = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 1...1000 { group.addTask { try await threads.run { number } } }
      return try await group.reduce(0, +)
    }
    #expect(sum == 500_500)
    threads.close()
  }

  @Test("take up no more short work at a time than are eager")
  func short() throws {
    let share = ThreadShare(count: 8, eager: 2, patience: .seconds(3600))
    let work = SharedWork(threads: share, count: 8, limit: 1000)
    let threads = try (0..<8).map { number in try OwnThread { while let job = work.take(number) { job() } } }
    let counts = Counts()
    for _ in 0..<1000 { try work.add { counts.work() } }
    try wait { counts.done.load(ordering: .acquiring) == 1000 }
    #expect((1...2).contains(counts.most.load(ordering: .relaxed)))
    work.close()
    for thread in threads { thread.join() }
  }

  @Test("go on with what is short while long work holds as many as are eager, up to all that there are")
  func long() async throws {
    let threads = try BlockingThreads(count: 4, eager: 1)
    let gate = WaitingQueue<Void>(limit: 1)
    try await withThrowingTaskGroup(of: Void.self) { group in
      let hold = Holder(gate)
      for _ in 0..<3 { group.addTask { try await threads.run { hold.run() } } }
      // Each begins when the one before it has gone on for long.
      let end = ContinuousClock.now + .seconds(30)
      while hold.count < 3, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(1)) }
      #expect(hold.count == 3)
      for number in 0..<20 { #expect(try await threads.run { number } == number) }
      gate.close()
      try await group.waitForAll()
    }
    threads.close()
  }

  @Test("refuse what is too much, do what waits when they are closed, and take nothing afterwards", arguments: [1, 2])
  func limits(eager: Int) throws {
    let share = ThreadShare(count: 2, eager: eager, patience: .seconds(3600))
    let work = SharedWork(threads: share, count: 2, limit: 2)
    let threads = try (0..<2).map { number in try OwnThread { while let job = work.take(number) { job() } } }
    let gate = WaitingQueue<Void>(limit: 1)
    let (hold, counts) = (Holder(gate), Counts())
    for held in 1...eager {
      try work.add { hold.run() }
      try wait { hold.count == held }
    }
    for _ in 0..<2 { try work.add { counts.work() } }
    #expect(throws: QueueRefusal.full) { try work.add { counts.work() } }
    work.close()
    #expect(throws: QueueRefusal.closed) { try work.add { counts.work() } }
    // Where one thread may not take up more, closing lets it.
    if eager == 1 { try wait { counts.done.load(ordering: .acquiring) == 2 } }
    gate.close()
    for thread in threads { thread.join() }
    #expect(counts.done.load(ordering: .acquiring) == 2)
  }

  /// Work that goes on until its gate is closed.
  private final class Holder: Sendable {
    private let begun = Atomic(0)
    private let gate: WaitingQueue<Void>

    init(_ gate: WaitingQueue<Void>) { self.gate = gate }

    /// How many are at it, or were.
    var count: Int { begun.load(ordering: .acquiring) }

    func run() {
      begun.add(1, ordering: .releasing)
      _ = gate.take(upTo: 1)
    }
  }

  private struct Late: Error {}

  private func wait(until isSo: () -> Bool) throws {
    let end = ContinuousClock.now + .seconds(30)
    while !isSo() {
      if ContinuousClock.now > end { throw Late() }
      usleep(500)
    }
  }
}
