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
  private let state = Mutex(State())

  private struct State {
    var waiting: [any WaitingRead] = []
    /// Round trips that are on their way, or about to be.
    var trips = 0
  }

  /// Round trips at a time: while the answers of one are rendered, the database works on the other.
  private static let mostTrips = 2
  /// Reads of one round trip; its bodies run one after the other.
  private static let mostReads = 32
  private static let mostWaiting = 2048

  init(_ deployment: PostgresDeployment) { self.deployment = deployment }

  /// Never waits. Where too much waits, the read is refused.
  func add(_ read: any WaitingRead) {
    let (isFull, begins) = state.withLock { state -> (Bool, Bool) in
      if state.waiting.count >= Self.mostWaiting { return (true, false) }
      state.waiting.append(read)
      guard state.trips < Self.mostTrips else { return (false, false) }
      state.trips += 1
      return (false, true)
    }
    if isFull { return read.refuse(.busy) }
    if begins { begin() }
  }

  /// A trip has its turn behind other reads that wait for a thread.
  private func begin() {
    do {
      try deployment.context.threads.reading.startForStorage { self.turn() }
    } catch {
      let refused = state.withLock { state -> [any WaitingRead] in
        state.trips -= 1
        if state.trips > 0 { return [] }
        // Nobody comes for them.
        defer { state.waiting = [] }
        return state.waiting
      }
      for read in refused { read.refuse(error) }
    }
  }

  /// On a reading thread.
  private func turn() {
    let reads = state.withLock { state -> [any WaitingRead] in
      let reads = Array(state.waiting.prefix(Self.mostReads))
      state.waiting.removeFirst(reads.count)
      return reads
    }
    let now = ContinuousClock.now
    let answers =
      reads.filter { $0.end <= now }.map { read -> @Sendable () -> Void in { read.refuse(.busy) } }
      + perform(reads.filter { $0.end > now })
    let goesOn = state.withLock { state -> Bool in
      if state.waiting.isEmpty { state.trips -= 1 }
      return !state.waiting.isEmpty
    }
    if goesOn { begin() }
    // Last: those who waited go on right here.
    for answer in answers { answer() }
  }

  /// What tells those who wait, in their order.
  private func perform(_ reads: [any WaitingRead]) -> [@Sendable () -> Void] {
    if reads.isEmpty { return [] }
    var answers: [@Sendable () -> Void] = []
    var left = reads[...]
    // Of the round trip, or that a thread came too late.
    var fault = StorageError.busy
    do {
      try deployment.context.pool.lend(.reader) { connection in
        let found: [ReadAhead]
        do {
          found = try LookupTrip(reads.map(\.first), in: deployment.schema).ask(connection)
        } catch {
          fault = storageError(of: error)
          return
        }
        for ahead in found {
          guard connection.isUsable, let answer = left.first?.run(on: connection, ahead) else { return }
          answers.append(answer)
          left.removeFirst()
          if connection.isInTransaction { try? connection.rollback() }
        }
      }
    } catch {
      let fault = storageError(of: error)
      return answers + left.map { read -> @Sendable () -> Void in { read.refuse(fault) } }
    }
    // What makes all of them fail is told to each by itself, where that does not come too late: those behind it would
    // wait for each.
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
