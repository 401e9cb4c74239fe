import Storage
import Threads

/// The one writer of a deployment: takes everything that waits, does it in one transaction, syncs once,
/// answers all. While one commit syncs, the next group gathers.
///
/// It has no thread of its own: while something waits it borrows one (`ThreadLoop`). "The writer's thread" is the one
/// that it has borrowed.
///
/// `@unchecked Sendable` is safe: `loop` is set once at the beginning, `queue` may be used by all, and the rest is
/// touched by the writer's thread alone.
final class Writer: @unchecked Sendable {
  enum Job: Sendable {
    /// With the time at which it began to wait, and nobody to answer where nobody waits for it.
    case plan(WritePlan, PlanGroup.Answer?, ContinuousClock.Instant)
    /// Has the writer's connection to itself, between two groups. False when the connection is not to be
    /// used again.
    case alone(@Sendable (Result<Connection, any Error>) -> Bool)
    /// Closes the connections, between two groups; the next group opens them again.
    case release(CheckedContinuation<Void, Never>)
  }

  private static let microsecondsLooking = 150

  private let queue: WaitingQueue<Job>
  private let connection: WriterConnection
  private let metrics: WriterMetrics
  private let threads: LoopThreads
  private var loop: ThreadLoop?
  private var probing = ProbingRule()

  /// - Parameter floor: new sequences are above it.
  init(path: String, _ context: StoreContext, _ shared: SharedState, floor: Int64) {
    queue = WaitingQueue(limit: context.options.waitingWrites)
    connection = WriterConnection(path: path, context, shared, floor: floor)
    metrics = shared.metrics
    threads = context.threads.writing
    loop = ThreadLoop(on: threads) { [weak self] in
      self?.turn() ?? .whenCalled
    } finish: { [weak self] in
      self?.connection.close()
    }
  }

  /// Jobs that wait now.
  var waitingCount: Int { queue.waitingCount }

  /// Whether it has the file open.
  var isConnected: Bool { connection.isOpen }

  /// - Throws: `StorageError.busy` when too much waits.
  func submit(_ job: Job) throws(StorageError) {
    do { try queue.push(job) } catch { throw StorageError(error) }
    loop?.call()
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
    try await alone { [self] _ in try connection.aside(body) }
  }

  /// Closes its connections, with the log moved, and returns when that is done. The next write opens them again.
  func release() async {
    if !isConnected { return }
    await withCheckedContinuation { answer in
      do { try submit(.release(answer)) } catch { answer.resume() }
    }
  }

  /// Nothing more comes in. Returns when what waits is done, and the connections are closed.
  func close() async {
    queue.close()
    await loop?.close()
    await connection.end()
  }

  // MARK: On the writer's thread.

  /// Does what waits, until nothing does or others want the thread: then they have theirs after one group.
  private func turn() -> ThreadLoop.Next {
    var jobs = queue.takeNow(upTo: PlanGroup.mostPlans)
    if jobs.isEmpty { return rest() }
    while !jobs.isEmpty {
      work(on: jobs)
      if threads.areWanted { return .again }
      // Who writes alone and waits for each answer comes back at once.
      if jobs.count == 1 { queue.look(forMicroseconds: Self.microsecondsLooking) }
      jobs = queue.takeNow(upTo: PlanGroup.mostPlans)
    }
    return rest()
  }

  /// Nothing waits.
  private func rest() -> ThreadLoop.Next {
    while true {
      switch probing.step(isNeeded: !metrics.isFit && loop?.isClosing == false, at: .now) {
      case .none: return .whenCalled
      case .probe: connection.probe()
      case .later(let milliseconds): return .later(milliseconds: milliseconds)
      }
    }
  }

  private func work(on jobs: [Job]) {
    let began = ContinuousClock.now
    var group = PlanGroup()
    for job in jobs {
      switch job {
      case .plan(let plan, let answer, let submitted):
        metrics.noteWait(since: submitted, until: began)
        group.add(plan, answer)
        if group.isFull { flush(&group) }
      case .alone(let body):
        flush(&group)
        connection.alone(body)
      case .release(let answer):
        flush(&group)
        connection.release()
        answer.resume()
      }
    }
    flush(&group)
  }

  private func flush(_ group: inout PlanGroup) {
    guard !group.isEmpty else { return }
    defer { group.clear() }
    do {
      group.answer(try connection.commit(group.plans))
      connection.afterAnswers()
    } catch {
      connection.noteFailure(error)
      group.refuse(error)
      connection.makeRoom(after: error)
    }
  }
}
