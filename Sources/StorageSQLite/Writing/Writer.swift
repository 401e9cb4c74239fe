import CSQLite
import Storage
import Synchronization
import Threads
import Wire

/// The one writer of a deployment: takes everything that waits, does it in one transaction, syncs once,
/// answers all. While one commit syncs, the next group gathers.
///
/// `@unchecked Sendable` is safe: all but `queue` and `path` is touched by the writer's thread alone.
final class Writer: @unchecked Sendable {
  typealias Answer = CheckedContinuation<WriteOutcome, any Error>

  enum Job: Sendable {
    /// With the time at which it began to wait, and nobody to answer where nobody waits for it.
    case plan(WritePlan, Answer?, ContinuousClock.Instant)
    /// Has the writer's connection to itself, between two groups. False when the connection is not to be
    /// used again.
    case alone(@Sendable (Result<Connection, any Error>) -> Bool)
  }

  /// Plans in one transaction.
  private static let plansInGroup = 256
  /// Steps after which a group takes no further plan: it bounds what one commit writes, holds up and keeps
  /// in memory.
  private static let stepsInGroup = 1000

  private static let microsecondsLooking = 150
  /// How long a writer whose disk took nothing rests between two tries of its own.
  private static let probingMilliseconds = 2000

  private let queue: WaitingQueue<Job>
  private let path: String
  private let cacheKiB: Int
  private let clock: any WallClock
  private let commits: CommitCount
  private let checkpointer: Checkpointer
  private let metrics: WriterMetrics
  private let mover: LogMover
  private var connection: Connection?
  /// Told of each commit, after those who wrote have their answers.
  private let waiters: EntryWaiters
  /// New sequences are above it.
  private let floor: Int64
  private let users: UserSharing
  /// The last entry that was committed by this writer; 0 before there was one. Not what sequences go on
  /// from, which after a restore may lie above all entries.
  private var committed: Int64 = 0
  /// Called inside each transaction before its commit; tests hold groups open with it.
  private let beforeCommit: (@Sendable () -> Void)?
  private var runner: PlanRunner<SQLiteWriteStore>?
  private let leases = LeasesTaken()
  /// The deployed model with this name.
  private let deployed: @Sendable (String) -> StoredModel?

  init(
    path: String, cacheKiB: Int, waiting limit: Int, clock: any WallClock, commits: CommitCount,
    readers: ReaderPool, waiters: EntryWaiters, metrics: WriterMetrics, floor: Int64, users: UserSharing,
    beforeCommit: (@Sendable () -> Void)?, deployed: @escaping @Sendable (String) -> StoredModel?
  ) {
    self.deployed = deployed
    self.waiters = waiters
    self.floor = floor
    self.users = users
    self.beforeCommit = beforeCommit
    self.commits = commits
    self.mover = LogMover(path: path, metrics: metrics)
    self.checkpointer = Checkpointer(readers: readers, mover: mover, metrics: metrics)
    self.metrics = metrics
    self.queue = WaitingQueue(limit: limit)
    self.path = path
    self.cacheKiB = cacheKiB
    self.clock = clock
  }

  /// Jobs that wait now.
  var waitingCount: Int { queue.waitingCount }

  /// - Throws: `StorageError.busy` when too much waits.
  func submit(_ job: Job) throws(StorageError) {
    do { try queue.push(job) } catch { throw StorageError(error) }
  }

  /// Runs `body` with the connection to itself, between two groups.
  func alone<Result: Sendable>(_ body: @Sendable @escaping (Connection) throws -> Result) async throws
    -> Result
  {
    try await withCheckedThrowingContinuation { (answer: CheckedContinuation<Result, any Error>) in
      do {
        try submit(
          .alone { connection in
            let result = Swift.Result { try body(try connection.get()) }
            answer.resume(with: result)
            return (try? result.get()) != nil
          })
      } catch {
        answer.resume(throwing: error)
      }
    }
  }

  /// Runs `body` with a connection of its own, between two groups: for one large write, which may sort more
  /// than memory should hold. What it committed is seen by all when this returns.
  func aside<Result: Sendable>(_ body: @Sendable @escaping (Connection) throws -> Result) async throws
    -> Result
  {
    try await alone { [self] _ in
      let connection = try Connection(path: path, role: .indexer, cacheKiB: cacheKiB)
      checkpointer.watch(connection)
      let result = try body(connection)
      commits.rise()
      checkpointer.moveIfDue(connection)
      return result
    }
  }

  func close() { queue.close() }

  // MARK: On the writer's thread.

  /// Works until the queue is closed and empty.
  func run() {
    // Without it, all is moved between two groups.
    try? mover.start()
    defer { mover.stop() }
    while let jobs = queue.take(
      upTo: Self.plansInGroup, withinMilliseconds: metrics.isFit ? nil : Self.probingMilliseconds)
    {
      let began = ContinuousClock.now
      if jobs.isEmpty { probe() }
      var group: [(WritePlan, Answer?)] = []
      var steps = 0
      for job in jobs {
        switch job {
        case .plan(let plan, let answer, let submitted):
          metrics.noteWait(since: submitted, until: began)
          group.append((plan, answer))
          steps += plan.steps.count
          if steps >= Self.stepsInGroup { flush(&group, &steps) }
        case .alone(let body):
          flush(&group, &steps)
          alone(body)
        }
      }
      flush(&group, &steps)
      // Who writes alone and waits for each answer comes back at once.
      if jobs.count == 1 { queue.look(forMicroseconds: Self.microsecondsLooking) }
    }
    closeConnection()
  }

  /// A write that nobody asked for: whoever was told that writes fail is told when they do not any more,
  /// though no client dares to.
  private func probe() {
    do {
      let connection = try ready().store.connection
      do {
        try connection.write {
          try MetaTable(connection: connection).set(.probed, to: .integer(clock.milliseconds()))
        }
      } catch {
        closeConnection()
        throw error
      }
      commits.rise()
      metrics.noteProbe(succeeded: true)
    } catch {
      metrics.noteProbe(succeeded: false)
      if let runner = try? ready() { checkpointer.makeRoom(runner.store.connection) }
    }
  }

  private func alone(_ body: (Result<Connection, any Error>) -> Bool) {
    commits.announce(nil)
    let isFit = body(Result { try ready().store.connection })
    commits.settle(nil)
    // Tables and counters may have changed under it.
    runner = nil
    if !isFit { connection = nil }
  }

  private func closeConnection() {
    runner = nil
    connection = nil
  }

  private func flush(_ group: inout [(WritePlan, Answer?)], _ steps: inout Int) {
    guard !group.isEmpty else { return }
    defer {
      group.removeAll(keepingCapacity: true)
      steps = 0
    }
    do {
      let outcomes = try commit(group.map(\.0))
      if group.count == 1, group[0].0.steps.count == 1 {
        ResumingExecutor.offeringThread(isLast: true) { group[0].1?.resume(with: outcomes[0]) }
      } else {
        for (outcome, (_, answer)) in zip(outcomes, group) { answer?.resume(with: outcome) }
      }
      if let runner {
        waiters.note(last: committed)
        checkpointer.moveIfDue(runner.store.connection)
      }
    } catch {
      // Before those who wait are told: who then asks after the store's health is told the same.
      if case StorageError.unavailable = error {
        metrics.noteFailure(isUnfit: true)
      } else {
        metrics.noteFailure(isUnfit: false)
      }
      for (_, answer) in group { answer?.resume(throwing: error) }
      if case StorageError.unavailable = error, let runner = try? ready() {
        checkpointer.makeRoom(runner.store.connection)
      }
    }
  }

  /// One transaction for the group.
  ///
  /// Rules decide before anything is written, so that a step that fails has written nothing, and no savepoint is
  /// needed to say so; around each step they cost a fifth of all throughput. What no rule foresaw rolls the group
  /// back, and each plan is done in a transaction of its own, in which that failure stays the plan's own.
  /// - Throws: what made the whole of it fail; nothing of it was done then.
  private func commit(_ plans: [WritePlan]) throws -> [Result<WriteOutcome, any Error>] {
    do {
      return try transaction(plans)
    } catch StorageError.broken(let reason) {
      if plans.count == 1 { throw StorageError.broken(reason) }
      return plans.map { plan in Result { try transaction([plan])[0].get() } }
    }
  }

  private func transaction(_ plans: [WritePlan]) throws -> [Result<WriteOutcome, any Error>] {
    let began = ContinuousClock.now
    let runner = try ready()
    let before = runner.state.lastSequence
    var touched: Set<Int>?
    defer { if let touched { commits.settle(touched) } }
    do {
      let outcomes = try runner.store.connection.write {
        let outcomes = try run(plans, with: runner)
        beforeCommit?()
        touched = runner.state.touched
        commits.announce(runner.state.touched)
        return outcomes
      }
      if runner.state.hasEndedSessions { users.noteEndedSessions() }
      runner.beginNext()
      // What webhooks and sweeps keep is not what clients write, and must not hold webhooks back.
      let writes = plans.count { plan in plan.steps.contains { !$0.isKept } }
      if writes > 0 { metrics.noteCommit(of: writes, since: began) } else { metrics.noteProbe(succeeded: true) }
      if runner.state.lastSequence > before { committed = runner.state.lastSequence }
      return outcomes
    } catch {
      // A failed sync is never tried again on the same handle: what the kernel dropped would seem
      // written. The next write opens the file anew.
      closeConnection()
      throw error
    }
  }

  private func run(
    _ plans: [WritePlan], with runner: PlanRunner<SQLiteWriteStore>
  ) throws -> [Result<WriteOutcome, any Error>] {
    let now = clock.milliseconds()
    // What the store was told last is kept before anything is done that goes by it.
    let appUser = users.model
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

  private func ready() throws -> PlanRunner<SQLiteWriteStore> {
    if let runner { return runner }
    let store = try SQLiteWriteStore(try connection ?? opened(), leases: leases, deployed: deployed)
    let made = PlanRunner(store, try store.state(floor: floor))
    runner = made
    return made
  }

  private func opened() throws -> Connection {
    let made = try Connection(path: path, role: .writer, cacheKiB: cacheKiB)
    checkpointer.watch(made)
    connection = made
    return made
  }
}
