import Attachments
import Wire

/// The blobs of all deployments in one bucket, each deployment's under its id.
package final class S3BlobEngine: BlobEngine {
  private let client: S3Client
  private let directory: String

  /// In `directory` files gather before they are sent, and those that are fetched for a look.
  package init(_ client: S3Client, directory: String) {
    self.client = client
    self.directory = directory
  }

  package func store(of deployment: String) -> any BlobStore {
    S3BlobStore(client, prefix: deployment, directory: directory)
  }

  package func intakeDirectory(of deployment: String) -> String { directory }

  package func remove(deployment: String) async throws {
    let store = store(of: deployment)
    try await store.list { portion in
      for blob in portion { try await store.remove(blob.hash) }
    }
  }
}
