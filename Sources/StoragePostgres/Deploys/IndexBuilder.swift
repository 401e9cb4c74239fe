import Storage
import Synchronization
import Threads

/// Makes a deployment's indexes those that the data model in force wants, after a deploy and after a start: one after
/// the other, while all nodes read and write. One node does it at a time, by a lock that ends with the session that
/// builds. A node builds for one deployment at a time.
final class IndexBuilder: Sendable {
  private let deployment: PostgresDeployment
  private let task = OwnTask()
  private let isStopped = Atomic(false)
  /// For which data model it began last.
  private let version = Atomic(0)
  /// The session in which an index is being built.
  private let session = Mutex<Int32?>(nil)

  /// The longest that one index may take.
  private static let patience = Duration.seconds(24 * 3600)
  /// Nothing more is begun after it without a look at what is wanted by then. A look takes longer than an index over few
  /// objects does.
  private static let stretch = Duration.seconds(1)
  /// Between two requests to end what is being built: one that comes before the statement has begun ends nothing.
  private static let insistence = Duration.milliseconds(100)
  /// Between two looks at what another node builds.
  private static let pause = Duration.seconds(2)

  init(_ deployment: PostgresDeployment) { self.deployment = deployment }

  /// Begins, anew if it runs: what is wanted may be another thing now.
  func start() {
    version.store(deployment.current.model.version, ordering: .relaxed)
    task.start { [self] in await run() }
  }

  /// The same where the data model is another one than when it began last: whoever deployed that may be gone.
  func startWhereNew() {
    if version.load(ordering: .relaxed) != deployment.current.model.version { start() }
  }

  /// Ends what is being built, which may have to wait for somebody else's transaction for hours, and begins nothing more.
  /// What is left of it is no index, and the next start builds it anew.
  func stop() async {
    isStopped.store(true, ordering: .sequentiallyConsistent)
    while let running = session.withLock({ $0 }) {
      _ = try? await deployment.context.threads.working.runForStorage { [deployment] in
        try deployment.context.pool.lend(.writer) { connection in
          try connection.run("SELECT pg_catalog.pg_cancel_backend($1::integer)") { $0.add(integer: Int64(running)) }
        }
      }
      try? await Task.sleep(for: Self.insistence)
    }
    await task.stop()
  }

  private func run() async {
    let work = OwnWork(report: deployment.context.options.report) {
      "An index cannot be built; it is tried again every \($1), and until then queries go without it: \($0)"
    }
    await work.run {
      let step: Step = try await deployment.context.building.take {
        try await deployment.context.threads.working.runForStorage { [self] in try self.step() }
      }
      if step == .elsewhere { try await Task.sleep(for: Self.pause) }
      return step == .done
    }
  }

  private enum Step { case done, more, elsewhere }

  /// Does one thing, and more where that is quickly done.
  private func step() throws -> Step {
    if isStopped.load(ordering: .acquiring) { return .done }
    let schema = deployment.schema
    return try deployment.context.pool.lend(.writer) { connection in
      if try work(on: connection).isDone { return .done }
      guard try Self.lock(schema, on: connection) else { return .elsewhere }
      do {
        var work = try work(on: connection)
        let end = ContinuousClock.now + Self.stretch
        repeat {
          guard begin(in: connection) else { break }
          defer { session.withLock { $0 = nil } }
          try Self.changeFirst(of: &work, schema, on: connection)
        } while !work.isDone && .now < end
        try Self.unlock(schema, on: connection)
      } catch {
        // With the session go its lock and its settings.
        connection.close()
        if isStopped.load(ordering: .acquiring) { return .done }
        throw error
      }
      return .more
    }
  }

  /// Notes where something is built from now on; false where nothing may be begun any more.
  private func begin(in connection: PostgresConnection) -> Bool {
    session.withLock { session in
      if isStopped.load(ordering: .sequentiallyConsistent) { return false }
      session = connection.processID
      return true
    }
  }

  private func work(on connection: PostgresConnection) throws -> IndexWork {
    let ground = try DeployGround.read(deployment.schema, on: connection)
    let model = deployment.current.model
    // Whoever has deployed another one builds for it.
    return ground.version == model.version ? ground.indexWork(for: model.models) : IndexWork()
  }

  private static func changeFirst(
    of work: inout IndexWork, _ schema: DeploymentSchema, on connection: PostgresConnection
  ) throws {
    if let name = work.superfluous.first {
      work.superfluous.removeFirst()
      try change("DROP INDEX CONCURRENTLY IF EXISTS \(schema.name).\(name)", on: connection)
    } else if let index = work.missing.first {
      work.missing.removeFirst()
      if index.isBroken {
        try change("DROP INDEX CONCURRENTLY IF EXISTS \(schema.name).\(index.plan.name)", on: connection)
      }
      try change(index.plan.building(in: schema, of: index.model), on: connection)
    }
  }

  /// Such a statement waits for every transaction that is older, and may be in none; so for once there is no bound on
  /// locks.
  private static func change(_ sql: String, on connection: PostgresConnection) throws {
    try connection.run("SET lock_timeout = 0")
    _ = try connection.perform(within: patience) { $0.addOnce(sql) }
    try connection.run("RESET lock_timeout")
  }

  private static func lock(_ schema: DeploymentSchema, on connection: PostgresConnection) throws -> Bool {
    let row = try connection.rows("SELECT pg_catalog.pg_try_advisory_lock(pg_catalog.hashtextextended($1, 0))") {
      $0.add(text: schema.name)
    }
    return try row.first?.isTrue(0) ?? false
  }

  private static func unlock(_ schema: DeploymentSchema, on connection: PostgresConnection) throws {
    try connection.run("SELECT pg_catalog.pg_advisory_unlock(pg_catalog.hashtextextended($1, 0))") {
      $0.add(text: schema.name)
    }
  }
}
