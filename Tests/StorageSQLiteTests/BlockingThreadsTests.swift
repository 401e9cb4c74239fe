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
    while counts.done.load(ordering: .acquiring) < 1000 { usleep(1000) }
    #expect((1...2).contains(counts.most.load(ordering: .relaxed)))
    work.close()
    for thread in threads { thread.join() }
  }

  @Test("go on with what is short while long work holds as many as are eager, up to all that there are")
  func long() async throws {
    let threads = try BlockingThreads(count: 4, eager: 1)
    let gates = (0..<3).map { _ in WaitingQueue<Void>(limit: 1) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for gate in gates { group.addTask { try await threads.run { _ = gate.take(upTo: 1) } } }
      // Each waits until what is before it has gone on for long; without that it would wait for ever.
      for number in 0..<20 { #expect(try await threads.run { number } == number) }
      for gate in gates { gate.close() }
      try await group.waitForAll()
    }
    threads.close()
  }

  @Test("refuse what is too much, do what waits when they are closed, and take nothing afterwards")
  func limits() async throws {
    let threads = try BlockingThreads(count: 2, waiting: 2)
    let gate = WaitingQueue<Void>(limit: 1)
    let begun = WaitingQueue<Void>(limit: 2)
    let counts = Counts()
    try await withThrowingTaskGroup(of: QueueRefusal?.self) { group in
      for _ in 0..<2 {
        group.addTask {
          try await threads.run {
            try begun.push(())
            _ = gate.take(upTo: 1)
          }
          return nil
        }
      }
      for _ in 0..<2 { _ = begun.take(upTo: 1) }
      // Both threads are held: two of these wait.
      for _ in 0..<40 {
        group.addTask {
          do {
            try await threads.run { counts.work() }
            return nil
          } catch { return error as? QueueRefusal }
        }
      }
      for _ in 0..<38 {
        let refusal = try await group.next()
        #expect(refusal == .full)
      }
      gate.close()
      threads.close()
      for _ in 0..<4 {
        let refusal = try await group.next()
        #expect(refusal == .some(nil))
      }
    }
    #expect(counts.done.load(ordering: .relaxed) == 2)
    await #expect(throws: QueueRefusal.closed) { try await threads.run {} }
  }
}
