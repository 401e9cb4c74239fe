import Crypto
import DataModel
import Storage
import Wire

/// A node's view of one deployment's objects in a SQLite file. What belongs to the file is `DeploymentFile`.
package final class SQLiteObjectStore: ObjectStore {
  let file: DeploymentFile
  /// For good: the file is this process's alone.
  package let leaseHolder = LeaseHolder(id: nodeID(), milliseconds: .max)
  /// What this node has heard of. Another node on the same file has one of its own.
  let current: ModelCache
  let waiters: EntryWaiters
  /// Tells a second node's waiters of entries; nil for the node that has the file open, whose writer does.
  private let listener: Task<Void, Never>?

  /// Opens a deployment's file.
  /// - Throws: `StorageError.unusable` where it is no deployment's file.
  package convenience init(path: String, _ context: StoreContext) throws {
    do {
      // A reader: what turns out to be no deployment's file is left as it was found.
      let connection = try Connection(path: path, role: .reader, cacheKiB: 256)
      guard let model = try Catalog(connection: connection).opened() else {
        throw StorageError.broken("it holds no deployed data model")
      }
      try self.init(path: path, model: model, context)
    } catch StorageError.broken(let reason) {
      throw Connection.damaged(path, reason)
    }
  }

  /// Makes a deployment's file with its first data model. The file must not exist.
  package convenience init(
    creating path: String, model: DataModel, by person: Person?, _ context: StoreContext
  ) throws {
    let connection = try Connection(path: path, role: .writer, cacheKiB: 256, create: true)
    let catalog = Catalog(connection: connection)
    try catalog.prepare()
    let stored = try connection.write { try catalog.deploy(model, at: context.clock.now, by: person) }
    try self.init(path: path, model: stored, context)
  }

  private init(path: String, model: StoredDataModel, _ context: StoreContext) throws {
    file = try DeploymentFile(path: path, model: model, context)
    current = ModelCache(file.shared.deployed.model)
    waiters = file.shared.waiters
    listener = nil
  }

  /// Another node on a file that is open: it hears of deploys and of entries by itself. It is closed before the first
  /// one, and leaves the file open.
  package init(besides first: SQLiteObjectStore) {
    file = first.file
    current = ModelCache(first.dataModel)
    let waiters = EntryWaiters(last: first.waiters.last, limit: file.context.options.waitingReaders)
    self.waiters = waiters
    listener = Task { [told = first.waiters] in
      while !Task.isCancelled {
        let end = try? await told.wait(from: waiters.last + 1, until: .now + .seconds(1), since: told.wakes)
        waiters.note(last: told.last)
        // The first may be closed.
        if end != .entry { try? await Task.sleep(for: .milliseconds(10)) }
      }
    }
  }

  private static func nodeID() -> ObjectID {
    var random = SystemRandom()
    return .random(using: &random)
  }

  package var dataModel: StoredDataModel { current.model }

  // MARK: Reading and writing.

  package func read<Result: Sendable>(
    _ body: @Sendable @escaping (any Snapshot) throws -> Result
  ) async throws -> Result {
    try await file.context.threads.reading.runForStorage { [self] in
      try file.shared.readers.lend { try read(body, on: $0) }
    }
  }

  package func readAtOnce<Result: Sendable>(_ body: (any Snapshot) throws -> Result) throws -> Result? {
    try file.shared.readers.lendIdle { try read(body, on: $0) }
  }

  private func read<Result>(_ body: (any Snapshot) throws -> Result, on reader: Reader) throws -> Result {
    do {
      return try reader.read(withinSeconds: file.context.options.secondsPerRead, body)
    } catch StorageError.replan(let version) {
      try catchUp(with: version, by: reader)
      throw StorageError.replan(version: version)
    }
  }

  package func write(_ plan: WritePlan) async throws -> WriteOutcome {
    do {
      return try await withCheckedThrowingContinuation { answer in
        do {
          try file.writer.submit(.plan(plan, answer, .now))
        } catch {
          answer.resume(throwing: error)
        }
      }
    } catch StorageError.replan(let version) {
      if current.model.version < version {
        try await file.context.threads.reading.runForStorage { [self] in
          try file.shared.readers.lend { try catchUp(with: version, by: $0) }
        }
      }
      throw StorageError.replan(version: version)
    }
  }

  /// Reads the data model in force from the file, where this store has not heard of one with this version yet: who is
  /// refused because of it plans under it next.
  private func catchUp(with version: Int, by reader: Reader) throws {
    guard current.model.version < version else { return }
    let found = try reader.snapshot(withinSeconds: file.context.options.secondsPerRead) { _ in
      try Catalog(connection: reader.connection).opened()
    }
    guard let found else { return }
    // First of all: who plans under it must not read a snapshot from before it.
    file.shared.commits.rise()
    current.note(found)
  }

  /// Reads tables that are not objects', in one snapshot.
  func readingTables<Result: Sendable>(
    withinSeconds seconds: Int? = nil, _ body: @Sendable @escaping (Connection) throws -> Result
  ) async throws -> Result {
    try await file.context.threads.reading.runForStorage { [file] in
      try file.shared.readers.lend { reader in
        try reader.snapshot(withinSeconds: seconds ?? file.context.options.secondsPerRead) { _ in
          try body(reader.connection)
        }
      }
    }
  }

  // MARK: The feed.

  package var feedID: String { file.feed.feedID }

  package func waitForEntry(
    from position: Int64, until deadline: ContinuousClock.Instant, since wakes: Int
  ) async throws -> EntryWait {
    try await waiters.wait(from: position, until: deadline, since: wakes)
  }

  package var waitWakes: Int { waiters.wakes }

  package func wakeWaits() { waiters.wake() }

  package func endWaits() { waiters.end() }

  // MARK: Opening and closing.

  package func tend() async throws { try await file.tend() }

  package var use: StoreUse { file.use }

  package func release() async { await file.release() }

  package func close() async {
    waiters.end()
    if let listener { return listener.cancel() }
    await file.close()
  }
}
