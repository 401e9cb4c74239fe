import StorageConformance
import Testing

@Suite("Expressions mean what the specification says")
struct ExpressionProofTests {
  @Test("in more than 20,000 random data models, objects and queries")
  func proof() async throws {
    var compared = 0
    for seed in UInt64(1)...50 { compared += try await ExpressionProof(seed: seed).run(on: try SQLiteBed()) }
    print("Expressions, SQLite: \(compared) random queries, 0 differences.")
    #expect(compared >= 20_000)
  }
}
