/// The state versions of all models of a deployment after one commit, as `Snapshot.stateVersion` says them.
package struct StateVersions: Sendable, Equatable {
  /// By the models' numbers.
  private let versions: [Int: Int]

  package init(_ versions: [Int: Int]) { self.versions = versions }

  /// 0 of a model of which nothing was ever written.
  package subscript(model: StoredModel) -> Int { versions[model.number] ?? 0 }
}
