import Storage
import Synchronization
import Threads

/// Reads of single objects of one deployment that wait for a round trip: while one is on its way the next ones gather,
/// and go out together. A point read costs the database less than the message that asks for it, and each side a switch
/// of threads; gathered, several share them. One that comes alone goes out at once.
///
/// Each body runs by itself, with the answer to its first call; what else it asks for it asks as any other does.
final class PointReads: Sendable {
  private let deployment: PostgresDeployment
  private let waiting = Mutex(LookupLanes<any WaitingRead>(count: mostLanes))
  private let lanes: [LookupLane]

  /// Each has a connection while it makes a trip: one deployment whose tables somebody has locked leaves most to others.
  /// The third is used beside locked tables alone.
  private static let mostLanes = 3

  init(_ deployment: PostgresDeployment) {
    self.deployment = deployment
    lanes = (0..<Self.mostLanes).map { LookupLane($0, deployment) }
    for lane in lanes {
      lane.loop = ThreadLoop(on: deployment.context.threads.looking) { [weak self, number = lane.number] in
        guard let self else { return .whenCalled }
        return turn(lanes[number])
      }
    }
  }

  /// Never waits. Where too much waits, the read is refused.
  func add(_ read: any WaitingRead) {
    switch waiting.withLock({ $0.add(read, of: read.first.model.number, at: .now) }) {
    case .waits: break
    case .call(let lane): lanes[lane].loop?.call()
    case .refused: read.refuse(.busy)
    }
  }

  /// Round trips one after the other, until nothing waits or others want the thread.
  private func turn(_ lane: LookupLane) -> ThreadLoop.Next {
    while true {
      let now = ContinuousClock.now
      let reads = waiting.withLock { $0.take(lane.number, at: now) }
      if reads.isEmpty { return .whenCalled }
      for read in reads where read.end <= now { read.refuse(.busy) }
      (lane.isStalled, lane.isStanding) = (false, false)
      perform(reads.filter { $0.end > now }, on: lane)
      if !waiting.withLock({ $0.end(lane.number) }) { return .whenCalled }
      if deployment.context.threads.looking.areWanted { return .again }
    }
  }

  /// A read of the lane asks for more.
  private func stall(_ lane: LookupLane, for read: any WaitingRead) {
    let model = read.first.model.number
    // Most often one read after the other asks for a little more: it is told again only where something is new.
    if lane.isStalled, !lane.isStanding, lane.asking == model { return }
    (lane.isStalled, lane.isStanding, lane.asking) = (true, false, model)
    if let other = waiting.withLock({ $0.stall(lane.number, with: model, at: .now) }) { lanes[other].loop?.call() }
  }

  /// The lane waits for long.
  private func stand(_ lane: LookupLane) {
    lane.isStanding = true
    if let other = waiting.withLock({ $0.stand(lane.number, at: .now) }) { lanes[other].loop?.call() }
  }

  /// Tells all of them what came of it: together behind the last, as long as none of them asks for more.
  private func perform(_ reads: [any WaitingRead], on lane: LookupLane) {
    // They came in this order, and all wait for as long.
    guard let end = reads.last?.end else { return }
    var left = reads[...]
    var answers: [() -> Void] = []
    // Of the round trip, or that a thread came too late.
    var fault = StorageError.busy
    do {
      try deployment.context.pool.lend(.reader, patience: end - .now) { connection in
        connection.onLongWait = (LookupLanes<any WaitingRead>.patience, { [self] in stand(lane) })
        defer { connection.onLongWait = nil }
        let found: [ReadAhead]
        do {
          found = try LookupTrip(reads.map(\.first), &lane.statements).ask(connection)
        } catch {
          fault = storageError(of: error)
          return
        }
        for ahead in found {
          guard connection.isUsable, let read = left.first else { return }
          if lane.isStalled {
            tell(&answers)
            if read.end <= .now {
              left.removeFirst()
              read.refuse(.busy)
              continue
            }
          }
          guard let answer = read.run(on: connection, ahead, beforeMore: { [self] in stall(lane, for: read) }) else {
            return
          }
          answers.append(answer)
          left.removeFirst()
          if connection.isInTransaction { try? connection.rollback() }
        }
      }
    } catch {
      tell(&answers)
      let fault = storageError(of: error)
      for read in left { read.refuse(fault) }
      return
    }
    tell(&answers)
    // What makes all of them fail is told to each by itself, where that does not come too late: those behind it would
    // wait for each.
    for read in left {
      guard ContinuousClock.now < read.end else {
        read.refuse(fault)
        continue
      }
      stall(lane, for: read)
      // With a connection of its own, nobody tells how long it waits.
      stand(lane)
      answers.append(read.run())
      tell(&answers)
    }
  }

  /// Those who waited go on right here.
  private func tell(_ answers: inout [() -> Void]) {
    ResumingExecutor.offeringThread { for answer in answers { answer() } }
    answers.removeAll(keepingCapacity: true)
  }

  private func storageError(of error: any Error) -> StorageError {
    let seconds = deployment.context.options.secondsPerRead
    return (error as? PostgresFault).map { StorageError($0, readSeconds: seconds) } ?? error as? StorageError
      ?? .unavailable("\(error)")
  }
}

/// Makes round trips for point reads, one after the other.
///
/// `@unchecked Sendable` is safe: `loop` is set once at the beginning, and the rest is touched by its turns alone, of
/// which there are never two at a time.
private final class LookupLane: @unchecked Sendable {
  let number: Int
  var statements: LookupStatements
  /// Whether reads of its last trip have asked for more, and the model that the last of them begins with.
  var isStalled = false
  var asking = 0
  /// Whether it has waited for long since.
  var isStanding = false
  var loop: ThreadLoop?

  init(_ number: Int, _ deployment: PostgresDeployment) {
    self.number = number
    statements = LookupStatements(deployment.schema)
  }
}

/// A read that waits for the answer to its first call.
protocol WaitingRead: Sendable {
  var first: ObjectLookup { get }
  /// When it has waited for so long that it is refused rather than begun.
  var end: ContinuousClock.Instant { get }
  /// Runs its body; what tells who waits. Nil where the connection was lost meanwhile: then nothing of it is done.
  /// - Parameter beforeMore: is called before it asks for anything but what was read ahead.
  func run(
    on connection: PostgresConnection, _ ahead: ReadAhead, beforeMore: @escaping () -> Void
  ) -> (() -> Void)?
  /// The same with a connection that it borrows by itself.
  func run() -> () -> Void
  func refuse(_ error: StorageError)
}

struct PointRead<Result: Sendable>: WaitingRead {
  let first: ObjectLookup
  let reading: PostgresReading
  let body: @Sendable (any Snapshot) throws -> Result
  let answer: CheckedContinuation<Result, any Error>
  let end: ContinuousClock.Instant

  func run(
    on connection: PostgresConnection, _ ahead: ReadAhead, beforeMore: @escaping () -> Void
  ) -> (() -> Void)? {
    let outcome = Swift.Result { try reading.run(body, on: connection, ahead: ahead, beforeMore: beforeMore) }
    if case .failure = outcome, !connection.isUsable { return nil }
    return tell(
      outcome.mapError { error -> any Error in
        (error as? PostgresFault).map { StorageError($0, readSeconds: connection.readSeconds) } ?? error
      })
  }

  func run() -> () -> Void { tell(Swift.Result { try reading.now(body) }) }

  func refuse(_ error: StorageError) { answer.resume(throwing: error) }

  private func tell(_ outcome: Swift.Result<Result, any Error>) -> () -> Void {
    { [answer] in answer.resume(with: outcome) }
  }
}
