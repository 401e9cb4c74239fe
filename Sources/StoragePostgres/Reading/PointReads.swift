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
  private let lanes = Mutex(LookupLanes<any WaitingRead>(count: mostLanes))
  private let trips: [LookupLane]

  /// Each has a connection while it makes a trip.
  private static let mostLanes = 4

  init(_ deployment: PostgresDeployment) {
    self.deployment = deployment
    trips = (0..<Self.mostLanes).map { LookupLane($0, deployment) }
    for lane in trips {
      lane.loop = ThreadLoop(on: deployment.context.threads.looking) { [weak self, number = lane.number] in
        guard let self else { return .whenCalled }
        return turn(trips[number])
      }
    }
  }

  /// Never waits. Where too much waits, the read is refused.
  func add(_ read: any WaitingRead) {
    switch lanes.withLock({ $0.add(read) }) {
    case .waits: break
    case .call(let lane): trips[lane].loop?.call()
    case .refused: read.refuse(.busy)
    }
  }

  /// Round trips one after the other, until nothing waits or others want the thread.
  private func turn(_ lane: LookupLane) -> ThreadLoop.Next {
    while true {
      let reads = lanes.withLock { $0.take(lane.number) }
      if reads.isEmpty { return .whenCalled }
      let now = ContinuousClock.now
      let late = reads.filter { $0.end <= now }
      var flows = true
      let answers = perform(late.isEmpty ? reads : reads.filter { $0.end > now }, on: lane) {
        guard flows else { return }
        flows = false
        if let other = lanes.withLock({ $0.stall(lane.number) }) { trips[other].loop?.call() }
      }
      // Those who waited go on right here.
      ResumingExecutor.offeringThread {
        for read in late { read.refuse(.busy) }
        for answer in answers { answer() }
      }
      if !flows, !lanes.withLock({ $0.end(lane.number) }) { return .whenCalled }
      if deployment.context.threads.looking.areWanted { return .again }
    }
  }

  /// What tells those who wait, in their order.
  /// - Parameter stall: is called as often as one of them has asked for more.
  private func perform(
    _ reads: [any WaitingRead], on lane: LookupLane, stall: () -> Void
  ) -> [@Sendable () -> Void] {
    if reads.isEmpty { return [] }
    var answers: [@Sendable () -> Void] = []
    var left = reads[...]
    // Of the round trip, or that a thread came too late.
    var fault = StorageError.busy
    do {
      try deployment.context.pool.lend(.reader) { connection in
        let found: [ReadAhead]
        do {
          found = try LookupTrip(reads.map(\.first), &lane.statements).ask(connection)
        } catch {
          fault = storageError(of: error)
          return
        }
        let asked = connection.roundTrips
        for ahead in found {
          guard connection.isUsable, let answer = left.first?.run(on: connection, ahead) else { return }
          answers.append(answer)
          left.removeFirst()
          if connection.isInTransaction { try? connection.rollback() }
          if connection.roundTrips > asked { stall() }
        }
      }
    } catch {
      let fault = storageError(of: error)
      return answers + left.map { read -> @Sendable () -> Void in { read.refuse(fault) } }
    }
    // What makes all of them fail is told to each by itself, where that does not come too late: those behind it would
    // wait for each.
    if !left.isEmpty { stall() }
    let late = fault
    for read in left {
      if ContinuousClock.now < read.end { answers.append(read.run()) } else { answers.append { read.refuse(late) } }
    }
    return answers
  }

  private func storageError(of error: any Error) -> StorageError {
    let seconds = deployment.context.options.secondsPerRead
    return (error as? PostgresFault).map { StorageError($0, readSeconds: seconds) } ?? error as? StorageError
      ?? .unavailable("\(error)")
  }
}

/// Makes round trips for point reads, one after the other.
///
/// `@unchecked Sendable` is safe: `loop` is set once at the beginning, and `statements` is touched by the loop's thread
/// alone.
private final class LookupLane: @unchecked Sendable {
  let number: Int
  var statements: LookupStatements
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
  func run(on connection: PostgresConnection, _ ahead: ReadAhead) -> (@Sendable () -> Void)?
  /// The same with a connection that it borrows by itself.
  func run() -> @Sendable () -> Void
  func refuse(_ error: StorageError)
}

struct PointRead<Result: Sendable>: WaitingRead {
  let first: ObjectLookup
  let reading: PostgresReading
  let body: @Sendable (any Snapshot) throws -> Result
  let answer: CheckedContinuation<Result, any Error>
  let end: ContinuousClock.Instant

  func run(on connection: PostgresConnection, _ ahead: ReadAhead) -> (@Sendable () -> Void)? {
    let outcome = Swift.Result { try reading.run(body, on: connection, ahead: ahead) }
    if case .failure = outcome, !connection.isUsable { return nil }
    return tell(
      outcome.mapError { error -> any Error in
        (error as? PostgresFault).map { StorageError($0, readSeconds: connection.readSeconds) } ?? error
      })
  }

  func run() -> @Sendable () -> Void { tell(Swift.Result { try reading.now(body) }) }

  func refuse(_ error: StorageError) { answer.resume(throwing: error) }

  private func tell(_ outcome: Swift.Result<Result, any Error>) -> @Sendable () -> Void {
    { [answer] in answer.resume(with: outcome) }
  }
}
