import Crypto
import Storage
import Synchronization
import Threads
import Wire

/// The smaller pictures of pictures (api.md section 10): made when first asked for, each in a process of
/// its own (`PictureJob`), and kept as files.
///
///     switch await variants.file(of: key, .thumbnail, in: store) { … }
///
/// 1. At most `most` are made at once and `waiting` wait; beyond, the answer is `busy`.
/// 2. Whoever asks for one that is being made waits for that one.
/// 3. A picture that was refused is not tried again for a day.
/// 4. No picture is ever read by this process.
package final class PictureVariants: Sendable {
  private struct Key: Hashable {
    let hash: ContentHash
    let variant: AttachmentVariant
  }

  private let files: VariantFiles
  private let job: PictureJob
  private let clock: any WallClock
  private let threads: BlockingThreads
  private let makers: BlockingThreads
  private let underWay = Mutex<[Key: Task<PictureVariant, Never>]>([:])

  /// Makes the directory where it is missing. `threads` open what is there; those that make more are
  /// started here and ended by `close`.
  /// - Throws: `BlobFault`, `StorageError`.
  package init(
    directory: String, job: PictureJob, clock: any WallClock, threads: BlockingThreads, most: Int = 2,
    waiting: Int = 64
  ) throws {
    self.files = try VariantFiles(directory: directory)
    self.job = job
    self.clock = clock
    self.threads = threads
    self.makers = try BlockingThreads.forStorage(count: most, waiting: waiting)
  }

  /// `variant` is one that has a `side`.
  package func file(
    of blob: BlobKey, _ variant: AttachmentVariant, in store: any BlobStore
  ) async -> PictureVariant {
    guard let side = variant.side else { return .refused }
    do {
      if let known = try await known(blob.hash, variant) { return known }
    } catch { return Self.outcome(of: error) }
    let key = Key(hash: blob.hash, variant: variant)
    let task = underWay.withLock { tasks in
      if let task = tasks[key] { return task }
      let task = Task {
        let outcome = await make(blob, variant, side, store)
        underWay.withLock { $0[key] = nil }
        return outcome
      }
      tasks[key] = task
      return task
    }
    // Those who share the file share its descriptor: each read names its offset.
    return await task.value
  }

  /// Forgets what was made of bytes that are being removed.
  package func remove(_ hash: ContentHash) async throws {
    try await threads.runForStorage { [files] in files.remove(hash) }
  }

  /// Lets what is being made come to its end.
  package func close() { makers.close() }

  private func known(_ hash: ContentHash, _ variant: AttachmentVariant) async throws -> PictureVariant? {
    let now = clock.now
    return try await threads.runForStorage { [files] in files.known(hash, variant, at: now) }
  }

  private func make(
    _ blob: BlobKey, _ variant: AttachmentVariant, _ side: Int, _ store: any BlobStore
  ) async -> PictureVariant {
    do {
      // It may have been made between the look and the task.
      if let known = try await known(blob.hash, variant) { return known }
      let picture = try await store.localFile(of: blob)
      return try await makers.runForStorage { [files, job] in
        try files.make(blob.hash, variant, side: side, from: picture, by: job)
      }
    } catch { return Self.outcome(of: error) }
  }

  private static func outcome(of error: any Error) -> PictureVariant {
    switch error {
    case BlobFault.missing: .missing
    case BlobFault.unavailable(let why): .unavailable(why)
    case StorageError.busy: .busy
    case StorageError.closed, BlobFault.closed: .unavailable("the server is shutting down")
    default: .unavailable("\(error)")
    }
  }
}
