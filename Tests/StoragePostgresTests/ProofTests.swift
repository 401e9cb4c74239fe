import StorageConformance
import StorageUnderTest
import Testing

/// The proofs of the query language, of which the ordinary run does a part.
@Suite("Expressions and searches on PostgreSQL", .serialized)
struct ProofTests {
  @Test("mean what the specification says in random data models, objects and queries")
  func expressions() async throws {
    let compared = try await proof(seeds: TestStorage.isWhole ? 50 : 6) {
      try await ExpressionProof(seed: $0).run(on: $1)
    }
    print("Expressions, PostgreSQL: \(compared) random queries, 0 differences.")
    #expect(compared >= (TestStorage.isWhole ? 20_000 : 2500))
  }

  @Test("find what the specification says in random data models, objects and texts")
  func searches() async throws {
    let compared = try await proof(seeds: TestStorage.isWhole ? 20 : 2) { try await SearchProof(seed: $0).run(on: $1) }
    print("Searches, PostgreSQL: \(compared) random texts, 0 differences.")
    #expect(compared >= (TestStorage.isWhole ? 4000 : 400))
  }

  private func proof(
    seeds: UInt64, _ run: (UInt64, PostgresBed) async throws -> Int
  ) async throws -> Int {
    var compared = 0
    for seed in 1...seeds {
      let bed = try PostgresBed()
      do {
        compared += try await run(seed, bed)
      } catch {
        await bed.close()
        throw error
      }
      await bed.close()
    }
    return compared
  }
}
