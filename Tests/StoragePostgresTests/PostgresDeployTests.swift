import DataModel
import PostgresUnderTest
import Storage
import Testing
import Wire

@testable import StoragePostgres

/// Deploys beside other sessions of the database, which the kit knows nothing of.
@Suite("A deploy on PostgreSQL", .serialized)
struct PostgresDeployTests {
  /// So many models, each with so many fields.
  static func model(_ count: Int, fields: Int, indexes: String = "") throws -> DataModel {
    let members = (0..<fields).map { "<field name=\"f\($0)\" label=\"F\" type=\"integer\"/>" }.joined()
    let models = (0..<count).map {
      "<model name=\"t\($0)\" label=\"A\">\(members)<display>A</display>\(indexes)</model>"
    }
    return try #require(DataModelReader.read(Array("<data-model>\(models.joined())</data-model>".utf8)).model)
  }

  private static let schema = "d_\(PostgresBed.deployment)"

  /// Runs `body` on a new store and closes it.
  private static func with(
    _ model: DataModel, _ body: (PostgresBed, any ObjectStore) async throws -> Void
  ) async throws {
    let bed = try PostgresBed()
    let store = try await bed.create(model, clock: ManualClock(), waitingWrites: nil)
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body(bed, store)) } catch { outcome = .failure(error) }
    await store.close()
    await bed.close()
    try outcome.get()
  }

  static func wait(_ what: String, until isSo: () async throws -> Bool) async throws {
    for _ in 0..<2000 {
      if try await isSo() { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("\(what) never happened")
  }

  static func create(_ number: UInt64, _ model: StoredModel) -> WritePlan {
    let values = [StoredValue](repeating: .integer(Int64(number)), count: model.columns.count)
    return WritePlan(steps: [.create(model, ObjectID(high: 1, low: number), values)], origin: "password")
  }

  private static func fill(_ store: any ObjectStore) async throws {
    let model = try #require(store.dataModel["t0"])
    for part in 0..<6 as Range<UInt64> {
      let steps = (0..<1000 as Range<UInt64>).flatMap { create(part * 1000 + $0, model).steps }
      _ = try await store.write(WritePlan(steps: steps, origin: "password"))
    }
  }

  private static func arePending(_ store: any ObjectStore) async throws -> Bool {
    try await store.indexes().flatMap(\.indexes).contains { $0.status == .pending }
  }

  // MARK: Beside other deploys.

  @Test("beside others at two nodes: each is in the history, and all of their columns are there once")
  func together() async throws {
    try await Self.with(try Self.model(7, fields: 1)) { bed, here in
      let there = try await bed.secondNode(clock: ManualClock())
      let models = try [(12, 4), (3, 9), (7, 6), (9, 2)].map { try Self.model($0.0, fields: $0.1) }
      let versions = try await withThrowingTaskGroup(of: Int.self) { group in
        for (index, model) in models.enumerated() {
          group.addTask { try await (index % 2 == 0 ? here : there).deploy(model, by: nil).version }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(versions.sorted() == [2, 3, 4, 5])
      #expect(try await there.deploys().map(\.version) == [5, 4, 3, 2, 1])
      // The one in force is that of the highest version, with tables that hold what it declares.
      let hash = try await here.deploys()[0].hash
      let last = try #require(models.first { $0.hash == hash })
      let stored = try await here.deploy(last, by: nil)
      for (index, model) in stored.models.enumerated() {
        _ = try await here.write(Self.create(UInt64(index), model))
      }
      let doubles = try bed.database.run(
        "SELECT model FROM \(Self.schema).columns GROUP BY model, name HAVING count(*) > 1")
      #expect(doubles == "")
      // Every column that has a number is there, and the other way round.
      let differing = try bed.database.run(
        """
        SELECT count(*) FROM (SELECT 'm' || model AS t, 'c' || number AS c FROM \(Self.schema).columns) AS noted
        FULL JOIN (
          SELECT r.relname::text AS t, a.attname::text AS c FROM pg_attribute AS a JOIN pg_class AS r ON r.oid = a.attrelid
          WHERE r.relnamespace = '\(Self.schema)'::regnamespace AND r.relkind = 'r' AND r.relname ~ '^m[0-9]+$'
            AND a.attname ~ '^c[0-9]+$') AS made USING (t, c) WHERE noted IS NULL OR made IS NULL
        """)
      #expect(differing == "0\n")
      await there.close()
    }
  }

  // MARK: Beside sessions that hold tables.

  @Test("waits for who reads a table, and lets all others read and write meanwhile")
  func besideReader() async throws {
    // another session   | the deploy                    | reads and writes
    // BEGIN, reads m1   |                               |
    //                   | would add a column: gives way | go on
    // COMMIT            |                               |
    //                   | adds it, and is done          | go on
    try await Self.with(try Self.model(8, fields: 1)) { bed, store in
      let before = try #require(store.dataModel["t0"])
      let held = try PostgresConnection.open(try PostgresAddress(bed.database.address), as: .administrator)
      defer { held.close() }
      try held.run("BEGIN")
      try held.run("SELECT FROM \(Self.schema).m\(before.number)")
      let next = try Self.model(8, fields: 2)
      let deploying = Task { try await store.deploy(next, by: nil).version }
      var slowest = Duration.zero
      let end = ContinuousClock.now + .milliseconds(700)
      var number: UInt64 = 0
      while .now < end {
        let began = ContinuousClock.now
        number += 1
        _ = try await store.write(Self.create(number, before))
        let count = try await store.read { try $0.count(before, .notEqual(.column(0), .integer(-1))) }
        #expect(count == Int(number))
        slowest = max(slowest, ContinuousClock.now - began)
      }
      #expect(store.dataModel.version == 1)
      // What waits for a lock that waits for the held session would have taken all of it.
      #expect(slowest < .milliseconds(500), "a write and a read took \(slowest)")
      try held.run("COMMIT")
      #expect(try await deploying.value == 2)
      let after = try #require(store.dataModel["t0"])
      #expect(after.columns.count == 2)
      let found = try await store.read { try $0.count(after, .isNull(.column(1))) }
      #expect(found == Int(number))
    }
  }

  @Test("gives up after its time, and says whose session stood in the way; nothing of it is in force")
  func blocked() async throws {
    try await Self.with(try Self.model(8, fields: 1)) { bed, store in
      let postgres = try #require(store as? PostgresObjectStore)
      let model = try #require(store.dataModel["t3"])
      let held = try PostgresConnection.open(try PostgresAddress(bed.database.address), as: .administrator)
      defer { held.close() }
      let process = try held.rows("SELECT pg_catalog.pg_backend_pid()::bigint")[0].integer(0)
      try held.run("BEGIN")
      try held.run("SELECT FROM \(Self.schema).m\(model.number)")
      let next = try Self.model(8, fields: 2)
      let run = DeployRun(
        deployment: postgres.deployment, model: next, terms: DeployTerms(), patience: .milliseconds(300))
      let refusal = await #expect(throws: StorageError.self) {
        try await postgres.deployment.context.threads.working.runForStorage { try run.perform() }
      }
      guard case .unusable(let sentence)? = refusal else {
        return #expect(Bool(false), "it was \(String(describing: refusal))")
      }
      #expect(sentence.contains("t3") && sentence.contains("process \(process) of owner"), "\(sentence)")
      #expect(try await store.deploys().map(\.version) == [1])
      _ = try await store.write(Self.create(1, model))
      // What it had made by then is in nobody's way.
      try held.run("COMMIT")
      let stored = try await store.deploy(next, by: nil)
      #expect(stored.version == 2)
      for (index, model) in stored.models.enumerated() {
        #expect(model.columns.count == 2)
        _ = try await store.write(Self.create(10 + UInt64(index), model))
      }
    }
  }

  // MARK: Indexes.

  @Test("drops and builds anew an index that a building which was cut off has left")
  func brokenIndex() async throws {
    try await Self.with(try Self.model(1, fields: 1)) { bed, store in
      try await Self.fill(store)
      _ = try await store.deploy(try Self.model(1, fields: 1, indexes: "<index on=\"-f0\"/>"), by: nil)
      try await Self.wait("the index") { try await !Self.arePending(store) }
      let name = try bed.database.run(
        "SELECT relname FROM pg_class WHERE relnamespace = '\(Self.schema)'::regnamespace AND relname ~ '^m[0-9]+_i_'")
      let index = "'\(Self.schema).\(name.dropLast())'::regclass"
      try bed.database.run("UPDATE pg_index SET indisvalid = false WHERE indexrelid = \(index)")
      let old = try bed.database.run("SELECT \(index)::oid")
      #expect(try await Self.arePending(store))
      #expect(try await store.pendingIndexes().map(\.objects) == [6000])
      let second = try await bed.secondNode(clock: ManualClock())
      try await Self.wait("the index again") { try await !Self.arePending(second) }
      #expect(try bed.database.run("SELECT \(index)::oid") != old)
      #expect(try bed.database.run("SELECT indisvalid FROM pg_index WHERE indexrelid = \(index)") == "t\n")
      await second.close()
    }
  }

  private static let building = "datname = current_database() AND query LIKE 'CREATE INDEX CONCURRENTLY%'"

  /// An index that waits for who wrote the table before it began.
  /// - Returns: that one's session.
  private static func holdUpIndex(_ bed: PostgresBed, _ store: any ObjectStore) async throws -> PostgresConnection {
    try await fill(store)
    let model = try #require(store.dataModel["t0"])
    let held = try PostgresConnection.open(try PostgresAddress(bed.database.address), as: .administrator)
    try held.run("SET idle_in_transaction_session_timeout = 0")
    try held.run("BEGIN")
    try held.run("UPDATE \(schema).m\(model.number) SET updated_at = updated_at WHERE n = 1")
    _ = try await store.deploy(try Self.model(1, fields: 1, indexes: "<index on=\"-f0\"/>"), by: nil)
    try await wait("the building") {
      try bed.database.run("SELECT count(*) FROM pg_stat_activity WHERE \(building)") == "1\n"
    }
    return held
  }

  @Test(
    "ends an index that waits for somebody else when the node stops, and goes on at the next start",
    .timeLimit(.minutes(2)))
  func stoppedIndex() async throws {
    try await Self.with(try Self.model(1, fields: 1)) { bed, store in
      let held = try await Self.holdUpIndex(bed, store)
      defer { held.close() }
      let second = try await bed.secondNode(clock: ManualClock())
      // It would wait as long as the other session does, which ends below.
      await store.close()
      #expect(held.isInTransaction)
      try held.run("ROLLBACK")
      try await Self.wait("the index") { try await !Self.arePending(second) }
      await second.close()
    }
  }

  @Test("goes on at the next start with an index whose session ended while it built")
  func cutOffIndex() async throws {
    try await Self.with(try Self.model(1, fields: 1)) { bed, store in
      let held = try await Self.holdUpIndex(bed, store)
      defer { held.close() }
      // Others go on, also where they write.
      let after = try #require(store.dataModel["t0"])
      _ = try await store.write(Self.create(10_000, after))
      try bed.database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE \(Self.building)")
      try held.run("ROLLBACK")
      let second = try await bed.secondNode(clock: ManualClock())
      try await Self.wait("the index") { try await !Self.arePending(second) }
      let highest = ReadPlan(model: after, sort: [SortKey(column: .column(0), descending: true)], limit: 1)
      let found = try await second.read { snapshot in
        var values: [StoredValue] = []
        try snapshot.list(highest) { values.append($0.value(0, RowPage.Lead.count)) }
        return values
      }
      #expect(found == [.integer(10_000)])
      await second.close()
    }
  }
}
