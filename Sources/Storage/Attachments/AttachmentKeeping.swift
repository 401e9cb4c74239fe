import Crypto

/// What a deployment's store keeps of attachments beside the objects: which bytes each has, and who needs
/// them. The bytes themselves lie in a blob store.
///
/// 1. A write that links attachments (`WritePlan.attachments`) notes them in its own transaction, with all
///    counts; a step that fails notes nothing.
/// 2. An attachment that nothing links, and a blob that no attachment has, stays until it is swept.
/// 3. What was said to be lost is whole again once a write brings the same bytes.
/// 4. Bytes go in three steps: they are marked (`startRemoving`), taken away, and forgotten. Where another node, or a
///    crash, comes in between, no linked bytes are lost: see `BlobRule`.
/// - Throws: `StorageError` throughout.
package protocol AttachmentKeeping: WriteDoor {
  /// The generation under which an upload of these bytes is to be kept, and whether those that lie there are lost.
  func target(for hash: ContentHash) async throws -> BlobTarget

  /// Up to `most` blobs that no attachment has had since before this second.
  func unneededBlobs(since second: Int64, most: Int) async throws -> [BlobKey]

  /// Up to `most` blobs that are marked: their bytes go, or are gone.
  func blobsBeingRemoved(most: Int) async throws -> [BlobKey]

  /// Those of these blobs that are neither kept nor marked.
  func unknownBlobs(among keys: [BlobKey]) async throws -> [BlobKey]

  /// Up to `most` kept blobs behind this one, in the order of their hashes; from the first on for nil.
  func blobs(after hash: ContentHash?, most: Int) async throws -> [BlobRecord]

  /// Holds the counts against what objects hold and attachments have, on one snapshot: up to `most` of each kind
  /// that are wrong. It looks at all objects of models with attachments.
  func recount(most: Int) async throws -> Recount
}

extension AttachmentKeeping {
  /// Notes of blobs whether their bytes are lost. Those that are not kept are ignored.
  package func note(_ keys: [BlobKey], areLost: Bool) async throws {
    if !keys.isEmpty { _ = try await write(.lost(keys, areLost)) }
  }

  /// Removes up to `most` attachments that nothing has linked since before this second. The number of
  /// those that went.
  package func sweepAttachments(
    unlinkedBefore second: Int64, most: Int, under hold: LeaseHold? = nil
  ) async throws -> Int {
    let step = KeptStep.sweep(unlinkedBefore: second, most: most)
    guard case .count(let count) = try await write(step, under: hold) else { return 0 }
    return count
  }

  /// Marks those of these blobs that no attachment has had since before this second, or ever: their bytes may go.
  package func startRemoving(
    _ keys: [BlobKey], unneededBefore second: Int64, under hold: LeaseHold? = nil
  ) async throws -> [BlobKey] {
    if keys.isEmpty { return [] }
    let step = KeptStep.remove(keys, unneededBefore: second)
    guard case .removing(let keys) = try await write(step, under: hold) else { return [] }
    return keys
  }

  /// Forgets blobs that were marked, once their bytes are gone.
  package func forget(_ keys: [BlobKey], under hold: LeaseHold? = nil) async throws {
    if !keys.isEmpty { _ = try await write(.forget(keys), under: hold) }
  }

  /// Rows that one step mends.
  private static var mostMended: Int { 10_000 }

  /// Mends all counts that are wrong, in transactions for which other writes wait. An attachment that turns
  /// out to be linked by nothing stays for the grace of the sweep, from `second` on.
  package func mendCounts(at second: Int64) async throws {
    while case .count(let count) = try await write(.mend(at: second, most: Self.mostMended)), count == Self.mostMended {
    }
  }
}

/// Where an upload's bytes are to lie.
package struct BlobTarget: Sendable, Equatable {
  package var generation: Int64
  /// Whether what lies there is known to be gone or damaged: it is to be replaced.
  package var isLost: Bool

  package init(generation: Int64, isLost: Bool) {
    self.generation = generation
    self.isLost = isLost
  }
}

extension KeptRows {
  package func target(for hash: ContentHash) -> BlobTarget {
    BlobTarget(generation: generation(of: hash), isLost: blobs[hash]?.isLost ?? false)
  }
}
