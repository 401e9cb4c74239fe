import CSQLite
import Storage

/// Has the log's pages moved into the database file (`LogMovingRule`): by a mover beside the writer, and the
/// last few by the writer itself, between two groups, after it has answered the one before. Then the log
/// begins again at its start, in place.
///
/// Used by the writer's thread alone.
final class Checkpointer {
  /// Pages past which the log's file is cut as well, if readers allow it within 5 ms.
  private static let truncatingPages: Int32 = 16_384

  private var rule = LogMovingRule()
  /// Pages in the log after the last commit.
  private var pages: Int32 = 0
  private let readers: ReaderPool
  private let metrics: WriterMetrics
  /// Whether the log has begun again since the mover said how far it came, which says nothing of it then.
  private var isAnew = false
  /// Whether readers are asked to hold no snapshots, until the log has begun again.
  private var isClearing = false

  private let mover: LogMover

  init(readers: ReaderPool, mover: LogMover, metrics: WriterMetrics = WriterMetrics()) {
    self.readers = readers
    self.mover = mover
    self.metrics = metrics
  }

  /// Listens to the commits of a connection, which must not outlive this.
  func watch(_ connection: Connection) {
    sqlite3_wal_hook(
      connection.handle,
      { context, _, _, pages in
        guard let context else { return SQLITE_OK }
        Unmanaged<Checkpointer>.fromOpaque(context).takeUnretainedValue().note(pages)
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func note(_ count: Int32) {
    // A pass beside a writer that rests moves all, and the next commit begins at the log's start.
    if count < pages { isAnew = true }
    pages = count
    if isClearing, count < LogMovingRule.resting {
      isClearing = false
      readers.clear(false)
    }
  }

  /// Outside any transaction. Readers that are at work are not waited for: what they still need stays, and
  /// the next time moves it. A failure shows at the next commit, which needs the disk as well.
  func moveIfDue(_ connection: Connection) {
    if isAnew, !mover.isWanted {
      mover.forget()
      isAnew = false
    }
    var step = rule.step(pages: pages, waiting: waiting, isPassing: mover.isWanted)
    if step == .wait {
      mover.wait()
      // One that has not begun even now is called off.
      step = mover.isWanted ? .end : rule.step(pages: pages, waiting: waiting, isPassing: false)
    }
    switch step {
    case .gather, .wait: return
    case .pass:
      // What an idle reader holds on to could not be moved.
      readers.clear(true)
      readers.clear(isClearing)
      mover.begin()
    case .end: mover.pausing { move(connection) }
    }
  }

  /// Pages in the log that are not in the file yet, as far as is known.
  private var waiting: Int32 {
    isAnew ? pages : max(pages - mover.movedPages, 0)
  }

  private func move(_ connection: Connection) {
    let count = pages
    pages = 0
    askForRoom()
    let start = ContinuousClock.now
    checkpoint(connection, mode: SQLITE_CHECKPOINT_PASSIVE)
    metrics.noteCheckpoint(microseconds: (ContinuousClock.now - start).microseconds)
    if count >= Self.truncatingPages { cut(connection) }
  }

  /// After a write that the disk did not take: the log's own space may be what the next one needs.
  func makeRoom(_ connection: Connection) {
    askForRoom()
    mover.pausing { cut(connection) }
  }

  /// Before the connection is closed: the log is moved as far as readers let it be, and its next one is a new one.
  func moveAll(_ connection: Connection) {
    makeRoom(connection)
    isClearing = false
    readers.clear(false)
    rule = LogMovingRule()
    pages = 0
    isAnew = false
  }

  private func askForRoom() {
    guard !isClearing else { return }
    isClearing = true
    readers.clear(true)
  }

  private func cut(_ connection: Connection) {
    sqlite3_busy_timeout(connection.handle, 5)
    checkpoint(connection, mode: SQLITE_CHECKPOINT_TRUNCATE)
    sqlite3_busy_timeout(connection.handle, Connection.patienceMilliseconds)
  }

  private func checkpoint(_ connection: Connection, mode: Int32) {
    let code = sqlite3_wal_checkpoint_v2(connection.handle, nil, mode, nil, nil)
    mover.failedSync.note(code, at: connection.path)
  }
}
