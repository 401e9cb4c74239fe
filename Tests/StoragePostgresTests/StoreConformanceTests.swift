import StorageConformance
import Testing

/// One after the other: each has a database and two nodes' connections.
@Suite("PostgreSQL keeps the contract of storage", .serialized)
struct StoreConformanceTests {
  /// What does not pass yet, with the reason. A case that passes all the same fails, so that the list only shrinks.
  private static let notYet: [String: String] = [:]

  @Test("conforms", arguments: StorageConformance.cases + StorageConformance.nodes)
  func conforms(to promise: ConformanceCase) async throws {
    let bed = try PostgresBed()
    let reason = Self.notYet[promise.description]
    do {
      guard let reason else {
        try await promise.run(bed)
        return await bed.close()
      }
      await withKnownIssue("\(reason)") { try await promise.run(bed) }
    } catch {
      await bed.close()
      throw error
    }
    await bed.close()
  }

  @Test("has no case on the list of those that do not pass which is no case any more")
  func list() {
    let cases = StorageConformance.cases + StorageConformance.nodes
    #expect(Set(Self.notYet.keys).isSubset(of: cases.map(\.description)))
  }
}
