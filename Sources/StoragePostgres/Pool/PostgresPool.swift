import Glibc
import Metrics
import Storage
import Synchronization

/// The connections of a node to its database. They are opened when first needed, and belong to the node, not to a
/// deployment: 300 deployments share them.
///
/// Whoever borrows one waits on the thread on which it calls, up to a deadline. What comes back in the middle of a
/// transaction is rolled back, what was lost is thrown away, and what has grown old is renewed, since each table that
/// a session has touched costs the server memory.
///
/// - Throws: `StorageError.busy` where none came free in time, `unavailable` where the database cannot be reached,
///   `closed`; what a body throws, a `PostgresFault` as `StorageError(fault)`.
package final class PostgresPool: Sendable {
  /// How many connections of each role there may be.
  package struct Limits: Sendable {
    package var readers = 12
    package var writers = 4
    package var listeners = 1
    package var notifiers = 1
    package var administrators = 1

    package init() {}

    /// What a node takes.
    package static let standard = Limits()

    package var sum: Int { PostgresRole.allCases.reduce(0) { $0 + self[$1] } }

    package subscript(role: PostgresRole) -> Int {
      switch role {
      case .reader: readers
      case .writer: writers
      case .listener: listeners
      case .notifier: notifiers
      case .administrator: administrators
      }
    }
  }

  package let address: PostgresAddress
  private let readSeconds: Int
  /// In the order of the roles.
  private let stocks: [ConnectionStock]
  private let opening = Mutex(Opening())
  private let report: @Sendable (String) -> Void
  /// By role: counted as they are sent, since the listener never gives its connection back.
  private let roundTrips = CounterBank(PostgresRole.allCases.count)

  private struct Opening {
    var backoff = PostgresBackoff()
    /// Index of the host that took writes last.
    var hostIndex = 0
    /// When it was last told that the database has no connection left.
    var lastReport: ContinuousClock.Instant?
  }

  /// How long a borrower waits by default. A writer that holds a connection gives up after 10 s at the latest.
  package static let patience = Duration.seconds(5)
  private static let maximumAge = Duration.seconds(30 * 60)

  /// - Parameters:
  ///   - readSeconds: how long a statement of a reader may run.
  ///   - report: told, in a sentence for the log, that the database has no connection left; once a minute.
  package init(
    _ address: PostgresAddress, limits: Limits = .standard, readSeconds: Int = PostgresRole.readSeconds,
    report: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.address = address
    self.readSeconds = readSeconds
    self.report = report
    stocks = PostgresRole.allCases.map { ConnectionStock(limit: limits[$0]) }
  }

  /// Runs `body` with a connection of the role.
  package func lend<Result>(
    _ role: PostgresRole, patience: Duration = patience, _ body: (PostgresConnection) throws -> Result
  ) throws -> Result {
    try lendOnce(role, patience, body).get().get()
  }

  /// Runs `body` with a connection that rests now; nil where there is none.
  package func lendIdle<Result>(
    _ role: PostgresRole, _ body: (PostgresConnection) throws -> Result
  ) throws -> Result? {
    let stock = stocks[role.rawValue]
    guard case .granted = stock.enter(.zero) else { return nil }
    guard let connection = restingConnection(of: stock) else {
      stock.leave(nil)
      return nil
    }
    return try use(connection, of: stock, body).get().get()
  }

  /// Runs `body` with a reader, and once more with another where the connection was lost: a failover costs a read
  /// nothing but time. So `body` has no effect outside before its last round trip.
  package func read<Result>(_ body: (PostgresConnection) throws -> Result) throws -> Result {
    let began = ContinuousClock.now
    let first = try lendOnce(.reader, Self.patience, body)
    // Who has waited in vain is not to wait as long again.
    guard case .failure = first, ContinuousClock.now - began < Self.patience else { return try first.get().get() }
    return try lend(.reader, body)
  }

  package var figures: PostgresFigures {
    PostgresFigures(
      PostgresRole.allCases.map { role in
        var part = stocks[role.rawValue].figures
        part.roundTrips = Int(clamping: roundTrips.value(role.rawValue))
        return part
      })
  }

  /// Closes those that rest; those that are lent are closed when they come back.
  package func close() { for stock in stocks { stock.close() } }

  /// What came of a loan: the outer failure is a lost connection, the inner one all else that `body` threw.
  private typealias Loan<Value> = Swift.Result<Swift.Result<Value, any Error>, StorageError>

  private func lendOnce<Value>(
    _ role: PostgresRole, _ patience: Duration, _ body: (PostgresConnection) throws -> Value
  ) throws(StorageError) -> Loan<Value> {
    let stock = stocks[role.rawValue]
    switch stock.enter(patience) {
    case .refused: throw .busy
    case .closed: throw .closed
    case .granted: break
    }
    guard let resting = restingConnection(of: stock) else {
      do throws(PostgresFault) {
        return use(try open(role, of: stock), of: stock, body)
      } catch {
        stock.leave(nil)
        throw StorageError(error)
      }
    }
    return use(resting, of: stock, body)
  }

  private func restingConnection(of stock: ConnectionStock) -> PostgresConnection? {
    while let connection = stock.takeIdle() {
      if connection.isFresh(maximumAge: Self.maximumAge) { return connection }
      connection.close()
      stock.noteClosed()
    }
    return nil
  }

  private func open(_ role: PostgresRole, of stock: ConnectionStock) throws(PostgresFault) -> PostgresConnection {
    let (fault, first) = opening.withLock { ($0.backoff.begin(.now), $0.hostIndex) }
    if let fault { throw fault }
    stock.noteOpening()
    do throws(PostgresFault) {
      let connection = try openOrMakeRoom(role, of: stock, beginningAt: first)
      opening.withLock {
        $0.backoff.succeed()
        $0.hostIndex = connection.hostIndex
      }
      connection.countsRoundTrips(in: roundTrips)
      return connection
    } catch {
      stock.noteClosed()
      // A database that says that it is full is there: others may have better luck.
      opening.withLock { opening in
        if error.state == .tooManyConnections { opening.backoff.succeed() } else { opening.backoff.fail(error, .now) }
      }
      stock.note { $0.failedOpenings += 1 }
      throw error
    }
  }

  /// Where the database has no connection left, one of this node that rests makes room; where none does, the readers
  /// have one less from now on, so that who writes comes in.
  private func openOrMakeRoom(
    _ role: PostgresRole, of stock: ConnectionStock, beginningAt first: Int
  ) throws(PostgresFault) -> PostgresConnection {
    var triesLeft = Self.triesForRoom
    while true {
      do throws(PostgresFault) {
        let connection = try PostgresConnection.open(
          address, as: role, beginningAt: first, readSeconds: readSeconds)
        stock.note { $0.openings += 1 }
        return connection
      } catch {
        triesLeft -= 1
        guard error.state == .tooManyConnections, triesLeft > 0 else { throw error }
        if triesLeft == Self.triesForRoom - 1 {
          reportFull(error)
          // This one counts as open, and is not.
          stock.narrow(by: 1)
          let madeRoom = stocks.contains { $0 !== stock && $0.closeResting(most: 1) > 0 }
          if !madeRoom, role != .reader { stocks[PostgresRole.reader.rawValue].narrow(by: 1) }
        }
        // The server takes a moment to let go of a session, and others to give theirs back.
        usleep(UInt32(Self.pauseForRoomMilliseconds) * 1000)
        if let connection = restingConnection(of: stock) {
          stock.noteClosed()
          return connection
        }
      }
    }
  }

  /// Who makes do with fewer connections refuses nobody, and is slower: without this nothing would say why.
  private func reportFull(_ fault: PostgresFault) {
    let isDue = opening.withLock { opening in
      if let last = opening.lastReport, ContinuousClock.now - last < Self.reportPause { return false }
      opening.lastReport = .now
      return true
    }
    if isDue { report(fault.message + " Meanwhile requests wait for each other's.") }
  }

  private static let reportPause = Duration.seconds(60)
  private static let triesForRoom = 5
  private static let pauseForRoomMilliseconds = 40
  /// Connections that rest for longer are closed: other nodes may want them.
  private static let longestRest = Duration.seconds(300)

  /// Closes connections that nobody has needed for a while.
  func closeRested() { for stock in stocks { _ = stock.closeResting(longerThan: Self.longestRest) } }

  private func use<Value>(
    _ connection: PostgresConnection, of stock: ConnectionStock, _ body: (PostgresConnection) throws -> Value
  ) -> Loan<Value> {
    let outcome = Swift.Result { try body(connection) }
    let isLost = !connection.isUsable
    if isLost { stock.note { $0.losses += 1 } }
    putBack(connection, to: stock)
    guard case .failure(let error) = outcome else { return .success(outcome) }
    let fault = error as? PostgresFault
    // What rests beside it goes the same way to the database, and would cost the next borrower as long.
    if fault?.kind == .late { _ = stock.closeResting() }
    let said = fault.map { StorageError($0, readSeconds: readSeconds) } ?? error
    guard isLost else { return .success(.failure(said)) }
    return .failure(said as? StorageError ?? .unavailable("the connection to the database was lost"))
  }

  /// At rest and with few statements, or not at all.
  private func putBack(_ connection: PostgresConnection, to stock: ConnectionStock) {
    do throws(PostgresFault) {
      if connection.isInTransaction { try connection.rollback() }
      if connection.isUsable { try connection.tidy() }
    } catch {
      connection.close()
    }
    if !connection.isUsable { stock.noteClosed() }
    stock.leave(connection.isUsable ? connection : nil)
  }
}
