import CSQLite
import Storage
import Threads
import Wire

/// Deployments, settings and credentials in one small file.
///
/// `@unchecked Sendable` is safe: after the initialiser the connection is made, used and replaced on the one
/// thread of the store alone. So each call sees and leaves a whole state, and no task waits for the disk.
final class SQLiteControlStore: ControlStore, @unchecked Sendable {
  private let path: String
  private let thread: BlockingThreads
  private let remembered: Int64
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

  // MARK: Reading.

  func revision() async throws -> Int64 { try await run { try ControlRows(connection: $0).revision() } }

  func contents() async throws -> ControlContents { try await run { try ControlRows(connection: $0).contents() } }

  func changes(since revision: Int64) async throws -> ControlChanges {
    try await run { try ControlRows(connection: $0).changes(since: revision) }
  }

  // MARK: Changing.

  func add(_ deployment: DeploymentRecord) async throws {
    try await change(.added, deployment.id) { try $0.add(deployment) }
  }

  func remove(deployment id: String) async throws {
    try await change(.removed, id) { try $0.remove(deployment: id) }
  }

  func set(_ plan: SettingsPlan, of deployment: String) async throws -> SettingsOutcome {
    try await run { [self] _ in
      try write(keeping: { (outcome: SettingsOutcome) in outcome.isDone }) { connection in
        let rows = ControlRows(connection: connection)
        guard try rows.set(plan, of: deployment) else { return .refused }
        try rows.note(.changed, of: deployment, remembering: remembered)
        return .done(try AuditRows(connection: connection).append(plan.audit))
      }
    }
  }

  func setPassword(hash: [UInt8], of deployment: String) async throws {
    try await change(.changed, deployment) { try $0.setPassword(hash: hash, of: deployment) }
  }

  func add(_ token: TokenRecord) async throws {
    try await change(.changed, token.deployment) { try $0.add(token) }
  }

  func remove(token name: String, of deployment: String) async throws {
    try await change(.changed, deployment) { try $0.remove(token: name, of: deployment) }
  }

  func touch(_ uses: [NotedUse]) async throws {
    try await run { [self] _ in
      try transaction { rows in
        for use in uses { try rows.touch(use) }
      }
    }
  }

  // MARK: On the store's thread.

  func run<Result: Sendable>(
    _ body: @Sendable @escaping (Connection) throws -> Result
  ) async throws -> Result {
    try await thread.runForStorage { [self] in try body(try ready()) }
  }

  /// The change and the note of it, or neither.
  private func change(
    _ kind: ControlChange.Kind, _ deployment: String, _ body: @Sendable @escaping (ControlRows) throws -> Void
  ) async throws {
    try await run { [self] _ in
      try transaction { rows in
        try body(rows)
        try rows.note(kind, of: deployment, remembering: remembered)
      }
    }
  }

  private func ready() throws -> Connection {
    if let opened { return opened }
    let connection = try Connection(path: path, role: .writer, cacheKiB: 256)
    opened = connection
    return connection
  }

  private func transaction(_ body: (ControlRows) throws -> Void) throws {
    try write { try body(ControlRows(connection: $0)) }
  }

  /// In one transaction, which is rolled back where `isKept` says no of the result.
  func write<Result>(keeping isKept: (Result) -> Bool = { _ in true }, _ body: (Connection) throws -> Result) throws
    -> Result
  {
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
