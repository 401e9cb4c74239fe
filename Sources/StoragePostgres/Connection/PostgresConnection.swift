import CPostgres
import Metrics
import Storage

/// One session with the database, always in libpq's pipeline mode: whatever is asked goes out whole and costs one
/// round trip.
///
/// 1. Whoever has a connection is alone with it; it is used by one thread at a time. Its calls block that thread, at
///    the socket alone and never beyond their deadline. So it takes threads of the store's own, of which there are no
///    fewer than connections: nothing is gained by another loop of events beside them.
/// 2. After a fault of the kinds `lost` and `late` it is closed for good.
/// 3. A pipeline that was refused leaves nothing behind, unless a COMMIT stood in it before the statement that failed.
///
/// - Throws: `PostgresFault` throughout.
package final class PostgresConnection {
  /// Nil when it is closed.
  var handle: OpaquePointer?
  package let role: PostgresRole
  /// Index of the address's host that it leads to.
  let hostIndex: Int
  /// How long a statement may run; it counts for readers.
  let readSeconds: Int
  let notices: PostgresNotices
  var prepared = PreparedStatements()
  let openedAt = ContinuousClock.now
  /// When it was last given back to its stock, which alone sets it.
  var restsSince = ContinuousClock.now
  /// Pipelines so far.
  package private(set) var roundTrips = 0
  /// Where a pool counts those of all its connections, by role.
  private var allRoundTrips: CounterBank?
  /// What its borrower wants done where an answer is waited for as long as that; once for each pipeline. Who sets it
  /// takes it away before the connection goes back.
  var onLongWait: (after: Duration, do: () -> Void)?
  /// When that is due.
  var longWait: ContinuousClock.Instant?
  /// The backend's number in `pg_stat_activity`.
  package let processID: Int32
  /// 150020 is 15.20.
  package let serverVersion: Int
  private var sending = PostgresSending()
  private var scratch = PostgresPipeline()

  /// The longest that a `COMMIT` may take.
  package static let commitPatience = Duration.seconds(10)

  /// Takes over a handle that is connected, not blocking, and in pipeline mode.
  init(_ handle: OpaquePointer, as role: PostgresRole, hostIndex: Int, readSeconds: Int) {
    self.handle = handle
    self.role = role
    self.hostIndex = hostIndex
    self.readSeconds = readSeconds
    notices = PostgresNotices()
    processID = PQbackendPID(handle)
    serverVersion = Int(PQserverVersion(handle))
    notices.listen(to: handle)
  }

  func countsRoundTrips(in bank: CounterBank) { allRoundTrips = bank }

  deinit { close() }

  /// The server rolls back what is open.
  package func close() {
    PQfinish(handle)
    handle = nil
  }

  package var isUsable: Bool { handle != nil }

  /// Whether a transaction is open, be it one that has failed.
  package var isInTransaction: Bool {
    guard let handle else { return false }
    return PQtransactionStatus(handle) != PQTRANS_IDLE
  }

  /// Sends the pipeline and waits for all answers, one for each statement.
  /// - Parameter within: the time for all of it; nil is the role's own.
  package func perform(
    _ pipeline: PostgresPipeline, within: Duration? = nil
  ) throws(PostgresFault) -> [PostgresResult] {
    guard let handle else { throw PostgresFault(.lost, "it was closed before") }
    if let fault = pipeline.fault { throw fault }
    if pipeline.isEmpty { return [] }
    roundTrips += 1
    allRoundTrips?.add(1, to: role.rawValue)
    notices.clear()
    let now = ContinuousClock.now
    let deadline = now + (within ?? role.patience(readSeconds: readSeconds))
    longWait = onLongWait.map { now + $0.after }
    do throws(PostgresFault) {
      let expected = try sending.send(pipeline, to: handle, prepared: &prepared)
      return try receive(expected, of: pipeline, until: deadline)
    } catch {
      if error.isConnectionLost { close() }
      throw error
    }
  }

  /// Builds a pipeline in memory that the connection keeps for that, and performs it.
  package func perform(
    within: Duration? = nil, _ build: (inout PostgresPipeline) throws -> Void
  ) throws -> [PostgresResult] {
    // Taken out meanwhile, so that nothing is copied, and that a call inside `build` has another.
    var pipeline = PostgresPipeline()
    swap(&pipeline, &scratch)
    defer {
      pipeline.removeAll()
      swap(&pipeline, &scratch)
    }
    try build(&pipeline)
    return try perform(pipeline, within: within)
  }

  /// The rows of one statement.
  package func rows(
    _ sql: String, _ bind: (inout PostgresParameters) throws -> Void = { _ in }
  ) throws -> PostgresResult {
    guard let result = try perform({ try $0.add(sql, bind) }).first else {
      throw StorageError.broken("a statement without an answer")
    }
    return result
  }

  /// Runs one statement; how many rows it changed.
  @discardableResult
  package func run(_ sql: String, _ bind: (inout PostgresParameters) throws -> Void = { _ in }) throws -> Int {
    try rows(sql, bind).affected
  }

  package func rollback() throws(PostgresFault) {
    var pipeline = PostgresPipeline()
    pipeline.add("ROLLBACK")
    _ = try perform(pipeline)
  }

  /// Lets the server forget prepared statements of which there are too many. Outside of transactions.
  func tidy() throws(PostgresFault) {
    let names = prepared.takeSurplus()
    if names.isEmpty { return }
    var pipeline = PostgresPipeline()
    for name in names { pipeline.addOnce("DEALLOCATE \(name)") }
    _ = try perform(pipeline)
  }

  /// Whether it may be lent again: open, at rest, and nothing of it known to be over. A look at the socket.
  func isFresh(maximumAge: Duration) -> Bool {
    guard let handle, !prepared.isWorn, ContinuousClock.now - openedAt < maximumAge else { return false }
    guard PostgresSocket.hasSomething(handle) else { return true }
    // A setting that was changed for all sessions is told as well; that is no end. libpq reads what has come only
    // when it is asked whether an answer is there.
    guard PQconsumeInput(handle) == 1, PQisBusy(handle) == 0, PQstatus(handle) == CONNECTION_OK else { return false }
    return notices.ending == nil && PQtransactionStatus(handle) == PQTRANS_IDLE
  }
}
