import Crypto
import Storage
import Wire

/// The ledger's tables, read and written inside the writing transaction: `attachments`, `blobs` with the bytes that
/// are kept, and `removing_blobs`. `LedgerDraft` and `BlobRule` say what stands in them.
struct LedgerTables {
  let schema: DeploymentSchema

  /// `attachment_totals` counts the attachments that objects link, and their bytes: each statement that changes
  /// `attachments` changes it too.
  static func statements(in schema: DeploymentSchema) -> [String] {
    let name = schema.name
    return [
      """
      CREATE TABLE \(name).attachments (
        id uuid PRIMARY KEY, hash bytea, size bigint NOT NULL, traits bigint NOT NULL, filename bytea,
        created_at bigint NOT NULL, links bigint NOT NULL, unlinked_since bigint)
      """,
      "CREATE INDEX attachments_unlinked ON \(name).attachments (unlinked_since) WHERE links = 0",
      """
      CREATE TABLE \(name).blobs (
        hash bytea PRIMARY KEY, generation bigint NOT NULL, size bigint NOT NULL, attachments bigint NOT NULL,
        unneeded_since bigint, is_lost boolean NOT NULL)
      """,
      "CREATE INDEX blobs_unneeded ON \(name).blobs (unneeded_since) WHERE attachments = 0",
      """
      CREATE TABLE \(name).removing_blobs (
        hash bytea NOT NULL, generation bigint NOT NULL, PRIMARY KEY (hash, generation))
      """,
      """
      CREATE TABLE \(name).attachment_totals (
        one bigint PRIMARY KEY CHECK (one = 1), attachments bigint NOT NULL, bytes bigint NOT NULL)
      """,
      "INSERT INTO \(name).attachment_totals (one, attachments, bytes) VALUES (1, 0, 0)",
    ]
  }

  // MARK: Reading.

  func ask(for needs: KeptNeeds, _ inquiry: inout PostgresInquiry<KeptRows>) {
    if !needs.attachments.isEmpty {
      inquiry.ask("\(attachments) WHERE a.id = ANY ($1)") {
        $0.add(ids: Set(needs.attachments))
      } taking: {
        _ = try Self.take($0, &$1)
      }
    }
    if !needs.blobs.isEmpty { ask(forBlobs: needs.blobs, &inquiry) }
    if let (second, most) = needs.unlinked {
      inquiry.ask("\(attachments) WHERE a.links = 0 AND a.unlinked_since < $1 ORDER BY a.unlinked_since LIMIT $2") {
        $0.add(integer: second)
        $0.add(integer: Int64(most))
      } taking: {
        $1.unlinked = try Self.take($0, &$1)
      }
    }
  }

  /// With what says which generation comes next, of those that are not kept.
  func ask(forBlobs hashes: [ContentHash], _ inquiry: inout PostgresInquiry<KeptRows>) {
    inquiry.ask(
      """
      SELECT k.hash, \(Self.blobColumns), (
          SELECT max(r.generation) FROM \(schema.name).removing_blobs r WHERE r.hash = k.hash)
      FROM unnest($1) AS k(hash) LEFT JOIN \(schema.name).blobs b ON b.hash = k.hash
      """
    ) {
      $0.add(hashes: Set(hashes))
    } taking: { result, rows in
      try result.each { row in
        let hash = try row.hash(0)
        rows.blobs[hash] = try Self.blob(hash, row, from: 1)
        rows.removing[hash] = rows.blobs[hash] == nil ? try row.integerIfAny(6) : nil
      }
    }
    inquiry.ask(FactTable(schema: schema).reading) {
      $0.add(text: DeploymentFact.blobFloor.rawValue)
    } taking: {
      $1.blobFloor = try FactTable.number($0)
    }
  }

  private static let blobColumns = "b.size, b.attachments, b.unneeded_since, b.is_lost, b.generation"

  /// Each with its bytes.
  var attachments: String {
    """
    SELECT a.id, a.hash, a.size, a.traits, a.filename, a.created_at, a.links, a.unlinked_since, \(Self.blobColumns)
    FROM \(schema.name).attachments a LEFT JOIN \(schema.name).blobs b ON b.hash = a.hash
    """
  }

  /// Takes in rows of `attachments`, and returns them in their order.
  static func take(_ result: PostgresResult, _ rows: inout KeptRows) throws -> [LedgerRow] {
    try result.map { row in
      var found = LedgerRow(
        id: try row.id(0), createdAt: try row.integer(5), links: try row.integer(6),
        unlinkedSince: try row.integerIfAny(7))
      found.hash = try row.hashIfAny(1)
      found.size = try row.integer(2)
      found.traits = try row.integer(3)
      found.fileName = try row.bytesIfAny(4).map { String(decoding: $0, as: UTF8.self) }
      rows.attachments[found.id] = found
      if let hash = found.hash, let blob = try blob(hash, row, from: 8) { rows.blobs[hash] = blob }
      return found
    }
  }

  /// From the columns of a blob on; nil where there is none.
  private static func blob(_ hash: ContentHash, _ row: PostgresRow, from column: Int) throws -> BlobRow? {
    guard let size = try row.integerIfAny(column) else { return nil }
    return BlobRow(
      hash: hash, generation: try row.integer(column + 4), size: size, attachments: try row.integer(column + 1),
      unneededSince: try row.integerIfAny(column + 2), isLost: try row.isTrue(column + 3))
  }
}
