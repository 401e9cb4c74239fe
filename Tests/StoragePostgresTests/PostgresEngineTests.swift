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
