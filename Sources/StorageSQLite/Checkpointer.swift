import CSQLite
import Storage
import Synchronization

/// Moves the log's pages into the database file, on a thread of its own and a connection of its own, so
/// that no commit does it.
///
/// Passive checkpoints wait for nobody. Past 64 MiB of log, one that truncates is tried with 5 ms of
/// patience: it needs a moment without readers.
final class Checkpointer: Sendable {
  /// Pages (of 4 KiB) in the log that start a passive checkpoint.
  private static let passivePages: Int32 = 2000
  /// Pages past which the log is to be truncated.
  private static let truncatingPages: Int32 = 16_384

  private let queue = WaitingQueue<Int32>(limit: 1)
  private let path: String

  init(path: String) { self.path = path }

  /// Listens to the commits of the writer's connection. The checkpointer must outlive it.
  func watch(_ connection: Connection) {
    sqlite3_wal_hook(
      connection.handle,
      { context, _, _, pages in
        guard let context, pages >= Checkpointer.passivePages else { return SQLITE_OK }
        // One waiting request is enough: it is worked on with what the log holds by then.
        try? Unmanaged<Checkpointer>.fromOpaque(context).takeUnretainedValue().queue.push(pages)
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Asks for a truncating checkpoint: on a full disk the log's own space may be what a write needs.
  func makeRoom() { try? queue.push(Self.truncatingPages) }

  /// Works until closed.
  func run() {
    var connection: Connection?
    while let pages = queue.take(upTo: 1)?.first {
      do {
        let open = try connection ?? Connection(path: path, role: .checkpointer, cacheKiB: 256)
        connection = open
        sqlite3_wal_checkpoint_v2(open.handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        if pages >= Self.truncatingPages {
          sqlite3_wal_checkpoint_v2(open.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        }
      } catch {
        // The log only grows meanwhile; the next commit asks again, on a fresh connection.
        connection = nil
      }
    }
  }

  func close() { queue.close() }
}
