import Glibc
import Synchronization
import Testing
import Threads

@Suite("Loops that share threads")
struct ThreadLoopTests {
  /// Work that is taken one piece a turn.
  private final class Pieces: Sendable {
    let waiting = WaitingQueue<Int>(limit: 1_000_000)
    let done = Mutex<[Int]>([])
    let isRunning = Atomic(false)

    func turn() -> ThreadLoop.Next {
      let isSecond = isRunning.exchange(true, ordering: .acquiringAndReleasing)
      #expect(!isSecond, "two turns at a time")
      defer { isRunning.store(false, ordering: .releasing) }
      let taken = waiting.takeNow(upTo: 1)
      if taken.isEmpty { return .whenCalled }
      done.withLock { $0 += taken }
      return .again
    }
  }

  @Test("do everything that was brought, in order, one turn at a time, on fewer threads than loops")
  func everything() async throws {
    let threads = try LoopThreads(count: 3, named: "test")
    let all = (0..<20).map { _ in Pieces() }
    let loops = all.map { pieces in ThreadLoop(on: threads) { pieces.turn() } }
    await withTaskGroup(of: Void.self) { group in
      for (pieces, loop) in zip(all, loops) {
        group.addTask {
          for number in 0..<500 {
            try? pieces.waiting.push(number)
            loop.call()
          }
        }
      }
    }
    for loop in loops { await loop.close() }
    for pieces in all { #expect(pieces.done.withLock { $0 } == Array(0..<500)) }
    threads.close()
  }

  @Test("give each its turn after one of another, though one never rests")
  func fairness() async throws {
    let threads = try LoopThreads(count: 1, named: "test")
    let isOver = Atomic(false)
    let greedy = ThreadLoop(on: threads) { isOver.load(ordering: .relaxed) ? .whenCalled : .again }
    greedy.call()
    await withCheckedContinuation { had in
      let other = ThreadLoop(on: threads) {
        had.resume()
        return .whenCalled
      }
      other.call()
    }
    isOver.store(true, ordering: .relaxed)
    await greedy.close()
    threads.close()
  }

  @Test("say that a thread is wanted while all are taken, and only then")
  func wanted() async throws {
    let threads = try LoopThreads(count: 1, named: "test")
    let gate = WaitingQueue<Void>(limit: 1)
    let first = ThreadLoop(on: threads) {
      _ = gate.take(upTo: 1)
      return .whenCalled
    }
    let second = ThreadLoop(on: threads) { .whenCalled }
    #expect(!threads.areWanted)
    first.call()
    // The thread may be on its way to its seat when the first loop comes.
    while threads.areWanted { sched_yield() }
    second.call()
    #expect(threads.areWanted)
    gate.close()
    await first.close()
    await second.close()
    #expect(!threads.areWanted)
    threads.close()
  }

  @Test("are called again after the time that they name, and end once")
  func later() async throws {
    let threads = try LoopThreads(count: 1, named: "test")
    let turns = Atomic(0)
    let ends = Atomic(0)
    let loop = ThreadLoop(on: threads) {
      turns.add(1, ordering: .relaxed)
      return .later(milliseconds: 1)
    } finish: {
      ends.add(1, ordering: .relaxed)
    }
    loop.call()
    while turns.load(ordering: .relaxed) < 5 { try await Task.sleep(for: .milliseconds(1)) }
    await loop.close()
    await loop.close()
    let count = ends.load(ordering: .relaxed)
    #expect(count == 1)
    threads.close()
  }
}
