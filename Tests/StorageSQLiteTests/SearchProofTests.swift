import StorageConformance
import Testing

@Suite("Searches find what the specification says")
struct SearchProofTests {
  @Test("in more than 4,000 random data models, objects and texts")
  func proof() async throws {
    var compared = 0
    for seed in UInt64(1)...20 { compared += try await SearchProof(seed: seed).run(on: try SQLiteBed()) }
    print("Searches, SQLite: \(compared) random texts, 0 differences.")
    #expect(compared >= 4000)
  }
}
