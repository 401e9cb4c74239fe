import Crypto
import Storage
import Wire

/// Removes what nobody needs any more: attachments that nothing has linked for a day, then bytes that no
/// attachment has had for a day, then files that never were any attachment's.
///
/// Bytes on their way into an attachment are never removed: `BlobHolds` keeps them while a write of this
/// process brings them, and the grace covers whatever else writes to the same store.
package struct AttachmentSweep: Sendable {
  /// Seconds for which everything stays.
  package static let grace: Int64 = 86_400
  /// Rows that one transaction removes: a few milliseconds.
  private static let rows = 500

  private let store: any AttachmentKeeping
  private let blobs: DeploymentBlobs
  private let cutoff: Int64

  package init(_ store: any AttachmentKeeping, _ blobs: DeploymentBlobs, at now: Instant) {
    self.store = store
    self.blobs = blobs
    cutoff = now.secondsSince1970 - Self.grace
  }

  package struct Swept: Sendable, Equatable {
    package var attachments = 0
    package var blobs = 0

    package init(attachments: Int = 0, blobs: Int = 0) {
      self.attachments = attachments
      self.blobs = blobs
    }
  }

  /// What nobody needs by the counts.
  /// - Throws: `StorageError`, `BlobFault`.
  package func run() async throws -> Swept {
    var swept = Swept()
    while !Task.isCancelled {
      let removed = try await store.sweepAttachments(unlinkedBefore: cutoff, most: Self.rows)
      swept.attachments += removed
      if removed < Self.rows { break }
    }
    while !Task.isCancelled {
      let found = try await store.unneededBlobs(since: cutoff, most: Self.rows)
      let removed = try await remove(found)
      swept.blobs += removed
      // Those that are held come again another time.
      if found.count < Self.rows || removed == 0 { break }
    }
    return swept
  }

  /// Files that are no attachment's: what dry runs of other versions, failed writes and crashes left. It looks
  /// at every file of the deployment; `found` hears of the old ones. Removes them unless it is told not to.
  /// - Throws: `StorageError`, `BlobFault`.
  package func orphans(isRemoving: Bool, _ found: @Sendable ([KeptBlob]) async -> Void = { _ in }) async throws {
    try await blobs.store.list { portion in
      let old = portion.filter { $0.keptAt < cutoff }
      if old.isEmpty { return }
      let unknown = Set(try await store.unknownBlobs(among: old.map(\.hash)))
      if unknown.isEmpty { return }
      await found(old.filter { unknown.contains($0.hash) })
      if isRemoving { _ = try await remove(Array(unknown)) }
    }
  }

  /// First the rows, then the bytes: a crash in between leaves a file that is no attachment's.
  private func remove(_ hashes: [ContentHash]) async throws -> Int {
    try await blobs.holds.removing(hashes) { free in
      let forgotten = try await store.forgetBlobs(free, unneededBefore: cutoff)
      for hash in forgotten { try await blobs.remove(hash) }
      return forgotten.count
    }
  }
}
