import CSQLite
import CSQLiteLog
import Glibc
import Storage
import Synchronization
import Wire

/// One open handle on a database file, with its statements kept ready.
///
/// Not thread-safe: SQLite's own locking is off, and whoever holds a connection is alone with it. The
/// reader pool and the writer thread each see to that.
final class Connection {
  enum Role {
    case writer, reader
    /// Writes beside a writer that waits meanwhile. Large sorts go to an unlinked file.
    case indexer
    /// Moves the log's pages into the file, beside a writer.
    case mover
    /// Writes a file that can be made anew. Its commits are not synced each, so it must not gather the log
    /// in memory until they are, as a writer does (`LogFiles`).
    case filler

    var writesAlone: Bool { self == .writer || self == .filler }
  }

  let handle: OpaquePointer
  let path: String
  /// Those of the process that are open.
  static var openCount: Int { opened.load(ordering: .relaxed) }
  private static let opened = Atomic(0)
  private var cached: [String: Statement] = [:]
  private var order: [String] = []
  private let deadline: UnsafeMutablePointer<Deadline>
  /// How often statements have called `examined`, in all.
  private let examinedCount: UnsafeMutablePointer<Int>

  /// When the running statement must stop; read by SQLite's progress handler.
  private struct Deadline {
    var at: UInt64 = .max
  }

  /// Statements kept ready beyond those that callers hold themselves.
  private static let cacheLimit = 64
  /// Bytes of SQL up to which a statement is kept: a filter of a thousand terms makes a program of half a
  /// megabyte that hardly comes twice.
  private static let keptLength = 8192
  /// Steps of SQLite's machine between two looks at the clock: well below a millisecond.
  private static let stepsBetweenLooks: Int32 = 5000

  /// How long a statement waits for another connection's lock.
  static let patienceMilliseconds: Int32 = 10_000

  /// Opens the file and sets it up. Only `create` makes one: a file that has gone missing must not come
  /// back empty.
  /// - Throws: `StorageError.unusable` where the file is damaged or may not be written.
  init(path: String, role: Role, cacheKiB: Int, create: Bool = false) throws {
    // Data and hashes of credentials are their owner's alone. SQLite gives the log and its index the
    // mode and the owner of the file.
    if create {
      let number = MadeFile.open(path, O_RDWR, 0o600)
      if number >= 0 { close(number) }
    }
    var opened: OpaquePointer?
    let flags =
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0)
    let code = sqlite3_open_v2(path, &opened, flags, role == .writer ? LogFiles.name : nil)
    guard code == SQLITE_OK, let opened else {
      let reason = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      let isForWantOfFiles = Self.isForWantOfFiles(code, opened)
      sqlite3_close_v2(opened)
      if access(path, R_OK | W_OK) != 0, errno == EACCES { throw Self.forbidden(path) }
      if isForWantOfFiles { throw StorageError.tooManyFiles }
      throw StorageError.unavailable("the database \(path) cannot be opened: \(reason)")
    }
    handle = opened
    Self.opened.add(1, ordering: .relaxed)
    self.path = path
    deadline = .allocate(capacity: 1)
    deadline.initialize(to: Deadline())
    examinedCount = .allocate(capacity: 1)
    examinedCount.initialize(to: 0)
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, Self.patienceMilliseconds)
    _ = sojourn_sqlite_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1)
    _ = sojourn_sqlite_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
    do {
      // Before anything reads the schema, whose indexes may name them.
      try ConversionFunctions.register(on: handle)
      try registerFunctions()
      try registerExamined(examinedCount)
      try configure(role, cacheKiB: cacheKiB)
    } catch StorageError.broken(let reason) {
      throw Self.damaged(path, reason)
    }
    sqlite3_progress_handler(
      handle, Self.stepsBetweenLooks,
      { context in
        guard let context else { return 0 }
        let deadline = context.assumingMemoryBound(to: Deadline.self).pointee.at
        return deadline != .max && Connection.nanoseconds() > deadline ? 1 : 0
      }, deadline)
  }

  private func configure(_ role: Role, cacheKiB: Int) throws {
    // SQLite opens a file that may only be read without a word, and fails at the first write.
    guard sqlite3_db_readonly(handle, "main") == 0 else {
      throw Self.forbidden(path)
    }
    if role.writesAlone {
      try run("PRAGMA page_size=4096")
      // The answer is the mode in force: a file system that cannot keep a log's index says no here.
      let mode = try Statement("PRAGMA journal_mode=WAL", on: self)
      guard try mode.step(), mode.text(0) == "wal" else {
        throw StorageError.unusable(
          "The file system of \(path) cannot hold a database with a write-ahead log. Choose a local disk.")
      }
      mode.reset()
    }
    // FULL syncs the log at every commit: acknowledged means on disk.
    try run("PRAGMA synchronous=\(role == .filler ? "NORMAL" : "FULL")")
    try run("PRAGMA foreign_keys=OFF")
    try run("PRAGMA cache_size=-\(cacheKiB)")
    try run("PRAGMA wal_autocheckpoint=0")
    try run("PRAGMA journal_size_limit=67108864")
    // A writer's savepoints stay in memory; a reader's large sorts go to an unlinked file.
    if role.writesAlone {
      try run("PRAGMA temp_store=MEMORY")
      // A transaction stays in memory until it is committed, whatever the cache's size. SQLite writes wrong
      // checksums into the log when pages that did not fit are written early and a savepoint is rolled back
      // then (sqlite.org/forum/forumpost/b490f726db): after a crash everything from there on would be gone,
      // though it was acknowledged.
      try run("PRAGMA cache_spill=OFF")
    }
    if role == .reader { try run("PRAGMA query_only=ON") }
  }

  private static func forbidden(_ path: String) -> StorageError {
    .unusable("The database \(path) may not be read and written. Give the user that runs Sojourn the right to.")
  }

  /// What is said of a file that contradicts itself when it is opened.
  static func damaged(_ path: String, _ reason: String) -> StorageError {
    .unusable("The file \(path) is no database of Sojourn, or damaged: \(reason). Restore it from a backup.")
  }

  deinit {
    cached.removeAll()
    sqlite3_close_v2(handle)
    Self.opened.subtract(1, ordering: .relaxed)
    deadline.deallocate()
    examinedCount.deallocate()
  }

  /// Runs `body`; a statement in it that is still running after `seconds` fails with
  /// `StorageError.timeLimit`.
  func limited<Result>(toSeconds seconds: Int, _ body: () throws -> Result) throws -> Result {
    deadline.pointee.at = Self.nanoseconds() + UInt64(seconds) * 1_000_000_000
    defer { deadline.pointee.at = .max }
    do {
      return try body()
    } catch StorageError.timeLimit {
      throw StorageError.timeLimit(seconds: seconds)
    }
  }

  var rowsExamined: Int { examinedCount.pointee }

  /// Runs `body`; nil where a statement in it was still running after `limit`. A limit around it holds on.
  func limited<Result>(to limit: Duration, _ body: () throws -> Result) throws -> Result? {
    let outer = deadline.pointee.at
    let (seconds, attoseconds) = max(limit, .zero).components
    let nanoseconds = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let end = Self.nanoseconds().addingReportingOverflow(
      nanoseconds.partialValue &+ UInt64(attoseconds / 1_000_000_000))
    guard !nanoseconds.overflow, !end.overflow, end.partialValue < outer else { return try body() }
    deadline.pointee.at = end.partialValue
    defer { deadline.pointee.at = outer }
    do { return try body() } catch StorageError.timeLimit { return nil }
  }

  /// A statement that is kept ready for the next time. While one of the same text is running, as when a
  /// list is read inside a list, it is another one.
  func statement(_ sql: String) throws -> Statement {
    let known = cached[sql]
    if let known, !known.isRunning { return known }
    guard known == nil, sql.utf8.count <= Self.keptLength else { return try Statement(sql, on: self) }
    if order.count >= Self.cacheLimit {
      for old in order.prefix(Self.cacheLimit / 2) { cached[old] = nil }
      order.removeFirst(Self.cacheLimit / 2)
    }
    let made = try Statement(sql, on: self)
    made.isKept = true
    cached[sql] = made
    order.append(sql)
    return made
  }

  /// Puts on the disk what anybody in the process has given the kernel of the database file. SQLite's code
  /// of the outcome.
  func syncFile() -> Int32 {
    // Through the handle that SQLite has: closing another would drop the locks of them all.
    var file: UnsafeMutablePointer<sqlite3_file>?
    let code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file)
    guard code == SQLITE_OK, let file, let methods = file.pointee.pMethods, let sync = methods.pointee.xSync else {
      return code == SQLITE_OK ? SQLITE_NOTFOUND : code
    }
    return sync(file, SQLITE_SYNC_NORMAL)
  }

  /// Runs statements without values and without rows.
  func run(_ sql: String) throws {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw error(code, in: sql) }
  }

  /// Whether a transaction is open; SQLite itself ends one after some failures.
  var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// Whether SQLite could not open a file because the process, or the whole system, may open no more.
  private static func isForWantOfFiles(_ code: Int32, _ handle: OpaquePointer?) -> Bool {
    guard code & 0xff == SQLITE_CANTOPEN else { return false }
    let reason = sqlite3_system_errno(handle)
    return reason == EMFILE || reason == ENFILE
  }

  func error(_ code: Int32, in sql: String) -> StorageError {
    if Self.isForWantOfFiles(code, handle) { return .tooManyFiles }
    let text = "\(String(cString: sqlite3_errmsg(handle))) (code \(code)) in \(path), at: \(sql.prefix(200))"
    switch code & 0xff {
    case SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_NOMEM, SQLITE_BUSY:
      return .unavailable(text)
    case SQLITE_INTERRUPT: return .timeLimit(seconds: 0)
    case SQLITE_NOTADB, SQLITE_CORRUPT: return .broken(text)
    default: return .broken(text)
    }
  }

  private static func nanoseconds() -> UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
  }
}

/// How a writing connection's log reaches the kernel: in large pieces (`CSQLiteLog`).
enum LogFiles {
  /// The name to open with; nil, for SQLite's own way, where it could not be registered. All connections
  /// that have it sync at every commit.
  static let name = sojourn_log_files_register("sojourn-log", nil) == SQLITE_OK ? "sojourn-log" : nil
}
