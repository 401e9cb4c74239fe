import DataModel
import Glibc
import Storage
import Wire

/// One deploy, while any number of nodes read and write.
///
/// 1. What is missing is worked out on a snapshot. A dry run does no more.
/// 2. Tables and columns are made, some tables at a time, each part in a transaction of its own: adding a column takes a
///    lock that no reader may hold, and who waits for it holds up those that come after. So it waits for the blink of an
///    eye, gives way, and tries again, for a minute. Nobody sees the columns until the end; should the deploy not come
///    to it, a later one finds them.
/// 3. Under the lock of `head`, which keeps writers of all nodes away, a row of `deploys` puts the data model in force,
///    and indexes over few objects are made.
/// 4. Indexes over many objects are built afterwards (`IndexBuilder`).
///
/// What another deploy does meanwhile makes it begin anew. It blocks the thread.
struct DeployRun {
  let deployment: PostgresDeployment
  let model: DataModel
  let terms: DeployTerms
  /// How long a part is tried that others are in the way of.
  var patience = Duration.seconds(60)

  private var schema: DeploymentSchema { deployment.schema }
  private var pool: PostgresPool { deployment.context.pool }

  struct Outcome {
    let stored: StoredDataModel
    let areIndexesBuilt: Bool
  }

  /// Deploys that may come between the plan of one and its end.
  private static let mostAttempts = 20
  /// Tables in a part, and for how long a part waits for each of their locks.
  private static let tablesInPart = 5
  private static let lockMilliseconds = 10
  private static let pauseMilliseconds: UInt32 = 20

  /// - Throws: `StorageError`.
  func perform() throws -> Outcome {
    for _ in 0..<Self.mostAttempts {
      if let outcome = try attempt() { return outcome }
    }
    throw StorageError.busy
  }

  /// Nil where another deploy came between.
  private func attempt() throws -> Outcome? {
    let plan = try pool.read { try DeployPlan(model, over: try DeployGround.read(schema, on: $0)) }
    if let wanted = terms.over, plan.ground.version != wanted {
      throw StorageError.replan(version: plan.ground.version)
    }
    var rest = plan.works[...]
    while !rest.isEmpty {
      let part = rest.prefix(Self.tablesInPart)
      rest = rest.dropFirst(Self.tablesInPart)
      guard try make(part) else { return nil }
    }
    return switch try finish(over: plan.ground.version, withIndexes: true) {
    case .done(let outcome): outcome
    case .begunAnew: nil
    case .blocked: try finish(over: plan.ground.version, withIndexes: false).outcome
    }
  }

  // MARK: Tables.

  private enum Part { case made, begunAnew, blocked }

  /// False where another deploy came between.
  private func make(_ works: ArraySlice<DeployPlan.Work>) throws -> Bool {
    let end = ContinuousClock.now + patience
    let making = TableMaking(schema: schema)
    let tables = try pool.lend(.writer) { try making.number(works, on: $0) }
    while true {
      switch try make(tables, making) {
      case .made: return true
      case .begunAnew: return false
      case .blocked:
        guard ContinuousClock.now < end else { throw StorageError.unusable(try blockers(of: works)) }
        usleep(Self.pauseMilliseconds * 1000)
      }
    }
  }

  private func make(_ tables: [TableMaking.Numbered], _ making: TableMaking) throws -> Part {
    try pool.lend(.writer) { connection in
      var trip = PostgresPipeline()
      trip.add("BEGIN")
      trip.addOnce("SET LOCAL lock_timeout = \(Self.lockMilliseconds)")
      try making.make(tables, in: &trip)
      trip.add("COMMIT")
      switch connection.commit(trip) {
      case .done: return .made
      // What was made all the same is found by the next plan.
      case .unknown: return .begunAnew
      case .refused(let fault):
        switch fault.state {
        case .lockNotAvailable?, .deadlock?: return .blocked
        case .uniqueViolation?, .duplicateTable?, .duplicateColumn?: return .begunAnew
        default: throw fault
        }
      }
    }
  }

  /// Who holds the tables, in a sentence.
  private func blockers(of works: ArraySlice<DeployPlan.Work>) throws -> String {
    let tables = works.compactMap { work in work.number.map { "\(schema.name).m\($0)" } }
    let sessions = try pool.read { connection in
      try connection.rows(
        """
        SELECT DISTINCT a.pid, coalesce(a.usename::text, ''), coalesce(a.application_name, '') FROM pg_catalog.pg_locks AS l
        JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
        WHERE l.granted AND a.pid <> pg_catalog.pg_backend_pid()
          AND l.relation IN (SELECT pg_catalog.to_regclass(t)::oid FROM unnest($1) AS t) ORDER BY 1 LIMIT 3
        """
      ) { values in values.addArray(.text) { for table in tables { $0.add(text: table) } } }
      .map { "process \(try $0.integer(0)) of \(try $0.text(1)) (\(try $0.text(2)))" }
    }
    let names = works.map(\.model.name).joined(separator: ", ")
    return "The tables of \(names) were in use for \(patience.components.seconds) seconds without a gap"
      + (sessions.isEmpty ? "" : ", among others by \(sessions.joined(separator: ", "))")
      + ". Nothing of the deploy is in force. Try again when long reads are over, or end those sessions in the database."
  }

  // MARK: The switch.

  private enum Switch {
    case done(Outcome)
    case begunAnew
    case blocked

    var outcome: Outcome? { if case .done(let outcome) = self { outcome } else { nil } }
  }

  private func finish(over version: Int, withIndexes: Bool) throws -> Switch {
    // All that takes long is done before the lock: as long as the version stands, columns only come, and none of them
    // holds a value of this data model.
    let ground = try pool.read { try DeployGround.read(schema, on: $0) }
    guard ground.version == version, try DeployPlan(model, over: ground).works.isEmpty else { return .begunAnew }
    let models = try DeployPlan.bound(model, to: ground, version: version + 1)
    let work = ground.indexWork(for: models)
    let ending = try pool.lend(.writer) { connection in
      let answers = try connection.perform { trip in
        trip.add("BEGIN")
        trip.add(GroupHead.lock(of: schema))
        trip.add("SELECT max(version) FROM \(schema.name).deploys")
      }
      guard try answers[2].first?.integer(0) == Int64(version) else {
        try connection.rollback()
        return Ending.other(.begunAnew)
      }
      let recording = DeployRecording(
        schema: schema, model: model, models: models, version: version + 1, at: deployment.context.clock.now,
        terms: terms)
      let small = withIndexes ? SmallIndexes(of: work) : SmallIndexes()
      var trip = PostgresPipeline()
      if !small.plans.isEmpty { trip.addOnce("SET LOCAL lock_timeout = \(Self.lockMilliseconds)") }
      for index in small.plans { trip.addOnce(index.plan.making(in: schema, of: index.model)) }
      recording.add(to: &trip)
      trip.add("COMMIT")
      let outcome = Outcome(
        stored: recording.stored,
        areIndexesBuilt: small.plans.count == work.missing.count && work.superfluous.isEmpty)
      switch connection.commit(trip) {
      case .done: return .other(.done(outcome))
      case .unknown: return .unknown(outcome)
      case .refused(let fault):
        guard fault.state == .lockNotAvailable || fault.state == .deadlock, withIndexes else { throw fault }
        return .other(.blocked)
      }
    }
    switch ending {
    case .other(let known): return known
    case .unknown(let outcome): return try isThere(outcome.stored) ? .done(outcome) : .begunAnew
    }
  }

  private enum Ending {
    case other(Switch)
    /// The commit was not confirmed.
    case unknown(Outcome)
  }

  /// The lock waits for the end of the session that may have committed.
  private func isThere(_ stored: StoredDataModel) throws -> Bool {
    try pool.lend(.writer) { connection in
      let results = try connection.perform { trip in
        trip.add("BEGIN")
        trip.add(GroupHead.lock(of: schema))
        trip.add("SELECT hash, at FROM \(schema.name).deploys WHERE version = $1") {
          $0.add(integer: Int64(stored.version))
        }
        trip.add("ROLLBACK")
      }
      guard let row = results[2].first else { return false }
      return try row.text(0) == stored.model.hash && row.integer(1) == stored.deployedAt.secondsSince1970
    }
  }
}

/// Indexes that are made with the switch: over so few objects that it takes a few milliseconds.
private struct SmallIndexes {
  /// Objects of all of them together, and indexes.
  private static let mostObjects = 5000
  private static let mostIndexes = 100

  private(set) var plans: [IndexWork.Missing] = []

  init() {}

  init(of work: IndexWork) {
    var room = Self.mostObjects
    for missing in work.missing
    where !missing.isBroken && missing.objects <= room && plans.count < Self.mostIndexes {
      room -= missing.objects
      plans.append(missing)
    }
  }
}
