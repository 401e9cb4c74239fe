import Attachments

/// The blobs of all deployments in one bucket, each deployment's below its id.
package final class S3BlobEngine: BlobEngine {
  private let client: S3Client
  private let directory: String

  /// Files gather in `directory` before they are sent; it is made where it is missing, and emptied.
  package init(_ client: S3Client, directory: String) throws(BlobFault) {
    self.client = client
    self.directory = directory
    try IntakeFile.prepare(directory)
  }

  package func store(of deployment: String) throws(BlobFault) -> any BlobStore { s3Store(of: deployment) }

  package func intakeDirectory(of deployment: String) throws(BlobFault) -> String { directory }

  /// A bucket may serve several data directories.
  package func deployments() async throws -> [String] { [] }

  package func remove(deployment: String) async throws { try await s3Store(of: deployment).removeAll() }

  private func s3Store(of deployment: String) -> S3BlobStore {
    S3BlobStore(client, prefix: deployment, directory: directory)
  }
}
