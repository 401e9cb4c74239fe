import Storage
import Wire

/// The bytes of one deployment's attachments: takes them in, and brings them.
package final class DeploymentBlobs: Sendable {
  package let store: any BlobStore
  package let holds = BlobHolds()
  /// Bytes that one attachment may have.
  package let limit: Int
  private let intakeDirectory: String
  private let threads: BlockingThreads

  init(store: any BlobStore, intakeDirectory: String, threads: BlockingThreads, limit: Int) {
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
    try await threads.run { [intakeDirectory, limit] in
      var intake = try BlobIntake(directory: intakeDirectory, limit: limit)
      try source { try intake.append($0) }
      return try intake.finish()
    }
  }

  /// The same for bytes that come piece by piece, in a task.
  package func streamedIntake() -> StreamedIntake {
    StreamedIntake(directory: intakeDirectory, limit: limit, threads: threads)
  }

  /// The hash of the bytes as they are now; nil where the store does not hand them to this process.
  /// - Throws: `BlobFault`; `missing` where there are none.
  package func hashNow(of hash: ContentHash) async throws -> ContentHash? {
    guard case .file(let file, let size) = try await store.content(of: hash) else { return nil }
    return try await threads.run {
      var found = SHA256()
      try FileSource(descriptor: file.number, count: size).walk { piece in
        found.update(piece)
        return true
      }
      return ContentHash(finishing: found)
    }
  }
}
