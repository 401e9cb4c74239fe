import CSQLite
import CSQLiteLog

/// How a writing connection's log reaches the kernel: in large pieces (`CSQLiteLog`).
enum LogFiles {
  /// The name to open with; nil, for SQLite's own way, where it could not be registered. All connections
  /// that have it sync at every commit.
  static let name = sojourn_log_files_register("sojourn-log", nil) == SQLITE_OK ? "sojourn-log" : nil
}
