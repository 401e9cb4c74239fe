import Storage
import Wire

/// A deployment as it was after one commit, read over one connection.
///
/// 1. A read of one call is one round trip: the pipeline is a transaction of its own, which is REPEATABLE READ as all of
///    a reader's are, so that all its statements see one state.
/// 2. The second call begins a transaction that stays, and looks whether the state is still that of the first one. Where
///    it is not, nothing that was read counts: `isOutdated` is set, and the body is run once more in a transaction that
///    begins with its first call.
/// 3. Two states are the same when they have the same newest commit and the same data model: every change that a
///    snapshot can show comes with a row of `commits` or of `deploys`.
///
/// ```
///   a reader                                      a writer
///   object(…)          state 7, no transaction
///                                                 COMMIT: state 8
///   list(…)            BEGIN; state 8: outdated
///   the body again:
///   object(…)          BEGIN; state 8
///   list(…)            state 8
/// ```
final class PostgresSnapshot {
  let connection: PostgresConnection
  let schema: DeploymentSchema
  let deployment: PostgresDeployment
  /// Whether a transaction begins with the first call.
  private let holdsFirst: Bool
  /// The answer to the first call, where it was asked before; nil from any other call on.
  private var ahead: ReadAhead?
  /// Is called before each round trip.
  private let beforeAsking: (() -> Void)?
  /// Whether what was read was of two states.
  private(set) var isOutdated = false
  private(set) var state: State?
  /// What ended the transaction that was to stay: nothing more can be read.
  private var failure: StorageError?
  private var stateVersions: [Int: Int?] = [:]
  private var cursors = 0
  /// Until when statements of `limited` may run, the earliest of them; nil where only the connection's own limit holds.
  var deadline: ContinuousClock.Instant?
  /// What lists have cost so far, where somebody asks.
  var cost: ReadCost?
  /// When the whole read must be done.
  private let end: ContinuousClock.Instant

  struct State: Equatable {
    /// Of the newest commit.
    let commit: Int64
    let lastSequence: Int64
    let version: Int
    /// Another where the database has lost commits, whose numbers are given again.
    let feed: String

    static let columnCount = 4

    /// What `stateSQL` brought.
    init(_ result: PostgresResult) throws {
      guard let row = result.first else { throw StorageError.broken("the deployment has no commit") }
      commit = try row.integer(0)
      lastSequence = try row.integer(1)
      version = Int(try row.integer(2))
      feed = try row.text(3)
    }
  }

  init(
    _ deployment: PostgresDeployment, on connection: PostgresConnection, holdsFirst: Bool, ahead: ReadAhead? = nil,
    beforeAsking: (() -> Void)? = nil
  ) {
    self.deployment = deployment
    schema = deployment.schema
    self.connection = connection
    self.holdsFirst = holdsFirst
    end = .now + .seconds(connection.readSeconds)
    self.ahead = ahead
    self.beforeAsking = beforeAsking
  }

  // MARK: Round trips.

  /// One round trip of the snapshot; the answers to what `build` adds.
  /// - Parameters:
  ///   - version: the version of the data model that was planned under, where it counts.
  ///   - isHeld: whether the transaction must stay, as for a cursor.
  ///   - models: those whose state versions are wanted as well: `stateVersion(of:)` knows them then.
  func ask(
    under version: Int? = nil, isHeld: Bool = false, versionsOf models: [StoredModel] = [],
    _ build: (inout PostgresPipeline) throws -> Void = { _ in }
  ) throws -> [PostgresResult] {
    if isOutdated { throw Outdated() }
    if let failure { throw failure }
    ahead = nil
    beforeAsking?()
    guard ContinuousClock.now < end else { throw StorageError.timeLimit(seconds: connection.readSeconds) }
    let begins = !connection.isInTransaction && (isHeld || holdsFirst || state != nil)
    let knowsState = state != nil && !begins
    if knowsState { try check(version) }
    var first = 0
    let limit = try millisecondsLeft()
    let wasHeld = connection.isInTransaction
    do {
      let results = try connection.perform { trip in
        if begins { trip.add("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") }
        if let limit {
          if wasHeld { trip.add("SAVEPOINT limited") }
          trip.add(Self.setLimit) { $0.add(text: String(limit)) }
        }
        // The state and state versions are one statement, which comes cheaper than two.
        if knowsState, !models.isEmpty { trip.add(versionsSQL(of: models)) }
        if !knowsState { trip.add(Self.stateSQL(in: schema, with: models.map(\.number))) }
        first = trip.count
        try build(&trip)
        if limit != nil, begins || wasHeld {
          trip.add(Self.setLimit) { $0.add(text: String(connection.readSeconds * 1000)) }
          if wasHeld { trip.add("RELEASE limited") }
        }
      }
      if !knowsState { try note(results[first - 1]) }
      try check(version)
      if !models.isEmpty { try note(models, results[first - 1], from: knowsState ? 0 : State.columnCount) }
      let behind = limit != nil && (begins || wasHeld) ? (wasHeld ? 2 : 1) : 0
      return Array(results[first..<results.count - behind])
    } catch let fault as PostgresFault {
      if fault.kind == .refused { try recover(from: fault, wasHeld: wasHeld, wasLimited: limit != nil, version) }
      throw StorageError(fault, readSeconds: connection.readSeconds)
    }
  }

  /// Begins the transaction that stays, where it has not begun: from then on the connection reads the snapshot.
  func hold() throws {
    if !connection.isInTransaction { _ = try ask(isHeld: true) { _ in } }
  }

  /// A name for a cursor of this snapshot.
  func nextCursor() -> String {
    cursors += 1
    return "l\(cursors)"
  }

  private static let setLimit = "SELECT set_config('statement_timeout', $1, true)"

  /// In one row: the newest commit, its last sequence, the version, the feed.
  /// - Parameter models: numbers of models whose state versions stand behind these.
  static func stateSQL(in schema: DeploymentSchema, with models: [Int] = []) -> String {
    let versions = models.reduce(into: "") { $0 += ", \(stateVersionSQL(of: $1, in: schema))" }
    return """
      SELECT number, last_sequence, (SELECT max(version) FROM \(schema.name).deploys), feed\(versions)
      FROM \(schema.name).commits ORDER BY number DESC LIMIT 1
      """
  }

  private func note(_ result: PostgresResult) throws {
    let found = try State(result)
    if let state, state != found {
      isOutdated = true
      throw Outdated()
    }
    state = found
  }

  /// Leaves the snapshot as it was where it can go on.
  private func recover(from fault: PostgresFault, wasHeld: Bool, wasLimited: Bool, _ version: Int?) throws {
    if wasHeld, wasLimited, fault.state == .canceled {
      _ = try connection.perform { $0.add("ROLLBACK TO limited") }
    } else if connection.isInTransaction {
      try connection.rollback()
      // The state that was held is gone.
      if wasHeld { failure = StorageError(fault, readSeconds: connection.readSeconds) }
    }
    if wasLimited, fault.state == .canceled { throw LimitReached() }
    // Tables and columns of a data model that is not in force here may not be there.
    if fault.state == .undefinedTable || fault.state == .undefinedColumn, let version {
      let found = try connection.rows(Self.stateSQL(in: schema))
      if let row = found.first, Int(try row.integer(2)) != version {
        throw StorageError.replan(version: Int(try row.integer(2)))
      }
    }
  }

  /// What was read ahead, where this is the first call and the one that was expected: then the snapshot is of its state.
  func takeAhead(_ model: StoredModel, _ id: ObjectID, versionsOf models: [StoredModel]) throws -> ReadAhead? {
    guard let found = ahead.take(), found.answers(model, id, versionsOf: models) else { return nil }
    assert(state == nil, "what is read ahead is read first")
    state = found.state
    for model in models { note(found.versions[model.number] ?? 0, of: model, in: found.state) }
    try check(model.binding.version)
    return found
  }

  /// - Throws: `StorageError.replan` where this version of the data model is not the snapshot's.
  func check(_ version: Int?) throws {
    guard let version, let state, state.version != version else { return }
    throw StorageError.replan(version: state.version)
  }

  private func millisecondsLeft() throws -> Int64? {
    guard let deadline else { return nil }
    let left = deadline - ContinuousClock.now
    guard left > .zero else { throw LimitReached() }
    let (seconds, attoseconds) = left.components
    guard seconds < Int64(connection.readSeconds) else { return nil }
    return seconds * 1000 + max(attoseconds / 1_000_000_000_000_000, seconds == 0 ? 1 : 0)
  }

  /// What was read before is of another state: the body is to be run once more.
  struct Outdated: Error {}
  /// A statement of `limited` was still running when its time was over.
  struct LimitReached: Error {}
}

extension PostgresSnapshot: Snapshot {
  /// Whoever asks this first goes by it in what follows: so the transaction stays.
  private func known() throws -> State {
    if state == nil { _ = try ask(isHeld: true) { _ in } }
    guard let state else { throw StorageError.broken("a snapshot without a state") }
    return state
  }

  func revision() throws -> Revision {
    let state = try known()
    return Revision(sequence: state.lastSequence, version: state.version)
  }

  func nextSequence() throws -> Int64 {
    let last = try known().lastSequence
    return last > 0 ? last + 1 : 0
  }

  /// Final for the snapshot, whenever it is asked.
  func stateVersion(of model: StoredModel) -> Int? {
    if let known = stateVersions[model.number] { return known }
    // One that cannot be said is none; what failed fails the next read as well.
    _ = try? ask(versionsOf: [model])
    return stateVersions[model.number] ?? nil
  }

  private func versionsSQL(of models: [StoredModel]) -> String {
    "SELECT \(models.map { Self.stateVersionSQL(of: $0.number, in: schema) }.joined(separator: ", "))"
  }

  /// The number is written out: with few values PostgreSQL would think of a new plan in each run.
  static func stateVersionSQL(of model: Int, in schema: DeploymentSchema) -> String {
    "(SELECT max(number) FROM \(schema.name).counters WHERE model = \(model))"
  }

  /// The number of the newest commit that touched objects of the model; 0 where none has.
  private func note(_ models: [StoredModel], _ result: PostgresResult, from column: Int) throws {
    guard let row = result.first, let state else { throw StorageError.broken("state versions without a state") }
    for (index, model) in models.enumerated() {
      note(Int(try row.integerIfAny(column + index) ?? 0), of: model, in: state)
    }
  }

  private func note(_ number: Int, of model: StoredModel, in state: State) {
    stateVersions[model.number] = .some(deployment.epochs.stateVersion(of: number, in: state.feed))
  }
}
