import CSQLite
import Storage
import Threads

/// Deployments, settings and credentials in one small file.
///
/// `@unchecked Sendable` is safe: after the initialiser the connection is made, used and replaced on the one
/// thread of the store alone. So each call sees and leaves a whole state, and no task waits for the disk.
final class SQLiteControlStore: TabledControlStore, @unchecked Sendable {
  private let path: String
  private let thread: BlockingThreads
  let remembered: Int64
  private var opened: Connection?

  /// `remembered` is how many changes are kept for who asks what happened.
  /// - Throws: `StorageError.unusable` for a file of a later version, or one that is none of ours.
  init(path: String, create: Bool = true, remembered: Int64 = 1000) throws {
    self.path = path
    self.remembered = remembered
    let connection = try Connection(path: path, role: .writer, cacheKiB: 256, create: create)
    try ControlLayout.bring(connection, at: path, create: create)
    opened = connection
    thread = try BlockingThreads.forStorage(count: 1, waiting: 256, named: "control")
  }

  /// What waits is still done.
  func close() { thread.close() }

  func reading<Result: Sendable>(
    _ extent: ReadExtent, _ body: @Sendable @escaping (ControlFile) throws -> Result
  ) async throws -> Result {
    try await thread.runForStorage { [self] in try body(ControlFile(connection: try ready())) }
  }

  func writing<Result: Sendable>(
    keeping isKept: @Sendable @escaping (Result) -> Bool, _ body: @Sendable @escaping (ControlFile) throws -> Result
  ) async throws -> Result {
    try await thread.runForStorage { [self] in
      try write(keeping: isKept) { try body(ControlFile(connection: $0)) }
    }
  }

  // MARK: On the store's thread.

  private func ready() throws -> Connection {
    if let opened { return opened }
    let connection = try Connection(path: path, role: .writer, cacheKiB: 256)
    opened = connection
    return connection
  }

  /// In one transaction, which is rolled back where `isKept` says no of the result.
  private func write<Result>(
    keeping isKept: (Result) -> Bool, _ body: (Connection) throws -> Result
  ) throws -> Result {
    let connection = try ready()
    let result: Result
    do {
      result = try connection.write(keeping: isKept) { try body(connection) }
    } catch {
      // As in `Writer`: a failed sync is never tried again on the same handle.
      opened = nil
      throw error
    }
    // Small and seldom written: the log is folded in at once.
    sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
    return result
  }
}
