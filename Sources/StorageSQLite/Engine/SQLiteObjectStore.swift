import Crypto
import DataModel
import Storage
import Synchronization
import Threads
import Wire

/// One deployment's objects in one SQLite file.
///
/// 1. One thread writes (`Writer`); groups commit at `synchronous=FULL`.
/// 2. Lists and other long reads run on the process's reading threads, point reads where they are asked.
/// 3. A mover beside the writer moves the log into the file, and the writer the last of it (`Checkpointer`).
package final class SQLiteObjectStore: ObjectStore {
  package struct Options: Sendable {
    /// A read that runs longer fails with `StorageError.timeLimit`.
    package var secondsPerRead = 20
    /// Plans that may wait for the writer; one more is refused with `StorageError.busy`.
    package var waitingWrites = 4096
    package var writerCacheKiB = 8192
    package var readerCacheKiB = 1792
    package var search = SearchOptions()
    /// Reading connections that stay open.
    package var readersKept = 6
    /// Tasks that may wait for the oplog to go on; one more is refused with `StorageError.busy`.
    package var waitingReaders = 1000
    /// Told, in a sentence for the log, what people should know of.
    package var report: @Sendable (String) -> Void = { _ in }
    /// Called inside each writing transaction before its commit: tests hold groups open with it.
    package var beforeCommit: (@Sendable () -> Void)?

    package init() {}
  }

  private let options: Options
  private let clock: any WallClock
  let readers: ReaderPool
  private let uses: IndexUses
  let path: String
  let metrics: WriterMetrics
  /// As they were read last, for figures.
  let lastAttachmentTotals = Mutex(AttachmentTotals())
  let commits: CommitCount
  private let threads: BlockingThreads
  let writer: Writer
  let users: UserSharing
  private let writing: OwnThread
  let search: SearchIndex
  private let filler: SearchFiller
  private let filling: OwnThread
  /// For good: the file is this process's alone.
  package let leaseHolder = LeaseHolder(id: nodeID(), milliseconds: .max)
  /// What this node has heard of. Another node on the same file has one of its own.
  private let current: ModelCache
  /// What works on the file in the background goes by, whichever node deployed.
  private let deployed: ModelCache
  private let indexBuilder: IndexBuilder
  private let keeper: FeedKeeper
  let waiters: EntryWaiters
  /// Tells a second node's waiters of entries; nil for the node that has the file open, whose writer does.
  private let listener: Task<Void, Never>?

  /// Opens a deployment's file.
  /// - Throws: `StorageError.unusable` where it is no deployment's file.
  package convenience init(
    path: String, threads: BlockingThreads, clock: any WallClock, options: Options = Options()
  ) throws {
    do {
      // A reader: what turns out to be no deployment's file is left as it was found.
      let connection = try Connection(path: path, role: .reader, cacheKiB: 256)
      guard let model = try Catalog(connection: connection).opened() else {
        throw StorageError.broken("it holds no deployed data model")
      }
      try self.init(path: path, model: model, threads: threads, clock: clock, options: options)
    } catch StorageError.broken(let reason) {
      throw Connection.damaged(path, reason)
    }
  }

  /// Makes a deployment's file with its first data model. The file must not exist.
  package convenience init(
    creating path: String, model: DataModel, by person: Person?, threads: BlockingThreads,
    clock: any WallClock, options: Options = Options()
  ) throws {
    let connection = try Connection(path: path, role: .writer, cacheKiB: 256, create: true)
    let catalog = Catalog(connection: connection)
    try catalog.prepare()
    let stored = try connection.write { try catalog.deploy(model, at: clock.now, by: person) }
    try self.init(path: path, model: stored, threads: threads, clock: clock, options: options)
  }

  private init(
    path: String, model: StoredDataModel, threads: BlockingThreads, clock: any WallClock, options: Options
  ) throws {
    let commits = CommitCount()
    commits.note(deployed: model.version)
    let search = SearchIndex(path: Self.searchPath(besides: path), options: options.search)
    let uses = IndexUses(since: clock.now)
    let readers = ReaderPool(
      path: path, kept: options.readersKept, cacheKiB: options.readerCacheKiB, commits: commits, search: search,
      uses: uses)
    // One reader stays open from now on. With a connection open at any time, the log and its index stay
    // where they are: no start waits for the whole log to be folded in, and reads go on while a full
    // disk has no room for a new index.
    try readers.lend { _ in }
    try Self.migrate(path)
    let keeper = try FeedKeeper(path: path, report: options.report)
    let waiters = EntryWaiters(last: keeper.last, limit: options.waitingReaders)
    let users = UserSharing(
      stored: try readers.lend { try MetaTable(connection: $0.connection).text(.appUser) })
    let deployed = ModelCache(model)
    let metrics = WriterMetrics()
    let writer = Writer(
      path: path, cacheKiB: options.writerCacheKiB, waiting: options.waitingWrites, clock: clock,
      commits: commits, readers: readers, waiters: waiters, metrics: metrics, floor: keeper.floor,
      users: users, beforeCommit: options.beforeCommit
    ) { name in deployed.model[name] }
    self.users = users
    self.uses = uses
    self.path = path
    self.keeper = keeper
    self.waiters = waiters
    self.options = options
    self.clock = clock
    self.threads = threads
    self.metrics = metrics
    self.current = ModelCache(model)
    self.deployed = deployed
    self.listener = nil
    self.indexBuilder = IndexBuilder(writer: writer, report: options.report) { deployed.model }
    self.readers = readers
    self.commits = commits
    self.writer = writer
    let areIndexesBuilt = try readers.lend { reader in
      try Catalog(connection: reader.connection).indexWork(for: model.models).isDone
    }
    self.writing = try OwnThread.forStorage(named: "writer") { writer.run() }
    self.search = search
    let filler = SearchFiller(
      search, readers: readers, commits: commits, secondsPerRead: options.secondsPerRead
    ) { deployed.model }
    self.filler = filler
    self.filling = try OwnThread.forStorage(named: "search") { filler.run() }
    // What the last process did not come to.
    if !areIndexesBuilt { indexBuilder.start() }
  }

  /// Another node on a file that is open: it hears of deploys and of entries by itself, and shares all that a process
  /// has once for a file. It is closed before the first one, and closes nothing of that.
  package init(besides first: SQLiteObjectStore) {
    options = first.options
    clock = first.clock
    readers = first.readers
    uses = first.uses
    path = first.path
    metrics = first.metrics
    commits = first.commits
    threads = first.threads
    writer = first.writer
    users = first.users
    writing = first.writing
    search = first.search
    filler = first.filler
    filling = first.filling
    current = ModelCache(first.dataModel)
    deployed = first.deployed
    indexBuilder = first.indexBuilder
    keeper = first.keeper
    let waiters = EntryWaiters(last: first.waiters.last, limit: first.options.waitingReaders)
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

  /// The file of the search index: `ID.search` beside `ID.db`.
  static func searchPath(besides path: String) -> String {
    (path.hasSuffix(".db") ? String(path.dropLast(3)) : path) + ".search"
  }

  /// Writes that wait for the writer now.
  var waitingWrites: Int { writer.waitingCount }

  package var dataModel: StoredDataModel { current.model }

  package func read<Result: Sendable>(
    _ body: @Sendable @escaping (any Snapshot) throws -> Result
  ) async throws -> Result {
    try await threads.runForStorage { [self] in
      try readers.lend { try read(body, on: $0) }
    }
  }

  package func readAtOnce<Result: Sendable>(_ body: (any Snapshot) throws -> Result) throws -> Result? {
    try readers.lendIdle { try read(body, on: $0) }
  }

  private func read<Result>(_ body: (any Snapshot) throws -> Result, on reader: Reader) throws -> Result {
    do {
      return try reader.read(withinSeconds: options.secondsPerRead, body)
    } catch StorageError.replan(let version) {
      try catchUp(with: version, by: reader)
      throw StorageError.replan(version: version)
    }
  }

  package func write(_ plan: WritePlan) async throws -> WriteOutcome {
    do {
      return try await withCheckedThrowingContinuation { answer in
        do {
          try writer.submit(.plan(plan, answer, .now))
        } catch {
          answer.resume(throwing: error)
        }
      }
    } catch StorageError.replan(let version) {
      if current.model.version < version {
        try await threads.runForStorage { [self] in try readers.lend { try catchUp(with: version, by: $0) } }
      }
      throw StorageError.replan(version: version)
    }
  }

  /// Reads the data model in force from the file, where this store has not heard of one with this version yet: who is
  /// refused because of it plans under it next.
  private func catchUp(with version: Int, by reader: Reader) throws {
    guard current.model.version < version else { return }
    let found = try reader.snapshot(withinSeconds: options.secondsPerRead) { _ in
      try Catalog(connection: reader.connection).opened()
    }
    guard let found else { return }
    // First of all: who plans under it must not read a snapshot from before it.
    commits.rise()
    current.note(found)
  }

  /// Deploys that may come between the plan of one and its end.
  private static let mostPlans = 20

  package func deploy(_ model: DataModel, by person: Person?) async throws -> StoredDataModel {
    for _ in 0..<Self.mostPlans {
      let plan = try await fromCatalog { try $0.plan(model) }
      guard let (stored, areIndexesBuilt) = try await carryOut(plan, of: model, by: person) else { continue }
      if !areIndexesBuilt { indexBuilder.start() }
      return stored
    }
    throw StorageError.busy
  }

  /// New tables in steps, between which writes go on; then all that makes the data model current in one.
  /// - Returns: nil where another deploy came between.
  private func carryOut(
    _ plan: DeployPlan, of model: DataModel, by person: Person?
  ) async throws -> (stored: StoredDataModel, areIndexesBuilt: Bool)? {
    var plan = plan
    while !plan.newTables.isEmpty {
      let now = plan
      let rest = try await writer.alone { connection in
        try Self.inTransaction(on: connection) { catalog in (try catalog.makeTables(of: now), isKept: true) }
      }
      guard let rest else { return nil }
      plan = rest
    }
    let last = plan
    return try await writer.alone { [self] connection in
      // It may not come to the commit, or fail there.
      defer { commits.note(deployed: deployed.model.version) }
      return try Self.inTransaction(on: connection) { catalog in
        let done = try catalog.finish(last, model, at: clock.now, by: person)
        if let done { commits.note(deployed: done.stored.version) }
        return (done, isKept: done != nil)
      } afterCommit: { done in
        // On the writer's thread, before the next group: behaviour, hash and time move together. The
        // count comes first: who plans under the new model must not read a snapshot from before it.
        guard let done else { return }
        commits.rise()
        deployed.note(done.stored)
        current.note(done.stored)
      }
    }
  }

  package func rehearse(_ model: DataModel) async throws -> DeployRehearsal {
    try await fromCatalog { catalog in
      let plan = try catalog.plan(model)
      return DeployRehearsal(buildings: plan.indexes.buildings, secondsHoldingUp: plan.secondsHoldingUp)
    }
  }

  package func pendingIndexes() async throws -> [IndexBuilding] {
    let stored = deployed.model
    return try await fromCatalog { try $0.indexWork(for: stored.models).buildings }
  }

  /// Runs `body` in a transaction, which is rolled back where it throws or nothing is to be kept.
  private static func inTransaction<Result>(
    on connection: Connection, _ body: (Catalog) throws -> (Result, isKept: Bool),
    afterCommit: (Result) -> Void = { _ in }
  ) throws -> Result {
    let (result, isKept) = try connection.write(keeping: \.isKept) { try body(Catalog(connection: connection)) }
    if isKept { afterCommit(result) }
    return result
  }

  package func deploys() async throws -> [DeployRecord] { try await fromCatalog { try $0.history() } }

  package func document(ofDeploy version: Int) async throws -> [UInt8]? {
    try await fromCatalog { try $0.document(ofVersion: version) }
  }

  package func indexes() async throws -> [(model: String, indexes: [StoredIndex])] {
    let stored = deployed.model
    let existing = try await fromCatalog { try $0.existingIndexes() }
    return stored.models.map { model in
      let indexes = IndexPlan.all(of: model).map { plan in
        var described = plan.described
        let isReady = existing[plan.table] != nil
        described.status = isReady ? .ready : .pending
        described.usage = isReady ? uses.usage(of: plan.table) : nil
        return described
      }
      return (model.name, indexes)
    }
  }

  private func fromCatalog<Result: Sendable>(
    withinSeconds seconds: Int? = nil, _ body: @Sendable @escaping (Catalog) throws -> Result
  ) async throws -> Result {
    try await threads.runForStorage { [readers, options] in
      try readers.lend { reader in
        try reader.snapshot(withinSeconds: seconds ?? options.secondsPerRead) { _ in
          try body(Catalog(connection: reader.connection))
        }
      }
    }
  }

  /// Reads tables that are not objects', on a reader of its own.
  func readingTables<Result: Sendable>(
    withinSeconds seconds: Int? = nil, _ body: @Sendable @escaping (Connection) throws -> Result
  ) async throws -> Result {
    try await fromCatalog(withinSeconds: seconds) { try body($0.connection) }
  }

  private static func migrate(_ path: String) throws {
    try Catalog(connection: Connection(path: path, role: .writer, cacheKiB: 256)).migrate()
  }

  // MARK: The feed.

  package var feedID: String { keeper.feedID }

  package func waitForEntry(
    from position: Int64, until deadline: ContinuousClock.Instant, since wakes: Int
  ) async throws -> EntryWait {
    try await waiters.wait(from: position, until: deadline, since: wakes)
  }

  package var waitWakes: Int { waiters.wakes }

  package func wakeWaits() { waiters.wake() }

  package func endWaits() { waiters.end() }

  package func tend() async throws {
    let last = waiters.last
    try await threads.runForStorage { [keeper] in try keeper.mark(last) }
  }

  package func close() async {
    waiters.end()
    if let listener { return listener.cancel() }
    indexBuilder.stop()
    filler.stop()
    writer.close()
    // Joining waits for the last commit: off the threads that tasks share.
    await withCheckedContinuation { (closed: CheckedContinuation<Void, Never>) in
      let waiter = try? OwnThread { [self] in
        writing.join()
        // One that cannot be written leaves the older one, which is still true.
        try? keeper.mark(waiters.last)
        filling.join()
        readers.close()
        closed.resume()
      }
      if waiter == nil { closed.resume() }
    }
  }
}
