import StorageConformance
import Testing

@Suite("SQLite keeps the contract of storage")
struct ConformanceTests {
  @Test("conforms", arguments: StorageConformance.cases)
  func conforms(to promise: ConformanceCase) async throws {
    try await promise.run(try SQLiteBed())
  }
}
