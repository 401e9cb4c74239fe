import QueryLanguage
import Storage

/// One random set of objects under one data model after the other, searched for many texts as `search.json` reads
/// them, and held to the plain reading of api.md (`PlainSearch`).
package struct SearchProof: Sendable {
  package let seed: UInt64
  /// Under each data model half of them come right after the deploy, and half after more writes.
  package static let searchesUnderModel = 40

  package init(seed: UInt64) { self.seed = seed }

  /// - Returns: how many searches were compared.
  /// - Throws: `ConformanceFailure` with the search that differs.
  package func run(on bed: any StorageBed) async throws -> Int {
    var random = RandomTexts(seed: seed)
    var compared = 0
    try await Scene.with(bed, RandomTexts.xml()) { scene in
      for xml in RandomTexts.models() {
        try await write(30, &random, in: scene)
        try await scene.deploy(xml)
        compared += try await search(&random, in: scene)
        try await write(10, &random, in: scene)
        compared += try await search(&random, in: scene)
      }
    }
    return compared
  }

  private func write(_ count: Int, _ random: inout RandomTexts, in scene: Scene) async throws {
    let model = try scene.model("note")
    try await scene.write(random.steps(model, on: try await scene.all(model), count: count))
  }

  private func search(_ random: inout RandomTexts, in scene: Scene) async throws -> Int {
    let model = try scene.model("note")
    let count = Self.searchesUnderModel / 2
    // Half of them as somebody asks who may not look into fields that have held passwords.
    for seesMasked in [true, false] {
      let search = PlainSearch(model: model, seesMasked: seesMasked) {
        try TextSearch.predicate(for: $0, on: model, seesMasked: seesMasked)
      }
      try await StorageConformance.check(&random, in: scene, search, searches: count / 2)
    }
    return count
  }
}
