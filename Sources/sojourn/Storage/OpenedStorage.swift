import Deployments
import Storage
import StoragePostgres
import StorageSQLite
import Wire

/// An engine that is open, with what belongs to its kind. This is the one place where a kind is chosen.
struct OpenedStorage: Sendable {
  let engine: any StorageEngine
  /// The server's own.
  let key: ServerKey
  /// As people know the place.
  let words: String
  /// Files that the process needs for so many deployments.
  let filesWanted: @Sendable (Int) -> Int
  /// What there is for which no deployment is registered; how people see it, and what to do.
  let strays: @Sendable () async throws -> (names: [String], advice: String)

  /// What is wrong with the place, though a server works with it; in sentences.
  let remarks: @Sendable () throws -> [String]

  /// How it is to be opened.
  struct Terms: Sendable {
    var clock: any WallClock = SystemClock()
    /// Files that the process needs beside those of deployments, and how few of them do for a start.
    var otherFiles = 512
    var leastOtherFiles = 16
    var secondsPerRead: Int?
    var report: @Sendable (String) -> Void
  }

  /// - Throws: `StorageError`, `DeploymentFault`.
  init(in directory: DataDirectory, _ terms: Terms) throws {
    var options = SQLiteObjectStore.Options()
    options.secondsPerRead = terms.secondsPerRead ?? options.secondsPerRead
    options.report = terms.report
    let engine = try SQLiteEngine(
      directory, clock: terms.clock, otherFiles: terms.otherFiles, leastOtherFiles: terms.leastOtherFiles,
      options: options)
    self.engine = engine
    key = try ServerKey.load(at: directory.path + "/secret.key")
    words = directory.path
    remarks = { [] }
    filesWanted = { engine.filesWanted(for: $0) }
    strays = {
      (
        try await engine.strayFiles(),
        "in \(engine.deploymentsDirectory): nothing in there is served. Restore the control file that knows them from a "
          + "backup, or move them away."
      )
    }
  }

  init(_ database: SharedDatabase, _ terms: Terms) throws {
    let address = try Self.telling { () throws(PostgresFault) in try database.address() }
    guard let keyFile = database.keyFile else {
      throw DeploymentFault(
        "Name the key file that all nodes have with --key-file or SOJOURN_KEY_FILE; `sojourn storage init` makes it.")
    }
    var options = PostgresOptions()
    options.secondsPerRead = terms.secondsPerRead ?? options.secondsPerRead
    options.report = terms.report
    let engine = try PostgresEngine(address, clock: terms.clock, options: options)
    self.engine = engine
    key = try engine.administering { try OperatorKey(path: keyFile).open($0) }
    words = address.description
    remarks = {
      try engine.administering { connection in
        let facts = try DatabaseCheck.facts(connection, nowMilliseconds: terms.clock.milliseconds())
        return DatabaseCheck.findings(facts, nodes: 1).map(\.sentence)
      }
    }
    filesWanted = { _ in terms.otherFiles }
    strays = {
      (
        try await engine.strays().map { "d_\($0)" },
        "in the database: nothing in these schemas is served. Restore the schema sojourn that knows them from a backup, or "
          + "drop them."
      )
    }
  }

  private static func telling<Value>(_ body: () throws(PostgresFault) -> Value) throws(StorageError) -> Value {
    do throws(PostgresFault) { return try body() } catch { throw StorageError(error) }
  }
}
