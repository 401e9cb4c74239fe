import CSQLite
import Storage
import Synchronization
import Wire

/// The one writer of a deployment: takes everything that waits, does it in one transaction, syncs once,
/// answers all. While one commit syncs, the next group gathers.
///
/// `@unchecked Sendable` is safe: all but `queue` and `path` is touched by the writer's thread alone.
final class Writer: @unchecked Sendable {
  typealias Answer = CheckedContinuation<WriteOutcome, any Error>

  enum Job: Sendable {
    case plan(WritePlan, Answer)
    /// Has the writer's connection to itself, between two groups.
    case alone(@Sendable (Connection?, any Error) -> Void)
  }

  /// Plans in one transaction.
  private static let plansInGroup = 256
  /// Steps after which a group takes no further plan: it bounds what one commit writes and holds up.
  private static let stepsInGroup = 4000

  private let queue: WaitingQueue<Job>
  private let path: String
  private let cacheKiB: Int
  private let clock: any WallClock
  private let checkpointer: Checkpointer
  private var performer: StepPerformer?

  init(
    path: String, cacheKiB: Int, waiting limit: Int, clock: any WallClock, checkpointer: Checkpointer
  ) {
    self.queue = WaitingQueue(limit: limit)
    self.path = path
    self.cacheKiB = cacheKiB
    self.clock = clock
    self.checkpointer = checkpointer
  }

  /// - Throws: `StorageError.busy` when too much waits.
  func submit(_ job: Job) throws(StorageError) { try queue.push(job) }

  /// Runs `body` with the connection to itself, between two groups.
  func alone<Result: Sendable>(_ body: @Sendable @escaping (Connection) throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { (answer: CheckedContinuation<Result, any Error>) in
      do {
        try submit(
          .alone { connection, failure in
            guard let connection else { return answer.resume(throwing: failure) }
            answer.resume(with: Swift.Result { try body(connection) })
          })
      } catch {
        answer.resume(throwing: error)
      }
    }
  }

  func close() { queue.close() }

  // MARK: On the writer's thread.

  /// Works until the queue is closed and empty.
  func run() {
    while let jobs = queue.take(upTo: Self.plansInGroup) {
      var group: [(WritePlan, Answer)] = []
      var steps = 0
      for job in jobs {
        switch job {
        case .plan(let plan, let answer):
          group.append((plan, answer))
          steps += plan.steps.count
          if steps >= Self.stepsInGroup { flush(&group, &steps) }
        case .alone(let body):
          flush(&group, &steps)
          alone(body)
        }
      }
      flush(&group, &steps)
    }
    performer = nil
  }

  private func alone(_ body: (Connection?, any Error) -> Void) {
    do {
      let performer = try ready()
      body(performer.connection, StorageError.closed)
      // Tables and counters may have changed under it.
      self.performer = nil
    } catch {
      body(nil, error)
    }
  }

  private func flush(_ group: inout [(WritePlan, Answer)], _ steps: inout Int) {
    guard !group.isEmpty else { return }
    defer {
      group.removeAll(keepingCapacity: true)
      steps = 0
    }
    do {
      let outcomes = try commit(group.map(\.0))
      for (outcome, (_, answer)) in zip(outcomes, group) { answer.resume(with: outcome) }
    } catch {
      for (_, answer) in group { answer.resume(throwing: error) }
    }
  }

  /// One transaction for the group.
  /// - Throws: what made the whole of it fail; nothing of it was done then.
  private func commit(_ plans: [WritePlan]) throws -> [Result<WriteOutcome, any Error>] {
    let performer = try ready()
    let connection = performer.connection
    do {
      try connection.statement("BEGIN IMMEDIATE").run()
      let now = clock.milliseconds()
      var outcomes: [Result<WriteOutcome, any Error>] = []
      outcomes.reserveCapacity(plans.count)
      for plan in plans {
        outcomes.append(try Self.perform(plan, by: performer, atMilliseconds: now))
      }
      try performer.storeCounters()
      try connection.statement("COMMIT").run()
      return outcomes
    } catch {
      // A failed sync is never tried again on the same handle: what the kernel dropped would seem
      // written. The next write opens the file anew.
      self.performer = nil
      if connection.isInTransaction { try? connection.run("ROLLBACK") }
      if case StorageError.unavailable = error { checkpointer.makeRoom() }
      throw error
    }
  }

  private func ready() throws -> StepPerformer {
    if let performer { return performer }
    let connection = try Connection(path: path, role: .writer, cacheKiB: cacheKiB)
    checkpointer.watch(connection)
    let made = try StepPerformer(connection)
    performer = made
    return made
  }

  /// One plan inside the group's transaction. A failure that is the plan's own is its result and leaves
  /// no trace; one of the disk is thrown and ends the group.
  private static func perform(
    _ plan: WritePlan, by performer: StepPerformer, atMilliseconds now: Int64
  ) throws -> Result<WriteOutcome, any Error> {
    let connection = performer.connection
    let isSimple = plan.steps.count <= 1 && !plan.isDryRun
    let mark = isSimple ? nil : performer.mark
    if !isSimple { try connection.statement("SAVEPOINT plan").run() }
    func undo() throws {
      guard let mark else { return }
      try connection.statement("ROLLBACK TO plan").run()
      performer.takeBack(to: mark)
    }
    do {
      var outcomes: [StepOutcome] = []
      outcomes.reserveCapacity(plan.steps.count)
      var hasFailed = false
      for step in plan.steps {
        if hasFailed, plan.policy != .independent {
          outcomes.append(.skipped)
          continue
        }
        let outcome = try performInSavepoint(step, of: plan, by: performer, atMilliseconds: now)
        if outcome.isFailure { hasFailed = true }
        outcomes.append(outcome)
      }
      if plan.policy == .atomic, hasFailed {
        for place in outcomes.indices where !outcomes[place].isFailure { outcomes[place] = .skipped }
        try undo()
      } else if plan.isDryRun {
        try undo()
      }
      if !isSimple { try connection.statement("RELEASE plan").run() }
      return .success(WriteOutcome(steps: outcomes))
    } catch StorageError.broken(let reason) where connection.isInTransaction {
      try undo()
      if !isSimple { try connection.statement("RELEASE plan").run() }
      return .failure(StorageError.broken(reason))
    }
  }

  private static func performInSavepoint(
    _ step: WriteStep, of plan: WritePlan, by performer: StepPerformer, atMilliseconds now: Int64
  ) throws -> StepOutcome {
    let connection = performer.connection
    try connection.statement("SAVEPOINT step").run()
    do {
      let outcome = try performer.perform(step, of: plan, atMilliseconds: now)
      try connection.statement("RELEASE step").run()
      return outcome
    } catch StorageError.broken(let reason) where connection.isInTransaction {
      try connection.statement("ROLLBACK TO step").run()
      try connection.statement("RELEASE step").run()
      throw StorageError.broken(reason)
    }
  }
}
