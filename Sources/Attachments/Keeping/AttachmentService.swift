import Threads

// One attachment
//
// 1. Coming in. A raw upload's verdict is `.stream`: `BodyStream.swift` gathers 256 KiB, hands them to the
//    `BodyReceiver` in a task, and suspends the connection until they are written. So a client is read as fast as
//    the disk takes it, and a gigabyte costs as much memory as a megabyte. `BlobIntake.swift` hashes and writes
//    them into a temporary file and looks at what they are.
// 2. Being kept. `BlobStore` is the contract: when `keep` returns, the bytes survive a power cut under their hash.
//    `LocalBlobStore` renames the synced file; `S3BlobStore.swift` sends it, signed by `SignatureV4.swift`. Both
//    are held to `BlobStoreConformance.swift`.
// 3. Going out. A file is sent by the kernel (`Response.Body.file`), several ranges of it by `PartsReader.swift`;
//    what lies in an object store is a redirect.
// 4. Smaller pictures. `PictureVariants.swift` makes each once, by starting the server's own binary as `sojourn
//    picture` (`PictureJob.swift`): that process limits itself, loads libvips and reads the picture. The server
//    never does either.

/// The attachments' bytes of all deployments of a server, and the signatures of their addresses.
package final class AttachmentService: Sendable {
  /// What one attachment may have while nothing else is set.
  package static let usualLimit = 5 << 30

  package let signature: AttachmentSignature
  private let engine: any BlobEngine
  private let threads: BlockingThreads
  private let variants: PictureVariants
  private let limit: Int

  /// `key` signs addresses; `limit` is in bytes. Files are taken in on `threads`.
  package init(
    engine: any BlobEngine, key: [UInt8], variants: PictureVariants, threads: BlockingThreads,
    limit: Int = AttachmentService.usualLimit
  ) {
    self.variants = variants
    self.engine = engine
    self.signature = AttachmentSignature(key: key)
    self.threads = threads
    self.limit = limit
  }

  /// To be made once for each deployment: what is held in one is not held in another.
  /// - Throws: `BlobFault` where the deployment's store cannot be used.
  package func blobs(of deployment: String) throws(BlobFault) -> DeploymentBlobs {
    DeploymentBlobs(
      store: try engine.store(of: deployment), intakeDirectory: try engine.intakeDirectory(of: deployment),
      threads: threads, variants: variants, limit: limit)
  }

  /// The deployments whose bytes lie here, as far as the store is this server's alone.
  package func deployments() async throws -> [String] { try await engine.deployments() }

  /// Removes all bytes of a deployment that was deleted.
  package func remove(deployment: String) async throws {
    try await engine.remove(deployment: deployment)
  }

  package func close() {
    variants.close()
    threads.close()
  }
}
