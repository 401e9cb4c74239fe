import Storage
import Synchronization
import Wire

/// The writer's connection to a deployment's file, and all that is done with it. It is opened when it is needed, and
/// closed after each failure: a failed sync is never tried again on the same handle, as what the kernel dropped would
/// seem written.
///
/// Used by the writer's thread alone, but for `isOpen`.
final class WriterConnection {
  let path: String
  private let cacheKiB: Int
  private let clock: any WallClock
  /// Called inside each transaction before its commit; tests hold groups open with it.
  private let beforeCommit: (@Sendable () -> Void)?
  private let shared: SharedState
  /// New sequences are above it.
  private let floor: Int64
  private let mover: LogMover
  private let checkpointer: Checkpointer
  private var connection: Connection? { didSet { opened.store(connection != nil, ordering: .relaxed) } }
  private let opened = Atomic(false)
  /// Nil after anybody else has used the connection: tables and counters may have changed.
  private var runner: PlanRunner<SQLiteWriteStore>?
  private let leases = LeasesTaken()
  /// The last entry that was committed by this writer; 0 before there was one. Not what sequences go on
  /// from, which after a restore may lie above all entries.
  private var committed: Int64 = 0

  init(path: String, _ context: StoreContext, _ shared: SharedState, floor: Int64) {
    self.path = path
    self.cacheKiB = context.options.writerCacheKiB
    self.clock = context.clock
    self.beforeCommit = context.options.beforeCommit
    self.shared = shared
    self.floor = floor
    mover = LogMover(path: path, on: context.threads.moving, metrics: shared.metrics)
    checkpointer = Checkpointer(readers: shared.readers, mover: mover, metrics: shared.metrics)
  }

  /// On any thread.
  var isOpen: Bool { opened.load(ordering: .relaxed) }

  // MARK: Opening and closing.

  private func ready() throws -> PlanRunner<SQLiteWriteStore> {
    if let runner { return runner }
    let store = try SQLiteWriteStore(
      try connection ?? open(), leases: leases, deployed: { [shared] in shared.deployed.model[$0] })
    let made = PlanRunner(store, try store.state(floor: floor))
    runner = made
    return made
  }

  private func open() throws -> Connection {
    let made = try Connection(path: path, role: .writer, cacheKiB: cacheKiB)
    checkpointer.watch(made)
    connection = made
    return made
  }

  func close() {
    runner = nil
    connection = nil
  }

  /// Closes what is open, with the log moved.
  func release() {
    guard let connection else { return }
    checkpointer.moveAll(connection)
    mover.disconnect()
    close()
  }

  /// After the last group.
  func end() async { await mover.close() }

  // MARK: Groups.

  /// One transaction for the group.
  ///
  /// Rules decide before anything is written, so that a step that fails has written nothing, and no savepoint is
  /// needed to say so; around each step they cost a fifth of all throughput. What no rule foresaw rolls the group
  /// back, and each plan is done in a transaction of its own, in which that failure stays the plan's own.
  /// - Throws: what made the whole of it fail; nothing of it was done then.
  func commit(_ plans: [WritePlan]) throws -> [Result<WriteOutcome, any Error>] {
    do {
      return try transaction(plans)
    } catch StorageError.broken(let reason) {
      if plans.count == 1 { throw StorageError.broken(reason) }
      return plans.map { plan in Result { try transaction([plan])[0].get() } }
    }
  }

  /// After those who wrote have their answers.
  func afterAnswers() {
    guard let runner else { return }
    shared.waiters.note(last: committed)
    checkpointer.moveIfDue(runner.store.connection)
  }

  private func transaction(_ plans: [WritePlan]) throws -> [Result<WriteOutcome, any Error>] {
    let began = ContinuousClock.now
    let runner = try ready()
    let before = runner.state.lastSequence
    var touched: Set<Int>?
    defer { if let touched { shared.commits.settle(touched) } }
    do {
      let outcomes = try runner.store.connection.write {
        let outcomes = try run(plans, with: runner)
        beforeCommit?()
        touched = runner.state.touched
        shared.commits.announce(runner.state.touched)
        return outcomes
      }
      if runner.state.hasEndedSessions { shared.users.noteEndedSessions() }
      runner.beginNext()
      shared.metrics.noteCommit(of: plans, since: began)
      if runner.state.lastSequence > before { committed = runner.state.lastSequence }
      return outcomes
    } catch {
      close()
      throw error
    }
  }

  private func run(
    _ plans: [WritePlan], with runner: PlanRunner<SQLiteWriteStore>
  ) throws -> [Result<WriteOutcome, any Error>] {
    let now = clock.milliseconds()
    // What the store was told last is kept before anything is done that goes by it.
    let appUser = shared.users.model
    if runner.state.appUser != appUser {
      _ = try runner.run(WritePlan(steps: [.kept(.appUser(appUser))], origin: ""), clock: now)
    }
    var outcomes: [Result<WriteOutcome, any Error>] = []
    outcomes.reserveCapacity(plans.count)
    for plan in plans {
      switch try runner.run(plan, clock: now) {
      case .success(let outcome): outcomes.append(.success(outcome))
      case .failure(let refusal): outcomes.append(.failure(refusal))
      }
    }
    try runner.storeCounters()
    return outcomes
  }

  // MARK: Failures.

  /// Before those who wait are told: who then asks after the store's health is told the same.
  func noteFailure(_ error: any Error) { shared.metrics.noteFailure(isUnfit: Self.isOfDisk(error)) }

  /// After a group that failed with this error: where the disk took nothing, the log's own space may be what the next
  /// write needs.
  func makeRoom(after error: any Error) {
    if Self.isOfDisk(error), let runner = try? ready() { checkpointer.makeRoom(runner.store.connection) }
  }

  private static func isOfDisk(_ error: any Error) -> Bool {
    if case StorageError.unavailable = error { true } else { false }
  }

  /// A write that nobody asked for (`ProbingRule`).
  func probe() {
    do {
      let connection = try ready().store.connection
      do {
        try connection.write {
          try MetaTable(connection: connection).set(.probed, to: .integer(clock.milliseconds()))
        }
      } catch {
        close()
        throw error
      }
      shared.commits.rise()
      shared.metrics.noteProbe(succeeded: true)
    } catch {
      shared.metrics.noteProbe(succeeded: false)
      if let runner = try? ready() { checkpointer.makeRoom(runner.store.connection) }
    }
  }

  // MARK: Other writes.

  /// Runs `body` on the connection; it is not used again where `body` says no.
  func alone(_ body: (Result<Connection, any Error>) -> Bool) {
    shared.commits.announce(nil)
    let isFit = body(Result { try ready().store.connection })
    shared.commits.settle(nil)
    runner = nil
    if !isFit { connection = nil }
  }

  /// Runs `body` on a connection of its own, inside `alone`.
  func aside<Result>(_ body: (Connection) throws -> Result) throws -> Result {
    let connection = try Connection(path: path, role: .indexer, cacheKiB: cacheKiB)
    checkpointer.watch(connection)
    let result = try body(connection)
    shared.commits.rise()
    checkpointer.moveIfDue(connection)
    return result
  }
}
