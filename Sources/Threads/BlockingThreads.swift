/// Threads for work that blocks, so that it never holds one that tasks share: long reads, files.
///
/// Of those that have nothing to do the last that worked takes what comes: its caches are warm.
package final class BlockingThreads: Sendable {
  private let work: SharedWork
  private let threads: [OwnThread]

  /// - Parameters:
  ///   - eager: how many take up short work at a time (`ThreadShare`); all, unless something is said.
  ///   - limit: pieces of work that may wait.
  ///   - givesWay: for work that nobody waits for: it leaves the processor to others.
  package init(
    count: Int, eager: Int? = nil, waiting limit: Int = 2048, named name: String = "reader", givesWay: Bool = false
  ) throws {
    let work = SharedWork(threads: ThreadShare(count: count, eager: eager ?? count), count: count, limit: limit)
    self.work = work
    self.threads = try (0..<count).map { number in
      try OwnThread(named: "\(name)-\(number)") {
        if givesWay { OwnThread.giveWay() }
        while let job = work.take(number) { ResumingExecutor.offeringThread(job) }
      }
    }
  }

  /// - Throws: `QueueRefusal`, or what `body` throws.
  package func run<Result: Sendable>(_ body: @Sendable @escaping () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      do throws(QueueRefusal) {
        try work.add { continuation.resume(with: Swift.Result(catching: body)) }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  package func close() {
    work.close()
    for thread in threads { thread.join() }
  }
}
