import CSQLite
import Storage

/// Moves the log's pages into the database file. The writer does it between two groups, after it has
/// answered the one before.
///
/// A thread of its own for this was measured and is worse: while it syncs the file, each commit waits
/// for the disk five times as long, and a writer that never rests never sees the log empty, so that the
/// log grows and each sync pays for its new length too. Moved often and in small parts (`LogMovingRule`;
/// 1000 pages take about 2.5 ms), the log begins again at its start, in place.
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
  /// Whether readers are asked to hold no snapshots, until the log has begun again.
  private var isClearing = false

  init(readers: ReaderPool, metrics: WriterMetrics = WriterMetrics()) {
    self.readers = readers
    self.metrics = metrics
  }

  /// Listens to the commits of a connection, which must not outlive this.
  func watch(_ connection: Connection) {
    pages = 0
    sqlite3_wal_hook(
      connection.handle,
      { context, _, _, pages in
        guard let context else { return SQLITE_OK }
        Unmanaged<Checkpointer>.fromOpaque(context).takeUnretainedValue().note(pages)
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func note(_ count: Int32) {
    pages = count
    if isClearing, count < rule.pages {
      isClearing = false
      readers.clear(false)
    }
  }

  /// Outside any transaction. Readers that are at work are not waited for: what they still need stays,
  /// and the next time moves it. A failure shows at the next commit, which needs the disk as well.
  func moveIfDue(_ connection: Connection) {
    guard pages >= rule.pages else { return }
    let count = pages
    pages = 0
    askForRoom()
    let start = ContinuousClock.now
    sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    let microseconds = (ContinuousClock.now - start).microseconds
    rule.note(microseconds: microseconds)
    metrics.noteCheckpoint(microseconds: microseconds)
    if count >= Self.truncatingPages { cut(connection) }
  }

  /// After a write that the disk did not take: the log's own space may be what the next one needs.
  func makeRoom(_ connection: Connection) {
    askForRoom()
    cut(connection)
  }

  private func askForRoom() {
    guard !isClearing else { return }
    isClearing = true
    readers.clear(true)
  }

  private func cut(_ connection: Connection) {
    sqlite3_busy_timeout(connection.handle, 5)
    sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
    sqlite3_busy_timeout(connection.handle, Connection.patienceMilliseconds)
  }
}

extension Duration {
  var microseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }
}
