/// Threads for work that blocks, so that it never holds one that tasks share: long reads, files.
package final class BlockingThreads: Sendable {
  private let queue: WaitingQueue<@Sendable () -> Void>
  private let threads: [OwnThread]

  /// `givesWay` is for work that nobody waits for: it leaves the processor to others.
  package init(count: Int, waiting limit: Int = 2048, named name: String = "reader", givesWay: Bool = false) throws {
    let queue = WaitingQueue<@Sendable () -> Void>(limit: limit)
    self.queue = queue
    self.threads = try (0..<count).map { number in
      try OwnThread(named: "\(name)-\(number)") {
        if givesWay { OwnThread.giveWay() }
        while let jobs = queue.take(upTo: 1) { ResumingExecutor.offeringThread { jobs[0]() } }
      }
    }
  }

  /// - Throws: `QueueRefusal`, or what `body` throws.
  package func run<Result: Sendable>(_ body: @Sendable @escaping () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      do throws(QueueRefusal) {
        try queue.push { continuation.resume(with: Swift.Result(catching: body)) }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  package func close() {
    queue.close()
    for thread in threads { thread.join() }
  }
}
