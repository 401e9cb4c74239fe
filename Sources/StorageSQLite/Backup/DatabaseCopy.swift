import CSQLite
import Glibc
import Storage
import Wire

/// Copies databases while a server reads and writes them, or while none does.
///
/// The copy is one snapshot: a reader beside the server's own holds it open and hands over page after page.
/// Writers do not wait for it; the log is not begun again meanwhile, and grows by what they write. What the
/// copy writes is synced after every mebibyte: a disk that had to take all of it at once would keep the
/// commits waiting behind it.
package enum DatabaseCopy {
  /// Pages of one step, a mebibyte; and bytes after which the copy is synced.
  private static let pagesInStep: Int32 = 256
  private static let bytesUnsynced = 1 << 20
  /// How often a step may find the source locked (for 10 ms each), as while a log is recovered.
  private static let mostLocks = 1000

  /// Copies a deployment's file.
  /// - Returns: the last sequence of the oplog in the copy; 0 where there is none.
  /// - Throws: `StorageError`.
  package static func deployment(
    of source: String, at target: String, progress: (_ bytes: Int) -> Void = { _ in }
  ) throws -> Int64 {
    try copy(source, target, progress) { connection in
      let statement = try connection.statement("SELECT coalesce(max(sequence), 0) FROM oplog")
      defer { statement.reset() }
      return try statement.step() ? statement.integer(0) : 0
    }
  }

  /// Copies the control file.
  /// - Returns: the ids of the deployments in the copy.
  /// - Throws: `StorageError`.
  package static func control(of source: String, at target: String) throws -> [String] {
    try copy(source, target, { _ in }, ids)
  }

  /// Copies any other database of ours.
  /// - Throws: `StorageError`.
  package static func other(of source: String, at target: String) throws {
    try copy(source, target, { _ in }) { connection in
      // Reading anything opens the snapshot.
      let statement = try connection.statement("SELECT count(*) FROM sqlite_schema")
      defer { statement.reset() }
      _ = try statement.step()
    }
  }

  /// The ids of the deployments that a control file knows.
  package static func deployments(inControl path: String) throws -> [String] { try ids(reader(path)) }

  private static func ids(_ connection: Connection) throws -> [String] {
    let statement = try connection.statement("SELECT id FROM deployments ORDER BY created_at, id")
    defer { statement.reset() }
    var ids: [String] = []
    while try statement.step() { ids.append(statement.text(0)) }
    return ids
  }

  /// A connection that leaves log and file as they are when it is closed, also as the last one: they may be
  /// those of another deployment by then.
  private static func reader(_ path: String) throws -> Connection {
    let connection = try Connection(path: path, role: .reader, cacheKiB: 256)
    _ = sojourn_sqlite_db_config(connection.handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    return connection
  }

  private static func copy<Result>(
    _ source: String, _ target: String, _ progress: (Int) -> Void, _ inspect: (Connection) throws -> Result
  ) throws -> Result {
    let connection = try reader(source)
    try connection.run("BEGIN")
    let result = try inspect(connection)
    unlink(target)
    let number = MadeFile.open(target, O_RDWR | O_EXCL, 0o600)
    guard number >= 0 else {
      throw StorageError.unavailable("\(target) cannot be made: \(String(cString: strerror(errno)))")
    }
    let file = OwnedDescriptor(number)
    try steps(from: connection, to: target, syncing: file, progress)
    guard fsync(file.number) == 0 else {
      throw StorageError.unavailable("\(target) cannot be synced: \(String(cString: strerror(errno)))")
    }
    return result
  }

  private static func steps(
    from connection: Connection, to target: String, syncing file: OwnedDescriptor, _ progress: (Int) -> Void
  ) throws {
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(target, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
    defer { sqlite3_close_v2(opened) }
    func failure(_ code: Int32) -> StorageError {
      .unavailable("\(connection.path) cannot be copied to \(target): \(String(cString: sqlite3_errstr(code)))")
    }
    guard code == SQLITE_OK, let opened else { throw failure(code) }
    // A copy that is not finished is thrown away: it needs no journal. The small cache makes pages go out
    // as they come.
    sqlite3_exec(opened, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-1024;", nil, nil, nil)
    guard let backup = sqlite3_backup_init(opened, "main", connection.handle, "main") else {
      throw failure(sqlite3_errcode(opened))
    }
    var locks = 0
    var unsynced = 0
    var done: Int32 = 0
    while true {
      let code = sqlite3_backup_step(backup, pagesInStep)
      let now = sqlite3_backup_pagecount(backup) - sqlite3_backup_remaining(backup)
      let bytes = Int(max(now - done, 0)) * 4096
      done = now
      progress(bytes)
      unsynced += bytes
      if unsynced >= bytesUnsynced {
        unsynced = 0
        fdatasync(file.number)
      }
      switch code {
      case SQLITE_OK: continue
      case SQLITE_BUSY where locks < mostLocks, SQLITE_LOCKED where locks < mostLocks:
        locks += 1
        usleep(10_000)
      default:
        let end = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, end == SQLITE_OK else { throw failure(code == SQLITE_DONE ? end : code) }
        return
      }
    }
  }
}
