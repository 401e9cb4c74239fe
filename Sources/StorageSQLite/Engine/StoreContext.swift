import Wire

/// What all stores of an engine are given.
package struct StoreContext: Sendable {
  package let threads: StoreThreads
  package let clock: any WallClock
  package let options: SQLiteObjectStore.Options

  package init(threads: StoreThreads, clock: any WallClock, options: SQLiteObjectStore.Options = .init()) {
    self.threads = threads
    self.clock = clock
    self.options = options
  }
}

extension SQLiteObjectStore {
  package struct Options: Sendable {
    /// A read that runs longer fails with `StorageError.timeLimit`.
    package var secondsPerRead = 20
    /// Plans that may wait for the writer; one more is refused with `StorageError.busy`.
    package var waitingWrites = 4096
    package var writerCacheKiB = 8192
    package var readerCacheKiB = 1792
    package var search = SearchOptions()
    /// Reading connections that stay open.
    package var readersKept = 6
    /// Tasks that may wait for the oplog to go on; one more is refused with `StorageError.busy`.
    package var waitingReaders = 1000
    /// Told, in a sentence for the log, what people should know of.
    package var report: @Sendable (String) -> Void = { _ in }
    /// Called inside each writing transaction before its commit: tests hold groups open with it.
    package var beforeCommit: (@Sendable () -> Void)?

    /// Called before each step of linking older entries: tests stop it there.
    package var beforeLinking: @Sendable () async throws -> Void = {}

    package init() {}
  }
}
