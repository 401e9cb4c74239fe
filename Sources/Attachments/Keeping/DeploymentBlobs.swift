import Crypto
import Glibc
import Storage
import Threads
import Wire

/// The bytes of one deployment's attachments: takes them in, and brings them.
package final class DeploymentBlobs: Sendable {
  package let store: any BlobStore
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

  /// Keeps what was taken in where the ledger wants it. The generation under which it lies then goes with the plan
  /// that links it, which says whether it still does (`StorageError.uploadOutdated`).
  /// - Throws: `BlobFault`, `StorageError`.
  package func keep(_ intake: FilledIntake, for ledger: some AttachmentKeeping) async throws -> BlobKey {
    let target = try await ledger.target(for: intake.hash)
    try await store.keep(intake, at: target)
    return BlobKey(intake.hash, generation: target.generation)
  }

  /// The hash of the bytes as they are now.
  /// - Throws: `BlobFault`; `missing` where there are none.
  package func hashNow(of key: BlobKey) async throws -> ContentHash {
    let file = try await store.localFile(of: key)
    return try await threads.runForStorage {
      var status = stat()
      guard fstat(file.number, &status) == 0 else {
        throw BlobFault.unavailable("the blob \(key) cannot be looked at: \(String(cString: strerror(errno)))")
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
  package func picture(of key: BlobKey, _ variant: AttachmentVariant) async -> PictureVariant {
    await variants.file(of: key, variant, in: store)
  }

  /// Removes the bytes, and what was made of them, which is made anew where they have another generation.
  /// - Throws: `BlobFault`.
  package func remove(_ key: BlobKey) async throws {
    try await store.remove(key)
    try await forgetPictures(of: key.hash)
  }

  /// Removes what was made of these bytes.
  /// - Throws: `BlobFault`.
  package func forgetPictures(of hash: ContentHash) async throws { try await variants.remove(hash) }
}
