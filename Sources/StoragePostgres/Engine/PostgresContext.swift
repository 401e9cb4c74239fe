import Storage
import Threads
import Wire

/// What all stores of a node are given.
package struct PostgresContext: Sendable {
  package let pool: PostgresPool
  package let threads: PostgresThreads
  package let clock: any WallClock
  package let options: PostgresOptions
  let feeds: NodeFeeds
  /// Of deployments whose indexes are built: one has its turn at a time.
  let building = Turns()

  package init(pool: PostgresPool, threads: PostgresThreads, clock: any WallClock, options: PostgresOptions = .init()) {
    self.pool = pool
    self.threads = threads
    self.clock = clock
    self.options = options
    feeds = NodeFeeds(pool, threads, clock: clock, report: options.report)
  }

  /// Runs `body` on a thread that reads. Where all of them are held up, who has waited for as long as anybody waits for
  /// a connection is refused: else each would wait for all before it.
  /// - Throws: `StorageError.busy`, or what `body` throws.
  func reading<Result: Sendable>(_ body: @Sendable @escaping () throws -> Result) async throws -> Result {
    let end = ContinuousClock.now + options.readingPatience
    return try await threads.reading.runForStorage {
      guard ContinuousClock.now < end else { throw StorageError.busy }
      return try body()
    }
  }
}

package struct PostgresOptions: Sendable {
  /// A read of which a statement runs longer, or that asks anything after that time, fails with
  /// `StorageError.timeLimit`.
  package var secondsPerRead = PostgresRole.readSeconds
  /// Plans of a deployment that may wait for the writer; one more is refused with `StorageError.busy`.
  package var waitingWrites = 4096
  /// Tasks that may wait for the oplog to go on; one more is refused with `StorageError.busy`.
  package var waitingReaders = 1000
  /// For how long a read may wait for its turn.
  package var readingPatience = PostgresPool.patience
  /// After a commit was sent that is not confirmed: for how long the group is looked for. Who waits for it is told then
  /// that nobody knows.
  package var doubtPatience = Duration.seconds(10)
  /// Told, in a sentence for the log, what people should know of.
  package var report: @Sendable (String) -> Void = { _ in }
  /// Called inside each group's transaction before its commit is sent: tests hold groups open with it.
  package var beforeCommit: (@Sendable () -> Void)?

  package init() {}
}
