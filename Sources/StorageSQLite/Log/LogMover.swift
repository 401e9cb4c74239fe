import CSQLite
import Glibc
import Storage
import Synchronization
import Threads

/// Moves the log's pages into the database file beside the writer, each pass on a thread that it borrows.
///
/// It never moves the last of them while the writer is at work: that the log begins again is the writer's
/// doing (`Checkpointer`).
///
/// SQLite before 3.51.3 can lose commits when the log begins again at the moment at which a checkpoint
/// begins (sqlite.org/wal.html, "The WAL-Reset Bug"). The log begins again only when all its pages have been
/// moved; so no pass may begin then:
///
/// 1. The writer asks for a pass only when the last one is over and it knows of pages that were not moved.
/// 2. From then until the end of that pass only the pass moves pages: what the writer moves itself it moves
///    in `pausing`, and a pass that was asked for before and has not begun then does not begin any more.
/// 3. So there are pages left to move from the time of asking until the pass has moved them, and until then
///    no commit lets the log begin again.
///
/// `@unchecked Sendable` is safe: the connection is touched under the lock alone, and the loop is set once, at the
/// beginning.
final class LogMover: @unchecked Sendable {
  private let path: String
  private let metrics: WriterMetrics
  let failedSync: FailedSync
  /// Held by a pass, and by whoever keeps one from beginning.
  private let passing = Mutex(())
  private var connection: Connection?
  /// Pages of the log that the last pass found in the file.
  private let moved = Atomic<Int32>(0)
  private let wanted = Atomic<Bool>(false)
  private var loop: ThreadLoop?

  /// Without threads no pass begins by itself, and the writer moves all.
  init(
    path: String, on threads: LoopThreads? = nil, metrics: WriterMetrics = WriterMetrics(),
    failedSync: FailedSync = FailedSync()
  ) {
    self.failedSync = failedSync
    self.path = path
    self.metrics = metrics
    loop = threads.map { threads in
      ThreadLoop(on: threads) { [weak self] in
        self?.pass()
        return .whenCalled
      } finish: { [weak self] in
        self?.disconnect()
      }
    }
  }

  /// Pages from the log's beginning that are in the file, as far as is known.
  var movedPages: Int32 { moved.load(ordering: .relaxed) }

  /// Whether a pass was asked for and is not over. While it is not, `movedPages` is exact.
  var isWanted: Bool { wanted.load(ordering: .acquiring) }

  /// Asks for a pass. By the writer alone, while none is wanted and it knows of pages that were not moved.
  func begin() {
    wanted.store(true, ordering: .relaxed)
    // Where it is told already, of one that was called off, this one takes that one's place.
    loop?.call()
  }

  /// Runs `body` while no pass goes on, and waits for the end of one; one that has not begun is called off.
  /// What was known of the log is forgotten.
  func pausing(_ body: () -> Void) {
    passing.withLock { _ in
      body()
      moved.store(0, ordering: .relaxed)
      wanted.store(false, ordering: .relaxed)
    }
  }

  /// Forgets how far the last pass came: the log has begun again. By the writer alone, while none is wanted.
  func forget() { moved.store(0, ordering: .relaxed) }

  /// Waits for the end of the pass that is going on.
  func wait() { passing.withLock { _ in } }

  /// Ends after the pass that is going on.
  func close() async { await loop?.close() }

  /// Closes its connection until the next pass, and waits for the end of one that goes on.
  func disconnect() { passing.withLock { _ in connection = nil } }

  /// Moves what can be moved now, if it is still wanted.
  func pass() {
    passing.withLock { _ in
      guard wanted.load(ordering: .relaxed) else { return }
      defer { wanted.store(false, ordering: .releasing) }
      if connection == nil { connection = try? Connection(path: path, role: .mover, cacheKiB: 64) }
      guard let connection else { return }
      var pages: Int32 = 0
      let start = ContinuousClock.now
      // A failure shows at the next commit, which needs the disk as well.
      var code = sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, &pages)
      // SQLite leaves it to whoever moves the last page to sync them all: the writer, who would stand still.
      if code == SQLITE_OK { code = connection.syncFile() }
      failedSync.note(code, at: path)
      metrics.noteCheckpoint(microseconds: (ContinuousClock.now - start).microseconds)
      if code == SQLITE_OK { moved.store(max(pages, 0), ordering: .relaxed) } else { self.connection = nil }
    }
  }
}

/// What is done when pages that were moved into the database file could not be put on the disk.
///
/// The kernel reports that once, and forgets the pages: the next sync would succeed, and the log begin again
/// over the only copy of them. SQLite does not remember either which pages that were. But the log still has
/// all of them, and is moved from its start when the file is opened by nobody and then anew; so the process
/// ends, and closes nothing before. Whoever supervises it starts it again.
struct FailedSync: Sendable {
  /// Never returns, but in tests.
  var end: @Sendable (_ path: String) -> Void = { path in
    let line = """
      sojourn: The disk did not take pages of \(path), and says so only once. Nothing is lost: the log has \
      them, and they are written again at the next start. Look at the disk (dmesg) and start the server again.

      """
    let bytes = Array(line.utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
    // "Input or output error", as in sysexits.h.
    _exit(74)
  }

  /// With the code that moving or syncing gave.
  func note(_ code: Int32, at path: String) {
    if code == sojourn_sqlite_failed_sync { end(path) }
  }
}
