/// What a snapshot is of: how far the oplog had come, and which data model was in force.
///
/// ```swift
/// let before = try await store.read { try $0.revision() }
/// ```
///
/// Whoever was told one on another node knows by it whether this one has come as far.
package struct Revision: Sendable, Equatable {
  /// Of the last oplog entry that the snapshot contains; 0 where there never was one.
  package var sequence: Int64
  /// Of the data model, as `StoredDataModel.version` counts.
  package var version: Int

  package init(sequence: Int64, version: Int) {
    self.sequence = sequence
    self.version = version
  }
}

extension ObjectStore {
  /// Plans and performs something under the data model in force; where another one was deployed meanwhile, all of it
  /// anew under that one, at most `Replanning.most` times. `body` must have changed nothing when it throws `replan`.
  /// - Parameter isAnew: it was planned once already, and met a deploy.
  /// - Throws: what `body` throws, `StorageError.replan` only where each plan met a deploy.
  package func planning<Result>(
    anew isAnew: Bool = false, _ body: (StoredDataModel) async throws -> Result
  ) async throws -> Result {
    for _ in (isAnew ? 1 : 0)..<Replanning.most {
      do { return try await body(dataModel) } catch StorageError.replan {}
    }
    return try await body(dataModel)
  }
}

package enum Replanning {
  /// How often a request is planned anew before its client is told to come again.
  package static let most = 5
}
