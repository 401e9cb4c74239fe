import Storage
import Threads
import Wire

/// The writer of a deployment at this node: takes everything that waits, does it in one transaction, answers all. While
/// one group commits, the next gathers, and what comes while it waits for the deployment's lock goes with it. Other
/// nodes have writers of their own; the lock of `head` puts their groups one behind the other.
///
/// It has neither thread nor connection of its own: while something waits it borrows them. "The writer's thread" is
/// the one that it has borrowed.
///
/// `@unchecked Sendable` is safe: `loop` is set once at the beginning, `queue` may be used by all, and the rest is
/// touched by the writer's thread alone.
final class PostgresWriter: @unchecked Sendable {
  private enum Job: Sendable {
    /// With the time at which it began to wait, and nobody to answer where nobody waits for it.
    case plan(WritePlan, PlanGroup.Answer?, ContinuousClock.Instant)
    /// Has a writer's connection to itself, between two groups of this node.
    case alone(@Sendable (Result<PostgresConnection, any Error>) -> Void)
  }

  private static let microsecondsLooking = 150
  private static let reportPause = Duration.seconds(60)

  private let deployment: PostgresDeployment
  private let queue: WaitingQueue<Job>
  private let tables: WrittenTables
  private let threads: LoopThreads
  private var loop: ThreadLoop?
  private var probing = ProbingRule()
  /// What was taken from the queue and has its turn next.
  private var taken: [Job] = []
  /// What this node has stored last of the model that holds the app's users.
  private var appUserStored: String?
  /// When it was last told that somebody else's lock stands in the way.
  private var lastReport: ContinuousClock.Instant?

  init(deployment: PostgresDeployment) {
    self.deployment = deployment
    queue = WaitingQueue(limit: deployment.context.options.waitingWrites)
    tables = WrittenTables(deployment.schema)
    threads = deployment.context.threads.writing
    appUserStored = deployment.users.model
    loop = ThreadLoop(on: threads) { [weak self] in self?.turn() ?? .whenCalled }
  }

  /// Jobs that wait now.
  var waitingCount: Int { queue.waitingCount }

  /// Does a plan with others that wait.
  /// - Throws: `StorageError`; `busy` when too much waits.
  func submit(_ plan: WritePlan) async throws -> WriteOutcome {
    try await withCheckedThrowingContinuation { answer in
      do { try submit(.plan(plan, answer, .now)) } catch { answer.resume(throwing: error) }
    }
  }

  /// Does a plan whose outcome nobody waits for.
  /// - Throws: `StorageError.busy` when too much waits.
  func submitUnanswered(_ plan: WritePlan) throws(StorageError) { try submit(.plan(plan, nil, .now)) }

  /// Runs `body` with a writer's connection, between two groups of this node. Other nodes' groups are kept away by
  /// the lock of `head` alone, where `body` takes it.
  func alone<Result: Sendable>(_ body: @Sendable @escaping (PostgresConnection) throws -> Result) async throws
    -> Result
  {
    try await withCheckedThrowingContinuation { (answer: CheckedContinuation<Result, any Error>) in
      do {
        try submit(
          .alone { connection in answer.resume(with: Swift.Result { try body(try connection.get()) }) })
      } catch {
        answer.resume(throwing: error)
      }
    }
  }

  /// Nothing more comes in. Returns when what waits is done.
  func close() async {
    queue.close()
    await loop?.close()
  }

  private func submit(_ job: Job) throws(StorageError) {
    do { try queue.push(job) } catch { throw StorageError(error) }
    loop?.call()
  }

  // MARK: On the writer's thread.

  /// Does what waits, until nothing does or others want the thread: then they have theirs after one group.
  private func turn() -> ThreadLoop.Next {
    while true {
      if taken.isEmpty { taken = queue.takeNow(upTo: PlanGroup.mostPlans) }
      let count = taken.count
      if count == 0 { return rest() }
      work()
      if threads.areWanted { return .again }
      // Who writes alone and waits for each answer comes back at once.
      if count == 1, taken.isEmpty { queue.look(forMicroseconds: Self.microsecondsLooking) }
    }
  }

  /// Nothing waits.
  private func rest() -> ThreadLoop.Next {
    while true {
      switch probing.step(isNeeded: !deployment.metrics.isFit && loop?.isClosing == false, at: .now) {
      case .none: return .whenCalled
      case .probe: probe()
      case .later(let milliseconds): return .later(milliseconds: milliseconds)
      }
    }
  }

  /// Does the next group of what was taken, or the next job that is to be alone.
  private func work() {
    if case .alone(let body)? = taken.first {
      taken.removeFirst()
      return perform(body)
    }
    var group = PlanGroup()
    fill(&group)
    do {
      let result = try commit(&group)
      group.answer(result.outcomes)
      guard let standing = result.standing else { return }
      deployment.noteCommit(standing, endsSessions: result.hasEndedSessions)
    } catch {
      // Before those who wait are told: who then asks after the store's health is told the same.
      let isUnfit = Self.isOfDatabase(error)
      deployment.metrics.noteFailure(isUnfit: isUnfit)
      if isUnfit { refuseWaiting(error) }
      group.refuse(error)
    }
  }

  /// Where the database does not answer, what came meanwhile would wait for as long as the group did, one group after
  /// the other. Nothing of it was begun.
  private func refuseWaiting(_ error: any Error) {
    taken += queue.takeNow(upTo: PlanGroup.mostPlans)
    var waiting = PlanGroup()
    var rest: [Job] = []
    for job in taken {
      if case .plan(let plan, let answer, _) = job { waiting.add(plan, answer) } else { rest.append(job) }
    }
    taken = rest
    waiting.refuse(StorageError.unavailable(Sentence.of(error)))
  }

  /// Moves plans from the front of what was taken into the group, as long as it takes any.
  private func fill(_ group: inout PlanGroup) {
    let began = ContinuousClock.now
    var count = 0
    for job in taken {
      guard case .plan(let plan, let answer, let submitted) = job, !group.isFull,
        group.plans.count < PlanGroup.mostPlans
      else { break }
      deployment.metrics.noteWait(since: submitted, until: began)
      group.add(plan, answer)
      count += 1
    }
    taken.removeFirst(count)
  }

  /// Plans that came meanwhile, which the group has taken.
  private func more(_ group: inout PlanGroup) -> ArraySlice<WritePlan> {
    let before = group.plans.count
    let room = PlanGroup.mostPlans - before - taken.count
    if room > 0 { taken += queue.takeNow(upTo: room) }
    fill(&group)
    return group.plans[before...]
  }

  private func perform(_ body: @Sendable (Result<PostgresConnection, any Error>) -> Void) {
    do {
      try deployment.context.pool.lend(.writer) { body(.success($0)) }
    } catch {
      body(.failure(error))
    }
  }

  // MARK: Groups.

  /// One transaction for the group. What no rule foresaw rolls it back, and each plan is done in a transaction of its
  /// own, in which that failure stays the plan's own.
  /// - Throws: what made the whole of it fail; nothing of it was done then, unless the error says that nobody knows.
  private func commit(_ group: inout PlanGroup) throws -> GroupTransaction.Result {
    let began = ContinuousClock.now
    var result: GroupTransaction.Result
    do {
      result = try transaction(&group)
    } catch StorageError.broken, StorageError.rowTooLarge {
      result = oneByOne(group.plans)
    }
    deployment.metrics.noteCommit(of: group.plans, since: began)
    return result
  }

  private func oneByOne(_ plans: [WritePlan]) -> GroupTransaction.Result {
    var whole = GroupTransaction.Result(outcomes: [], standing: nil, hasEndedSessions: false, appUser: appUserStored)
    for plan in plans {
      var alone = PlanGroup()
      alone.add(plan, nil)
      do {
        let result = try transaction(&alone, isLooking: true)
        whole.outcomes += result.outcomes
        whole.standing = result.standing ?? whole.standing
        whole.hasEndedSessions = whole.hasEndedSessions || result.hasEndedSessions
      } catch {
        whole.outcomes.append(.failure(error))
      }
    }
    return whole
  }

  private func transaction(_ group: inout PlanGroup, isLooking: Bool = false) throws -> GroupTransaction.Result {
    let result: GroupTransaction.Result
    switch try attempt(&group, isLooking) {
    case .done(let done): result = done
    case .doubtful(let done, let doubt): result = try settle(done, doubt)
    }
    if result.hasEndedSessions { deployment.users.noteEndedSessions() }
    if result.isAfterLoss { deployment.groupMetrics.noteRenewal() }
    appUserStored = result.appUser
    return result
  }

  /// Once more where the connection was lost before anything was sent that commits, since it may have rested while the
  /// server went, or where somebody has stopped a statement. Not where no answer came: others would wait twice as long.
  private func attempt(_ group: inout PlanGroup, _ isLooking: Bool) throws -> GroupTransaction.End {
    var fault = PostgresFault(.lost, "")
    for _ in 0..<2 {
      if let end = try attemptOnce(&group, isLooking, &fault) { return end }
    }
    guard fault.state != .canceled else {
      throw StorageError.unavailable("somebody has stopped its statements by hand: \(fault.message)")
    }
    throw StorageError(fault)
  }

  /// Nil where nothing of it was done because of this fault, and may be tried again.
  private func attemptOnce(
    _ group: inout PlanGroup, _ isLooking: Bool, _ lastFault: inout PostgresFault
  ) throws -> GroupTransaction.End? {
    try deployment.context.pool.lend(.writer) { connection in
      let began = ContinuousClock.now
      let transaction = GroupTransaction(
        deployment: deployment, connection: connection, tables: tables, isLooking: isLooking,
        appUserStored: appUserStored)
      do {
        return try transaction.run(group.plans) { isLooking ? [] : more(&group) }
      } catch let fault as PostgresFault
        where fault.kind == .lost || fault.state == .deadlock || fault.state == .canceled
      {
        lastFault = fault
        return nil
      } catch let fault as PostgresFault where fault.state == .lockNotAvailable {
        deployment.groupMetrics.noteLock(microseconds: (ContinuousClock.now - began).microseconds)
        try connection.rollback()
        try noteWait(fault, on: connection)
        throw fault
      }
    }
  }

  /// Somebody had the lock, or another, for longer than anybody waits.
  private func noteWait(_ fault: PostgresFault, on connection: PostgresConnection) throws {
    let schema = deployment.schema
    let holder = try LockHolder(of: schema, on: connection)
    _ = try StuckHolder.end(of: schema, on: connection)
    if let last = lastReport, ContinuousClock.now - last < Self.reportPause { return }
    lastReport = .now
    deployment.context.options.report(
      holder?.sentence(of: schema.deployment)
        ?? "Writes of deployment \(schema.deployment) are answered with 503. \(fault.sentence)")
  }

  private func settle(
    _ result: GroupTransaction.Result, _ doubt: DoubtfulGroup
  ) throws -> GroupTransaction.Result {
    let verdict = doubt.settle(in: deployment.context)
    deployment.groupMetrics.note(verdict)
    switch verdict {
    case .done: return result
    case .void: throw StorageError(doubt.fault)
    case .unknown(let fault):
      if result.hasEndedSessions { deployment.users.noteEndedSessions() }
      throw StorageError.outcomeUnknown(fault.sentence)
    }
  }

  // MARK: Failures.

  private static func isOfDatabase(_ error: any Error) -> Bool {
    switch error {
    case StorageError.unavailable, StorageError.outcomeUnknown: true
    default: false
    }
  }

  /// A write that nobody asked for (`ProbingRule`): a lock is one, and leaves nothing.
  private func probe() {
    let schema = deployment.schema
    let isFit = try? deployment.context.pool.lend(.writer) { connection in
      var pipeline = PostgresPipeline()
      pipeline.add("BEGIN")
      pipeline.add(GroupHead.lock(of: schema))
      pipeline.add("COMMIT")
      if case .done = connection.commit(pipeline) { return true } else { return false }
    }
    deployment.metrics.noteProbe(succeeded: isFit ?? false)
  }
}
