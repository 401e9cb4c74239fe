import CSQLite
import Glibc

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
