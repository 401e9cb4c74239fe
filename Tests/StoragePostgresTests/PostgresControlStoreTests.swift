import PostgresUnderTest
import Storage
import StorageUnderTest
import Testing
import Wire

@testable import StoragePostgres

/// What the conformance kit cannot say of every engine.
@Suite("The control store in PostgreSQL", .serialized)
struct PostgresControlStoreTests {
  private let bed: PostgresEngineBed

  init() throws { bed = try PostgresEngineBed() }

  private func with<Result>(
    remembering count: Int64 = 1000, _ body: (PostgresControlStore) async throws -> Result
  ) async throws -> Result {
    let limits = PreparedDatabase.limits
    let context = PostgresContext(
      pool: PostgresPool(try PostgresAddress(bed.database.address), limits: limits),
      threads: try PostgresThreads(for: limits), clock: ManualClock(milliseconds: 0))
    defer {
      context.threads.close()
      context.pool.close()
    }
    return try await body(PostgresControlStore(context, remembered: count))
  }

  private func deployment(_ id: String, settings: [String: String] = [:]) throws -> DeploymentRecord {
    DeploymentRecord(
      id: id, name: "Flights", environment: "testing", appID: "app",
      createdAt: try #require(Instant(secondsSince1970: 100)), passwordHash: [0, 1, 255], settings: settings)
  }

  @Test("remembers so many changes as it is told to, and tells everything to who asks for earlier ones")
  func bound() async throws {
    try await with(remembering: 3) { store in
      for id in ["a", "b", "c", "d", "e"] { try await store.add(try deployment(id)) }
      let contents = try await store.contents()
      #expect(contents.revision == 5)
      #expect(try await store.changes(since: 1) == .everything(contents))
      guard case .some(let changes, let touched) = try await store.changes(since: 2) else {
        Issue.record("three changes were forgotten")
        return
      }
      #expect(changes.map(\.deployment) == ["c", "d", "e"])
      #expect(touched.deployments.map(\.record.id) == ["c", "d", "e"])
    }
  }

  @Test("sets all of several settings or none, and is of the same revision where it sets none")
  func severalSettings() async throws {
    try await with { store in
      try await store.add(try deployment("a", settings: ["label": "A"]))
      try bed.database.run("ALTER TABLE sojourn.settings ADD CONSTRAINT refusal CHECK (key <> 'region')")
      let before = try await store.contents()
      await #expect(throws: StorageError.self) { try await store.set([("label", "B"), ("region", "eu")], of: "a") }
      #expect(try await store.contents() == before)
      try bed.database.run("ALTER TABLE sojourn.settings DROP CONSTRAINT refusal")
      try await store.set([("label", "B"), ("region", "eu")], of: "a")
      #expect(try await store.deployments().map(\.settings) == [["label": "B", "region": "eu"]])
    }
  }

  @Test("says of a change whose commit was not confirmed that it may be stored or not")
  func doubt() async throws {
    try await with { store in
      try await store.add(try deployment("a"))
      // The session ends in the middle of the commit, which then is none; the node cannot know that.
      try bed.database.run(
        """
        CREATE FUNCTION sojourn.farewell() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN PERFORM pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid()); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER farewell AFTER INSERT ON sojourn.changes DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW EXECUTE FUNCTION sojourn.farewell();
        """)
      do {
        try await store.setPassword(hash: [7], of: "a")
        Issue.record("a commit that was none was acknowledged")
      } catch let error as StorageError {
        guard case .outcomeUnknown = error else { throw error }
        #expect(error.sentence.contains("may be done or not"), "\(error.sentence)")
      }
      try bed.database.run("DROP TRIGGER farewell ON sojourn.changes")
      #expect(try await store.deployments().map(\.passwordHash) == [[0, 1, 255]])
      try await store.setPassword(hash: [7], of: "a")
      #expect(try await store.deployments().map(\.passwordHash) == [[7]])
    }
  }

  @Test("says of a name that another node has just taken that it is taken")
  func taken() async throws {
    try await with { store in
      try await store.add(try deployment("a"))
      do {
        try await store.add(try deployment("a"))
        Issue.record("a second deployment of one id was added")
      } catch StorageError.unusable(let sentence) {
        #expect(sentence.hasPrefix("Somebody else has just made one of the same name"))
      }
    }
  }

  @Test("reads while somebody else holds its lock, and refuses a change as busy after five seconds")
  func lock() async throws {
    try await with { store in
      try await store.add(try deployment("a"))
      let other = try PostgresConnection.open(try PostgresAddress(bed.database.address), as: .writer)
      _ = try other.perform {
        $0.add("BEGIN")
        $0.add("SELECT one FROM sojourn.control_head WHERE one = 1 FOR UPDATE")
        // Its rest in a transaction is limited as well.
        $0.add("SET LOCAL idle_in_transaction_session_timeout = 0")
      }
      let change = Task { try await store.setPassword(hash: [7], of: "a") }
      #expect(try await store.contents().deployments.count == 1)
      await #expect(throws: StorageError.busy) { try await change.value }
      try other.rollback()
      try await store.setPassword(hash: [8], of: "a")
      #expect(try await store.deployments().map(\.passwordHash) == [[8]])
    }
  }

  @Test("reads and changes again where its connection was ended meanwhile")
  func lostConnection() async throws {
    try await with { store in
      try await store.add(try deployment("a"))
      try bed.database.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'owner'"
      )
      #expect(try await store.deployments().count == 1)
      try await store.setPassword(hash: [7], of: "a")
    }
  }
}
