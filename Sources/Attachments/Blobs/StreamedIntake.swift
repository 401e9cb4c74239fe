import Storage
import Threads

/// An intake that is filled by a task piece by piece, while the writing blocks threads of its own.
///
/// `@unchecked Sendable` is safe: its calls come one after the other, as its user promises.
package final class StreamedIntake: @unchecked Sendable {
  private let threads: BlockingThreads
  private let directory: String
  private let limit: Int
  private var intake: BlobIntake?

  init(directory: String, limit: Int, threads: BlockingThreads) {
    self.directory = directory
    self.limit = limit
    self.threads = threads
  }

  /// The bytes must stay until it returns.
  /// - Throws: `BlobFault`.
  package func append(_ piece: UnsafeRawBufferPointer) async throws {
    // Raw pointers are not sendable by themselves; what they point to stays while this waits.
    let (address, count) = (UInt(bitPattern: piece.baseAddress), piece.count)
    try await threads.runForStorage { [self] in
      if intake == nil { intake = try BlobIntake(directory: directory, limit: limit) }
      try intake?.append(UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: count))
    }
  }

  /// Puts the bytes on disk and looks at them; also when there were none.
  /// - Throws: `BlobFault`.
  package func finish() async throws -> FilledIntake {
    try await threads.runForStorage { [self] in
      if let filled = intake.take() { return try filled.finish() }
      return try BlobIntake(directory: directory, limit: limit).finish()
    }
  }
}
