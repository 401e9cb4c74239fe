import Crypto
import Storage

extension SQLiteObjectStore {
  package func note(_ hashes: [ContentHash], areLost: Bool) async throws {
    if hashes.isEmpty { return }
    try await changeLedger { ledger in
      for hash in hashes { try ledger.note(hash, isLost: areLost) }
    }
  }

  package func unknownBlobs(among hashes: [ContentHash]) async throws -> [ContentHash] {
    try await fromRows { rows in try hashes.filter { try !rows.isKnown($0) } }
  }

  package func sweepAttachments(unlinkedBefore second: Int64, most: Int) async throws -> Int {
    try await changeLedger { try $0.sweep(unlinkedBefore: second, most: most) }
  }

  package func unneededBlobs(since second: Int64, most: Int) async throws -> [ContentHash] {
    try await fromRows { try $0.unneeded(since: second, most: most) }
  }

  package func forgetBlobs(_ hashes: [ContentHash], unneededBefore second: Int64) async throws -> [ContentHash] {
    if hashes.isEmpty { return [] }
    return try await changeLedger { try $0.forget(hashes, unneededBefore: second) }
  }

  package func blobs(after hash: ContentHash?, most: Int) async throws -> [BlobRecord] {
    try await fromRows { try $0.blobs(after: hash, most: most) }
  }

  package func recount(most: Int) async throws -> Recount {
    try await readingTables(withinSeconds: AttachmentRecount.seconds) {
      try AttachmentRecount(connection: $0).findings(most: most)
    }
  }

  package func mendCounts(at second: Int64) async throws {
    try await changeLedger { try AttachmentRecount(connection: $0.connection).mend(at: second) }
  }

  private func fromRows<Result: Sendable>(
    _ body: @Sendable @escaping (AttachmentRows) throws -> Result
  ) async throws -> Result {
    try await readingTables { try body(AttachmentRows(connection: $0)) }
  }

  /// A short transaction of its own between two groups.
  private func changeLedger<Result: Sendable>(
    _ body: @Sendable @escaping (AttachmentLedger) throws -> Result
  ) async throws -> Result {
    try await writingTables { try body(AttachmentLedger(connection: $0)) }
  }
}
