import DataModel
import PostgresUnderTest
import ServerUnderTest
import StorageUnderTest
import Wire

@testable import Storage
@testable import StorageConformance
@testable import StoragePostgres

/// The writer of a deployment with the one model `flight`, behind a relay, and the database past it.
final class WriterBench: Sendable {
  let database: PostgresDatabase
  let relay: PostgresRelay
  let deployment: PostgresDeployment
  let writer: PostgresWriter
  let model: StoredModel

  /// - Parameters:
  ///   - database: a prepared one; nil is a new one of the cluster that tests share.
  ///   - doubtPatience: for how long a group in doubt is looked for.
  init(_ database: PostgresDatabase? = nil, doubtPatience: Duration = .seconds(10)) throws {
    let database = try database ?? PreparedDatabase.copy()
    self.database = database
    relay = try PostgresRelay(to: database.cluster.port)
    guard let schema = DeploymentSchema(deployment: "0123456789abcdef01234567") else {
      throw StorageError.broken("an id that is none")
    }
    let xml = SampleModel.document(
      SampleModel.flight(SampleModel.field("tail", "text") + SampleModel.field("miles", "integer")))
    let columns = [(1, "tail", "text"), (2, "miles", "integer")].map {
      TableLayout.Column(number: $0, name: $1, storedType: $2, heldPasswords: false)
    }
    let data = try SampleModel.read(xml)
    model = try TableLayout(columns: columns).bind(data.models[0], number: 1, version: 1)
    try Self.lay(out: schema, in: database)
    let pool = PostgresPool(try PostgresAddress(database.address(port: relay.port)))
    var options = PostgresOptions()
    options.doubtPatience = doubtPatience
    let context = PostgresContext(
      pool: pool, threads: try PostgresThreads(), clock: ManualClock(milliseconds: Scene.start), options: options)
    deployment = PostgresDeployment(
      schema: schema, context: context,
      current: ModelCache(
        StoredDataModel(model: data, models: [model], version: 1, deployedAt: .first, deployedBy: nil)),
      waiters: EntryWaiters(last: 0, limit: 10), feed: FeedState(FeedStanding(feed: "f", last: 0)),
      users: UserSharing(stored: nil), metrics: WriterMetrics())
    writer = PostgresWriter(deployment: deployment)
  }

  private static func lay(out schema: DeploymentSchema, in database: PostgresDatabase) throws {
    let name = schema.name
    let statements =
      ["CREATE SCHEMA \(name)"] + DeploymentTables.statements(in: schema) + [
        "INSERT INTO \(name).models (number, name) VALUES (1, 'flight')",
        "INSERT INTO \(name).columns (number, model, name, type) VALUES (1, 1, 'tail', 'text'), (2, 1, 'miles', 'integer')",
        "INSERT INTO \(name).deploys (version, at, hash, xml) VALUES (1, 0, '', '')",
        "INSERT INTO \(name).commits VALUES (1, 0, gen_random_uuid(), 'f', 0)",
        """
        CREATE TABLE \(name).m1 (
          n bigint PRIMARY KEY, id uuid NOT NULL UNIQUE, updated_at bigint NOT NULL, sequence bigint NOT NULL,
          c1 text COLLATE "C", c2 bigint)
        """,
      ]
    let connection = try PostgresConnection.open(try PostgresAddress(database.address), as: .administrator)
    defer { connection.close() }
    for statement in statements { _ = try connection.perform { $0.addOnce(statement) } }
  }

  /// Runs `body`, and ends all of it, however it ends.
  static func with(
    _ database: PostgresDatabase? = nil, doubtPatience: Duration = .seconds(10),
    _ body: (WriterBench) async throws -> Void
  ) async throws {
    let bench = try WriterBench(database, doubtPatience: doubtPatience)
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body(bench)) } catch { outcome = .failure(error) }
    await bench.writer.close()
    bench.deployment.context.threads.close()
    bench.deployment.context.pool.close()
    bench.relay.stop()
    bench.database.drop()
    try outcome.get()
  }

  var schema: DeploymentSchema { deployment.schema }
  var figures: StoreFigures { deployment.figures(waitingWrites: writer.waitingCount) }

  // MARK: Writing.

  func create(_ number: Int, _ tail: String = "a") -> WriteStep {
    .create(model, .numbered(number), [.text(tail), .null])
  }

  func createNew(_ number: Int, _ tail: String = "a") -> WriteStep {
    .createNew(model, .numbered(number), [.text(tail), .null])
  }

  func patch(_ number: Int, _ tail: String) -> WriteStep { .patch(model, .numbered(number), [(0, .text(tail))]) }

  @discardableResult
  func write(_ steps: WriteStep..., policy: WritePlan.Policy = .independent) async throws -> [StepOutcome] {
    try await writer.submit(WritePlan(steps: steps, policy: policy, origin: "password")).steps
  }

  /// Writes that are one group: their plans come while somebody else holds the lock.
  func writeTogether(_ plans: [WritePlan]) async throws -> [Result<[StepOutcome], any Error>] {
    let holder = try hold()
    defer { holder.close() }
    return try await withThrowingTaskGroup(of: (Int, Result<[StepOutcome], any Error>).self) { group in
      for (index, plan) in plans.enumerated() {
        group.addTask { [writer] in
          do { return (index, .success(try await writer.submit(plan).steps)) } catch { return (index, .failure(error)) }
        }
        // One after the other, so that they stand in this order: the first waits for the lock, the rest in the queue.
        if index == 0 { try await waitForSessions("wait_event_type = 'Lock'") }
        for _ in 0..<2000 where index > 0 && writer.waitingCount < index { try await Task.sleep(for: .milliseconds(1)) }
      }
      try holder.rollback()
      var results: [Int: Result<[StepOutcome], any Error>] = [:]
      for try await (index, result) in group { results[index] = result }
      return plans.indices.compactMap { results[$0] }
    }
  }

  // MARK: The database, past the relay.

  /// A session that holds the deployment's lock, for as long as it likes.
  func hold() throws -> PostgresConnection {
    let connection = try PostgresConnection.open(try PostgresAddress(database.address), as: .administrator)
    try connection.run("SET idle_in_transaction_session_timeout = 0")
    _ = try connection.perform {
      $0.add("BEGIN")
      $0.add(GroupHead.lock(of: schema))
    }
    return connection
  }

  func count(_ table: String, _ condition: String = "true") throws -> Int {
    Int(try database.run("SELECT count(*) FROM \(schema.name).\(table) WHERE \(condition)").filter(\.isNumber)) ?? -1
  }

  func tail(_ number: Int) throws -> String {
    let text = try database.run("SELECT c1 FROM \(schema.name).m1 WHERE id = '\(ObjectID.numbered(number))'")
    return text.filter { !$0.isNewline }
  }

  /// Calls `body` in the middle of each commit from now on: SQL of a trigger's body.
  func inCommits(_ body: String, isDeferred: Bool = false) throws {
    try database.run(
      """
      CREATE FUNCTION public.in_commit() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN \(body); RETURN NEW; END$$;
      CREATE \(isDeferred ? "CONSTRAINT " : "")TRIGGER in_commit AFTER INSERT ON \(schema.name).commits
      \(isDeferred ? "DEFERRABLE INITIALLY DEFERRED" : "") FOR EACH ROW EXECUTE FUNCTION public.in_commit()
      """)
  }

  func stopCalling() throws { try database.run("DROP TRIGGER in_commit ON \(schema.name).commits") }

  /// Waits until a writer's session is so.
  func waitForSessions(_ condition: String) async throws {
    for _ in 0..<2000 {
      let found = try database.run(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = '\(database.name)' AND usename = 'owner' AND \(condition)"
      )
      if found.first != "0" { return }
      try await Task.sleep(for: .milliseconds(5))
    }
    throw TestFault("no session ever had \(condition)")
  }
}
