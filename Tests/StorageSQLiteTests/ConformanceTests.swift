import StorageConformance
import Testing

@Suite("SQLite keeps the contract of storage")
struct ConformanceTests {
  @Test("conforms", arguments: StorageConformance.cases)
  func conforms(to promise: ConformanceCase) async throws {
    try await promise.run(try SQLiteBed())
  }
}

@Suite("SQLite keeps the contract of storage at two nodes")
struct NodeConformanceTests {
  @Test("conforms", arguments: StorageConformance.nodes)
  func conforms(to promise: ConformanceCase) async throws {
    try await promise.run(try SQLiteBed())
  }
}

@Suite("SQLite keeps the contract of engines and control stores")
struct EngineConformanceTests {
  @Test("conforms", arguments: StorageConformance.engineCases)
  func conforms(to promise: EngineCase) async throws {
    try await promise.run(try SQLiteEngineBed())
  }
}
