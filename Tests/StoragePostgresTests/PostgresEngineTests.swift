import PostgresUnderTest
import Storage
import StorageUnderTest
import Testing
import Wire

@testable import StoragePostgres

@Suite("The PostgreSQL engine", .serialized)
struct PostgresEngineTests {
  private let clock = ManualClock(milliseconds: 1_359_623_100_000)
  private let id = "0123456789abcdef01234567"

  private func refusal(_ body: () async throws -> Void) async -> String? {
    do {
      try await body()
    } catch StorageError.unusable(let sentence) {
      return sentence
    } catch {
      Issue.record("\(error)")
      return nil
    }
    Issue.record("nothing was refused")
    return nil
  }

  @Test("says how to prepare a database that is not, and to start the later version that wrote another")
  func layouts() async throws {
    let empty = try PostgresCluster.shared().database()
    let absent = await refusal { _ = try PostgresEngine(try PostgresAddress(empty.address), clock: clock) }
    #expect(absent?.contains("sojourn storage init") == true)
    let bed = try PostgresEngineBed()
    try bed.database.run("INSERT INTO sojourn.layout (version) VALUES (1000)")
    let later = await refusal { _ = try bed.node(clock: clock) }
    #expect(later?.contains("1000") == true)
  }

  @Test("takes for strays the schemas of deployments alone, and removes a schema with all in it")
  func strays() async throws {
    let bed = try PostgresEngineBed()
    let engine = try bed.node(clock: clock)
    try bed.database.run(
      """
      CREATE SCHEMA d_\(id) AUTHORIZATION owner; CREATE SCHEMA d_notes; CREATE SCHEMA other;
      SET ROLE owner; CREATE TABLE d_\(id).m1 (n bigint)
      """)
    #expect(try await engine.strays() == [id])
    try await engine.remove(deployment: id)
    #expect(try await engine.strays() == [])
    try await engine.remove(deployment: id)
    await engine.close()
  }

  @Test("refuses reads that have waited too long for their turn, and runs nothing of them")
  func lateReads() async throws {
    let bed = try PostgresEngineBed()
    var options = PostgresOptions()
    // Nobody is that fast.
    options.readingPatience = .zero
    let engine = try PostgresEngine(
      try PostgresAddress(bed.database.address), clock: clock, limits: PreparedDatabase.limits, options: options)
    let model = try PostgresDeployTests.model(1, fields: 1)
    let store = try await engine.create(deployment: id, model: model, by: nil)
    let first = ObjectLookup(store.dataModel.models[0], ObjectID(high: 0, low: 1), versionsOf: [])
    await #expect(throws: StorageError.busy) { try await store.read { _ in Issue.record("it was run") } }
    await #expect(throws: StorageError.busy) {
      try await store.read(beginningWith: first) { _ in Issue.record("it was run") }
    }
    await store.close()
    await engine.close()
  }

  /// Until the connection is closed.
  private func lock(_ model: StoredModel, in bed: PostgresEngineBed) throws -> PostgresConnection {
    let holder = try PostgresConnection.open(try PostgresAddress(bed.database.address), as: .administrator)
    _ = try holder.perform { trip in
      trip.add("BEGIN")
      trip.addOnce("LOCK TABLE d_\(id).m\(model.number) IN ACCESS EXCLUSIVE MODE")
    }
    return holder
  }

  @Test("names the operator's limit where a read of one object takes longer, whether its turn is over by then or not")
  func limitOfPointReads() async throws {
    for patience in [Duration.milliseconds(500), .seconds(60)] {
      let bed = try PostgresEngineBed()
      var options = PostgresOptions()
      (options.secondsPerRead, options.readingPatience) = (1, patience)
      let engine = try PostgresEngine(
        try PostgresAddress(bed.database.address), clock: clock, limits: PreparedDatabase.limits, options: options)
      let store = try await engine.create(deployment: id, model: try PostgresDeployTests.model(1, fields: 1), by: nil)
      let model = store.dataModel.models[0]
      let holder = try lock(model, in: bed)
      let first = ObjectLookup(model, ObjectID(high: 0, low: 1), versionsOf: [])
      // A wait for a lock has a limit of its own, which is five times as long.
      await #expect(throws: StorageError.timeLimit(seconds: 1), "\(patience)") {
        try await store.read(beginningWith: first) { try $0.object(model, first.id) == nil }
      }
      holder.close()
      await store.close()
      await engine.close()
    }
  }

  @Test(
    "reads objects of one model while many reads wait for the table of another, by their trips or by what they ask for")
  func readsBesideALockedTable() async throws {
    let bed = try PostgresEngineBed()
    let engine = try bed.node(clock: clock)
    let store = try await engine.create(deployment: id, model: try PostgresDeployTests.model(3, fields: 1), by: nil)
    let (locked, pointing, free) = (store.dataModel.models[0], store.dataModel.models[1], store.dataModel.models[2])
    for asksForMore in [false, true] {
      let holder = try lock(locked, in: bed)
      let first = ObjectLookup(asksForMore ? pointing : locked, ObjectID(high: 0, low: 1), versionsOf: [])
      try await withThrowingTaskGroup(of: Bool.self) { group in
        // More than lanes, each when the one before it is no longer waited for.
        for _ in 0..<5 {
          group.addTask {
            try await store.read(beginningWith: first) { snapshot in
              _ = try snapshot.object(first.model, first.id)
              return try snapshot.object(locked, first.id) == nil
            }
          }
          try await Task.sleep(for: LookupLanes<Int>.patience + .milliseconds(30))
        }
        let other = ObjectLookup(free, ObjectID(high: 0, low: 2), versionsOf: [])
        #expect(try await store.read(beginningWith: other) { try $0.object(free, other.id) == nil })
        #expect(try waiting(in: bed) == 2, "asks for more: \(asksForMore)")
        holder.close()
        for try await isAbsent in group { #expect(isAbsent) }
      }
    }
    await store.close()
    await engine.close()
  }

  @Test("a read of another model that came with those that wait for a locked table does not wait for a later one")
  func readBehindALockedTable() async throws {
    let bed = try PostgresEngineBed()
    let engine = try bed.node(clock: clock)
    let store = try await engine.create(deployment: id, model: try PostgresDeployTests.model(2, fields: 1), by: nil)
    let (locked, free) = (store.dataModel.models[0], store.dataModel.models[1])
    let holder = try lock(locked, in: bed)
    let lookups = [locked, free].map { ObjectLookup($0, ObjectID(high: 0, low: 1), versionsOf: []) }
    async let waits: Bool = store.read(beginningWith: lookups[0]) { try $0.object(locked, lookups[0].id) == nil }
    // Sooner than by a program of its own, as what comes 50 ms later is another case.
    let end = ContinuousClock.now + .seconds(4)
    while try holder.rows(Self.waitingSQL)[0].integer(0) == 0, ContinuousClock.now < end {
      try await Task.sleep(for: .microseconds(500))
    }
    #expect(try await store.read(beginningWith: lookups[1]) { try $0.object(free, lookups[1].id) == nil })
    #expect(try waiting(in: bed) == 1)
    holder.close()
    #expect(try await waits)
    await store.close()
    await engine.close()
  }

  /// Sessions that wait for a lock.
  private func waiting(in bed: PostgresEngineBed) throws -> Int? {
    Int(try bed.database.run(Self.waitingSQL).filter { $0 != "\n" })
  }

  private static let waitingSQL = """
    SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database
    WHERE datname = current_database() AND NOT granted
    """

  @Test("opens nothing that is not there, and nothing under what is no id of a deployment")
  func absence() async throws {
    let bed = try PostgresEngineBed()
    let engine = try bed.node(clock: clock)
    #expect(await refusal { _ = try await engine.open(deployment: id) }?.contains("no schema d_\(id)") == true)
    for word in ["", "d_x; DROP SCHEMA sojourn", id.uppercased() + "G", String(id.dropLast())] {
      #expect(await refusal { _ = try await engine.open(deployment: word) } != nil)
      #expect(await refusal { try await engine.remove(deployment: word) } != nil)
    }
    await engine.close()
  }

  @Test("names schemas by ids alone", arguments: ["0123456789abcdef01234567": true, "0123456789ABCDEF01234567": false])
  func names(_ id: String, _ isID: Bool) {
    #expect((DeploymentSchema(deployment: id) != nil) == isID)
    #expect(DeploymentSchema(named: "d_\(id)")?.deployment == (isID ? id : nil))
    #expect(DeploymentSchema(named: id) == nil)
  }
}
