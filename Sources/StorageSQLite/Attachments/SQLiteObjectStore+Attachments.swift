import Crypto
import Storage

extension SQLiteObjectStore {
  package func target(for hash: ContentHash) async throws -> BlobTarget {
    try await fromRows { try $0.target(for: hash) }
  }

  package func unknownBlobs(among keys: [BlobKey]) async throws -> [BlobKey] {
    try await fromRows { rows in try keys.filter { try !rows.isKnown($0) } }
  }

  package func unneededBlobs(since second: Int64, most: Int) async throws -> [BlobKey] {
    try await fromRows { try $0.unneeded(since: second, most: most) }
  }

  package func blobsBeingRemoved(most: Int) async throws -> [BlobKey] {
    try await fromRows { try $0.beingRemoved(most: most) }
  }

  package func blobs(after hash: ContentHash?, most: Int) async throws -> [BlobRecord] {
    try await fromRows { try $0.blobs(after: hash, most: most) }
  }

  package func recount(most: Int) async throws -> Recount {
    try await readingTables(withinSeconds: AttachmentRecount.seconds) {
      try AttachmentRecount(connection: $0).findings(most: most)
    }
  }

  private func fromRows<Result: Sendable>(
    _ body: @Sendable @escaping (AttachmentRows) throws -> Result
  ) async throws -> Result {
    try await readingTables { try body(AttachmentRows(connection: $0)) }
  }
}
