import Crypto
import Glibc
import Storage
import Threads
import Wire

/// The bytes of one deployment's attachments: takes them in, and brings them.
package final class DeploymentBlobs: Sendable {
  package let store: any BlobStore
  package let holds = BlobHolds()
  /// Bytes that one attachment may have.
  package let limit: Int
  private let intakeDirectory: String
  private let threads: BlockingThreads
  private let variants: PictureVariants

  init(
    store: any BlobStore, intakeDirectory: String, threads: BlockingThreads, variants: PictureVariants, limit: Int
  ) {
    self.variants = variants
    self.store = store
    self.intakeDirectory = intakeDirectory
    self.threads = threads
    self.limit = limit
  }

  /// Takes in what `source` hands out, piece by piece, and looks at it. It is on disk, and kept nowhere yet.
  /// - Throws: `BlobFault`, and what `source` throws.
  package func takeIn(
    _ source: @Sendable @escaping (_ piece: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) async throws -> FilledIntake {
    try await threads.runForStorage { [intakeDirectory, limit] in
      var intake = try BlobIntake(directory: intakeDirectory, limit: limit)
      try source { try intake.append($0) }
      return try intake.finish()
    }
  }

  /// The same for bytes that come piece by piece, in a task.
  package func streamedIntake() -> StreamedIntake {
    StreamedIntake(directory: intakeDirectory, limit: limit, threads: threads)
  }

  /// The hash of the bytes as they are now.
  /// - Throws: `BlobFault`; `missing` where there are none.
  package func hashNow(of hash: ContentHash) async throws -> ContentHash {
    let file = try await store.localFile(of: hash)
    return try await threads.runForStorage {
      var status = stat()
      guard fstat(file.number, &status) == 0 else {
        throw BlobFault.unavailable("the blob \(hash) cannot be looked at: \(String(cString: strerror(errno)))")
      }
      var found = SHA256()
      try FileSource(descriptor: file.number, count: Int(status.st_size)).walk { piece in
        found.update(piece)
        return true
      }
      return ContentHash(finishing: found)
    }
  }

  /// A picture made smaller, when it is first asked for.
  package func picture(of hash: ContentHash, _ variant: AttachmentVariant) async -> PictureVariant {
    await variants.file(of: hash, variant, in: store)
  }

  /// Removes the bytes, and what was made of them.
  /// - Throws: `BlobFault`.
  package func remove(_ hash: ContentHash) async throws {
    try await store.remove(hash)
    try await variants.remove(hash)
  }
}
