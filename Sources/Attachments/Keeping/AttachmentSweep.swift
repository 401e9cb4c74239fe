import Storage
import Wire

/// Removes what nobody needs any more: attachments that nothing has linked for a day, then bytes that no
/// attachment has had for a day, then files that never were any attachment's.
///
/// 1. What is to go is marked in the ledger, in a transaction that sees no attachment with these bytes. An upload
///    that comes later is kept under the next generation (`BlobRule`).
/// 2. The bytes of what is marked are taken away.
/// 3. What was marked is forgotten.
///
/// A crash in between leaves marks, and the next sweep goes on with them. One node sweeps at a time: it holds a lease,
/// and each of its writes is refused once another one has it.
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
  /// - Throws: `BlobFault`, `StorageError`; `leaseLost` where another node sweeps.
  package func run() async throws -> Swept {
    let hold = try await store.hold(LeaseName.sweep)
    var swept = Swept()
    while !Task.isCancelled {
      let removed = try await store.sweepAttachments(unlinkedBefore: cutoff, most: Self.rows, under: hold)
      swept.attachments += removed
      if removed < Self.rows { break }
    }
    while !Task.isCancelled {
      let found = try await store.unneededBlobs(since: cutoff, most: Self.rows)
      let marked = try await store.startRemoving(found, unneededBefore: cutoff, under: hold)
      if found.count < Self.rows || marked.isEmpty { break }
    }
    swept.blobs = try await finish(under: hold)
    return swept
  }

  /// Files that are no attachment's: what dry runs of other versions, failed writes and crashes left. It looks
  /// at every file of the deployment; `found` hears of the old ones. Removes them unless it is told not to.
  /// - Throws: `BlobFault`, `StorageError`; `leaseLost` where it is to remove and another node sweeps.
  package func orphans(isRemoving: Bool, _ found: @Sendable ([KeptBlob]) async -> Void = { _ in }) async throws {
    let hold = isRemoving ? try await store.hold(LeaseName.sweep) : nil
    try await blobs.store.list { portion in
      let old = portion.filter { $0.keptAt < cutoff }
      if old.isEmpty { return }
      let unknown = Set(try await store.unknownBlobs(among: old.map(\.key)))
      if unknown.isEmpty { return }
      await found(old.filter { unknown.contains($0.key) })
      if let hold { _ = try await store.startRemoving(Array(unknown), unneededBefore: cutoff, under: hold) }
    }
    if let hold { _ = try await finish(under: hold) }
  }

  /// Takes away and forgets all that is marked. How many that were.
  private func finish(under hold: LeaseHold) async throws -> Int {
    var count = 0
    while !Task.isCancelled {
      let keys = try await store.blobsBeingRemoved(most: Self.rows)
      for key in keys { try await blobs.remove(key) }
      try await store.forget(keys, under: hold)
      count += keys.count
      if keys.count < Self.rows { break }
    }
    return count
  }
}
