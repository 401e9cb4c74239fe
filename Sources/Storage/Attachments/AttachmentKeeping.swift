import Crypto

/// What a deployment's store keeps of attachments beside the objects: which bytes each has, and who needs
/// them. The bytes themselves lie in a blob store.
///
/// 1. A write that links attachments (`WritePlan.attachments`) notes them in its own transaction, with all
///    counts; a step that fails notes nothing.
/// 2. An attachment that nothing links, and a blob that no attachment has, stays until it is swept.
/// 3. What was said to be lost is whole again once a write brings the same bytes.
/// - Throws: `StorageError` throughout.
package protocol AttachmentKeeping: WriteDoor {
  /// Up to `most` blobs that no attachment has had since before this second.
  func unneededBlobs(since second: Int64, most: Int) async throws -> [ContentHash]

  /// Those of these blobs that no attachment has, and that are not known to have been of any.
  func unknownBlobs(among hashes: [ContentHash]) async throws -> [ContentHash]

  /// Up to `most` known blobs behind this one, in the order of their hashes; from the first on for nil.
  func blobs(after hash: ContentHash?, most: Int) async throws -> [BlobRecord]

  /// Holds the counts against what objects hold and attachments have, on one snapshot: up to `most` of each kind
  /// that are wrong. It looks at all objects of models with attachments.
  func recount(most: Int) async throws -> Recount
}

extension AttachmentKeeping {
  /// Notes of blobs whether their bytes are lost. Those that are not known are ignored.
  package func note(_ hashes: [ContentHash], areLost: Bool) async throws {
    if !hashes.isEmpty { _ = try await write(.lost(hashes, areLost)) }
  }

  /// Removes up to `most` attachments that nothing has linked since before this second. The number of
  /// those that went.
  package func sweepAttachments(unlinkedBefore second: Int64, most: Int) async throws -> Int {
    guard case .count(let count) = try await write(.sweep(unlinkedBefore: second, most: most)) else { return 0 }
    return count
  }

  /// Forgets those of these blobs that no attachment has had since before this second, or that were never
  /// known: their bytes may go. The caller sees to it that no write brings them meanwhile.
  package func forgetBlobs(_ hashes: [ContentHash], unneededBefore second: Int64) async throws -> [ContentHash] {
    if hashes.isEmpty { return [] }
    guard case .forgotten(let hashes) = try await write(.forget(hashes, unneededBefore: second)) else { return [] }
    return hashes
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
