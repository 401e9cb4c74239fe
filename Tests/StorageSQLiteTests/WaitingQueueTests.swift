import Synchronization
import Testing
import Threads

@Suite("Queues and threads of storage")
struct WaitingQueueTests {
  @Test("A queue gives what came first, at most as much as is asked for")
  func order() throws {
    let queue = WaitingQueue<Int>(limit: 5)
    for number in 1...5 { try queue.push(number) }
    #expect(queue.take(upTo: 2) == [1, 2])
    try queue.push(6)
    #expect(queue.take(upTo: 4) == [3, 4, 5, 6])
  }

  @Test("A full queue refuses, a closed one gives what it has and then ends")
  func limits() throws {
    let queue = WaitingQueue<Int>(limit: 2)
    try queue.push(1)
    try queue.push(2)
    #expect(throws: QueueRefusal.full) { try queue.push(3) }
    queue.close()
    queue.close()
    #expect(throws: QueueRefusal.closed) { try queue.push(4) }
    #expect(queue.take(upTo: 1) == [1])
    #expect(queue.take(upTo: 9) == [2])
    #expect(queue.take(upTo: 9) == nil)
  }

  @Test("Threads take everything once, and may be joined by several")
  func threads() throws {
    let queue = WaitingQueue<Int>(limit: 10_000)
    let taken = Mutex<[Int]>([])
    let threads = try (0..<3).map { _ in
      try OwnThread {
        while let some = queue.take(upTo: 7) { taken.withLock { $0 += some } }
      }
    }
    for number in 0..<10_000 { try queue.push(number) }
    queue.close()
    for thread in threads + threads { thread.join() }
    #expect(taken.withLock { $0.sorted() } == Array(0..<10_000))
  }
}
