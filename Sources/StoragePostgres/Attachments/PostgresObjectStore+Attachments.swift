import Crypto
import Storage

extension PostgresObjectStore {
  package func target(for hash: ContentHash) async throws -> BlobTarget {
    try await fromRows { try $0.target(for: hash) }
  }

  package func unknownBlobs(among keys: [BlobKey]) async throws -> [BlobKey] {
    try await fromRows { try $0.unknown(among: keys) }
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
    let schema = deployment.schema
    return try await deployment.readingTables { connection in
      _ = try connection.perform {
        $0.add("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        $0.add("SET LOCAL statement_timeout = \(AttachmentRecount.patience.components.seconds * 1000)")
      }
      let columns = try AttachmentColumns(reading: connection, schema)
      let found = try AttachmentRecount(columns: columns, schema: schema).findings(most: most, on: connection)
      try connection.run("COMMIT")
      return found
    }
  }

  private func fromRows<Result: Sendable>(
    _ body: @Sendable @escaping (AttachmentRows) throws -> Result
  ) async throws -> Result {
    let schema = deployment.schema
    return try await deployment.readingTables { try body(AttachmentRows(schema: schema, connection: $0)) }
  }
}
