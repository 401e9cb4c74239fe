import DataModel
import PostgresUnderTest
import Storage
import StoragePostgres
import StorageUnderTest
import Testing
import Wire

@Suite("A deployment with more tables than the server has locks for at once")
struct ManyModelsTests {
  @Test("is made, changed and removed")
  func manyModels() async throws {
    // 600 locks for all sessions: the tables below take three times as many.
    let cluster = try PostgresCluster(settings: ["max_locks_per_transaction = 10"])
    defer { try? cluster.stop() }
    let database = try cluster.database()
    let connection = try PostgresConnection.open(try PostgresAddress(database.address), as: .administrator)
    _ = try PostgresLayout(connection).initialize()
    connection.close()
    let engine = try PostgresEngine(
      try PostgresAddress(database.address), clock: ManualClock(), limits: PreparedDatabase.limits)
    let store = try await engine.create(
      deployment: PostgresBed.deployment, model: try PostgresDeployTests.model(350, fields: 1), by: nil)
    let stored = try await store.deploy(
      try PostgresDeployTests.model(360, fields: 2, indexes: "<index on=\"f0\"/>"), by: nil)
    #expect(stored.version == 2 && stored.models.count == 360)
    for model in [stored.models[0], stored.models[359]] {
      let outcome = try await store.write(PostgresDeployTests.create(UInt64(model.number), model))
      #expect(outcome.steps.count { $0.isFailure } == 0)
    }
    await store.close()
    try await engine.remove(deployment: PostgresBed.deployment)
    #expect(try await engine.strays() == [])
    await engine.close()
  }
}
