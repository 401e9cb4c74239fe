import StorageConformance
import Testing

/// One after the other: each has a database and two nodes' connections.
@Suite("PostgreSQL keeps the contract of storage", .serialized)
struct StoreConformanceTests {
  @Test("conforms", arguments: StorageConformance.cases + StorageConformance.nodes)
  func conforms(to promise: ConformanceCase) async throws {
    let bed = try PostgresBed()
    do {
      try await promise.run(bed)
    } catch {
      await bed.close()
      throw error
    }
    await bed.close()
  }
}
