/// Where the blobs of all deployments lie, each deployment's apart from the others'.
package protocol BlobEngine: Sendable {
  /// The store of a deployment.
  /// - Throws: `BlobFault` where it cannot be used.
  func store(of deployment: String) throws(BlobFault) -> any BlobStore

  /// A directory of a deployment in which files gather that its store takes over (`BlobIntake`).
  func intakeDirectory(of deployment: String) throws(BlobFault) -> String

  /// The deployments of which something lies here; none where others may keep theirs in the same store, so that
  /// nobody could say whose they are.
  func deployments() async throws -> [String]

  /// Removes everything of a deployment.
  func remove(deployment: String) async throws
}
