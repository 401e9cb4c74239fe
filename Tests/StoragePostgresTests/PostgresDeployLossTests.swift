import PostgresUnderTest
import Storage
import StoragePostgres
import StorageUnderTest
import Testing
import Wire

/// The last step of a deploy is made to take a second, in which its connection ends.
@Suite("A deploy whose last step is not confirmed", .serialized)
struct PostgresDeployLossTests {
  enum End: String, CaseIterable, Sendable {
    /// The network fails; the server goes on and commits.
    case cut
    /// The server ends the session, and with it the transaction.
    case terminated
  }

  private static let schema = "d_\(PostgresBed.deployment)"
  private static let sleeping = "datname = current_database() AND wait_event = 'PgSleep'"

  @Test("is done once, whether it was committed or is done anew", arguments: End.allCases)
  func doneOnce(_ end: End) async throws {
    let bed = try PostgresBed()
    let first = try await bed.create(
      try PostgresDeployTests.model(2, fields: 1), clock: ManualClock(), waitingWrites: nil)
    await first.close()
    let relay = try PostgresRelay(to: bed.database.cluster.port)
    defer { relay.stop() }
    let engine = try PostgresEngine(
      try PostgresAddress(bed.database.address(port: relay.port)), clock: ManualClock(),
      limits: PreparedDatabase.limits)
    let store = try await engine.open(deployment: PostgresBed.deployment)
    try bed.database.run(
      """
      CREATE FUNCTION public.wait() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_catalog.pg_sleep(1); RETURN NULL; END $$;
      CREATE TRIGGER slow AFTER INSERT ON \(Self.schema).deploys FOR EACH ROW EXECUTE FUNCTION public.wait()
      """)
    let next = try PostgresDeployTests.model(3, fields: 2)
    let deploying = Task { try await store.deploy(next, DeployTerms(by: nil, note: "once")) }
    try await PostgresDeployTests.wait("the last step") {
      try bed.database.run("SELECT count(*) FROM pg_stat_activity WHERE \(Self.sleeping)") == "1\n"
    }
    switch end {
    case .cut: relay.cut()
    case .terminated:
      try bed.database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE \(Self.sleeping)")
    }
    let stored = try await deploying.value
    #expect(stored.version == 2)
    #expect(store.dataModel.version == 2)
    #expect(try await store.deploys().map(\.note) == ["once", nil])
    for (index, model) in stored.models.enumerated() {
      let outcome = try await store.write(PostgresDeployTests.create(UInt64(index), model))
      #expect(outcome.steps.count { $0.isFailure } == 0)
    }
    await store.close()
    await engine.close()
    await bed.close()
  }
}
