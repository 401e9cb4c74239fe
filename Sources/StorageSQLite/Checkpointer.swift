import CSQLite
import Storage

/// Moves the log's pages into the database file. The writer does it between two groups, after it has
/// answered the one before.
///
/// A thread of its own for this was measured and is worse: while it syncs the file, each commit waits
/// for the disk five times as long, and a writer that never rests never sees the log empty, so that the
/// log grows and each sync pays for its new length too. Moved often and in small parts, 1000 pages take
/// about 2.5 ms, and the log begins again at its start, in place.
///
/// Used by the writer's thread alone.
final class Checkpointer {
  /// Pages (of 4 KiB) in the log from which on they are moved.
  private static let movingPages: Int32 = 1000
  /// Pages past which the log's file is cut as well, if readers allow it within 5 ms.
  private static let truncatingPages: Int32 = 16_384

  /// Pages in the log after the last commit.
  private var pages: Int32 = 0

  /// Listens to the commits of a connection, which must not outlive this.
  func watch(_ connection: Connection) {
    pages = 0
    sqlite3_wal_hook(
      connection.handle,
      { context, _, _, pages in
        guard let context else { return SQLITE_OK }
        Unmanaged<Checkpointer>.fromOpaque(context).takeUnretainedValue().pages = pages
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Outside any transaction. Readers that are at work are not waited for: what they still need stays,
  /// and the next time moves it. A failure shows at the next commit, which needs the disk as well.
  func moveIfDue(_ connection: Connection) {
    let found = pages
    guard found >= Self.movingPages else { return }
    pages = 0
    sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    guard found >= Self.truncatingPages else { return }
    sqlite3_busy_timeout(connection.handle, 5)
    sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
    sqlite3_busy_timeout(connection.handle, Connection.patienceMilliseconds)
  }
}
