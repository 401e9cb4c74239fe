import Crypto
import Storage
import Wire

/// Attachments and blobs as readers ask for them.
struct AttachmentRows {
  let schema: DeploymentSchema
  let connection: PostgresConnection

  /// For `find`, with the ids as its one value.
  static func finding(in schema: DeploymentSchema) -> String {
    """
    SELECT a.id, a.hash, a.size, a.traits, a.filename, coalesce(b.is_lost, false),
      coalesce(b.generation, \(BlobKey.firstGeneration)::bigint)
    FROM \(schema.name).attachments a LEFT JOIN \(schema.name).blobs b ON b.hash = a.hash WHERE a.id = ANY ($1)
    """
  }

  /// What `finding` brought, by id.
  static func records(_ result: PostgresResult) throws -> [ObjectID: AttachmentRecord] {
    var found: [ObjectID: AttachmentRecord] = [:]
    try result.each { row in
      let id = try row.id(0)
      found[id] = AttachmentRecord(
        id: id, hash: try row.hashIfAny(1), generation: try row.integer(6), size: try row.integer(2),
        traits: try row.integer(3), fileName: try row.bytesIfAny(4).map { String(decoding: $0, as: UTF8.self) },
        isLost: try row.isTrue(5))
    }
    return found
  }

  func find(_ ids: [ObjectID]) throws -> [ObjectID: AttachmentRecord] {
    if ids.isEmpty { return [:] }
    return try Self.records(try connection.rows(Self.finding(in: schema)) { $0.add(ids: ids) })
  }

  /// Those that objects link, and their bytes: one row.
  static func counting(in schema: DeploymentSchema) -> String {
    "SELECT attachments, bytes FROM \(schema.name).attachment_totals"
  }

  /// What `counting` brought.
  static func totals(_ result: PostgresResult) throws -> AttachmentTotals {
    guard let row = result.first else { throw StorageError.broken("nobody counts its attachments") }
    return AttachmentTotals(attachments: Int(try row.integer(0)), bytes: Int(try row.integer(1)))
  }

  func target(for hash: ContentHash) throws -> BlobTarget {
    var inquiry = PostgresInquiry<KeptRows>()
    LedgerTables(schema: schema).ask(forBlobs: [hash], &inquiry)
    var rows = KeptRows()
    try inquiry.perform(on: connection, into: &rows)
    return rows.target(for: hash)
  }

  /// Those that are neither kept nor being removed.
  func unknown(among keys: [BlobKey]) throws -> [BlobKey] {
    if keys.isEmpty { return [] }
    let rows = try connection.rows(
      """
      SELECT k.i FROM unnest($1, $2) WITH ORDINALITY AS k(hash, generation, i)
      WHERE NOT EXISTS (
        SELECT 1 FROM \(schema.name).blobs b WHERE b.hash = k.hash AND b.generation = k.generation)
      AND NOT EXISTS (
        SELECT 1 FROM \(schema.name).removing_blobs r WHERE r.hash = k.hash AND r.generation = k.generation)
      ORDER BY k.i
      """
    ) {
      $0.add(hashes: keys.map(\.hash))
      $0.add(integers: keys.map(\.generation))
    }
    return try rows.map { keys[Int(try $0.integer(0)) - 1] }
  }

  func unneeded(since second: Int64, most: Int) throws -> [BlobKey] {
    let rows = try connection.rows(
      """
      SELECT hash, generation FROM \(schema.name).blobs WHERE attachments = 0 AND unneeded_since < $1
      ORDER BY unneeded_since LIMIT $2
      """
    ) {
      $0.add(integer: second)
      $0.add(integer: Int64(most))
    }
    return try rows.map(Self.key)
  }

  func beingRemoved(most: Int) throws -> [BlobKey] {
    let rows = try connection.rows("SELECT hash, generation FROM \(schema.name).removing_blobs LIMIT $1") {
      $0.add(integer: Int64(most))
    }
    return try rows.map(Self.key)
  }

  private static func key(_ row: PostgresRow) throws -> BlobKey {
    BlobKey(try row.hash(0), generation: try row.integer(1))
  }

  func blobs(after hash: ContentHash?, most: Int) throws -> [BlobRecord] {
    let rows = try connection.rows(
      """
      SELECT hash, generation, size, attachments, is_lost FROM \(schema.name).blobs WHERE hash > $1
      ORDER BY hash LIMIT $2
      """
    ) {
      $0.add(bytes: hash?.bytes ?? [])
      $0.add(integer: Int64(most))
    }
    return try rows.map {
      BlobRecord(
        try Self.key($0), size: try $0.integer(2), attachments: try $0.integer(3), isLost: try $0.isTrue(4))
    }
  }
}
