import Crypto
import Storage
import Wire

extension LedgerTables {
  func store(_ changes: KeptChanges, in pipeline: inout PostgresPipeline) {
    if !changes.attachments.isEmpty { store(changes.attachments, in: &pipeline) }
    if !changes.removedAttachments.isEmpty { remove(changes.removedAttachments, in: &pipeline) }
    if !changes.blobs.isEmpty { store(changes.blobs, in: &pipeline) }
    if !changes.removedBlobs.isEmpty {
      pipeline.add("DELETE FROM \(schema.name).blobs WHERE hash = ANY ($1)") { $0.add(hashes: changes.removedBlobs) }
    }
    if !changes.removing.isEmpty {
      pipeline.add(
        """
        INSERT INTO \(schema.name).removing_blobs (hash, generation) SELECT * FROM unnest($1, $2)
        ON CONFLICT DO NOTHING
        """
      ) { $0.add(keys: changes.removing) }
    }
    forget(changes.forgotten, in: &pipeline)
  }

  private func forget(_ keys: [BlobKey], in pipeline: inout PostgresPipeline) {
    guard let highest = keys.map(\.generation).max() else { return }
    pipeline.add(
      """
      DELETE FROM \(schema.name).removing_blobs r USING unnest($1, $2) AS k(hash, generation)
      WHERE r.hash = k.hash AND r.generation = k.generation
      """
    ) { $0.add(keys: keys) }
    FactTable(schema: schema).raise(.blobFloor, to: highest, in: &pipeline)
  }

  /// All parts of the statement see the rows as they were before it: so `old` has what the new ones replace.
  private func store(_ rows: [LedgerRow], in pipeline: inout PostgresPipeline) {
    pipeline.add(
      """
      WITH new AS MATERIALIZED (
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
          AS n(id, hash, size, traits, filename, created_at, links, unlinked_since)
      ), old AS (
        SELECT a.links, a.size FROM new JOIN \(schema.name).attachments a ON a.id = new.id
      ), stored AS (
        INSERT INTO \(schema.name).attachments (id, hash, size, traits, filename, created_at, links, unlinked_since)
        SELECT * FROM new
        ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, size = excluded.size, traits = excluded.traits,
          filename = excluded.filename, created_at = excluded.created_at, links = excluded.links,
          unlinked_since = excluded.unlinked_since
      ), changed AS (
        SELECT sum(side.attachments)::bigint AS attachments, sum(side.bytes)::bigint AS bytes FROM (
          SELECT count(*) AS attachments, sum(size) AS bytes FROM new WHERE links > 0
          UNION ALL SELECT -count(*), -sum(size) FROM old WHERE links > 0
        ) side
      )
      UPDATE \(schema.name).attachment_totals t
      SET attachments = t.attachments + c.attachments, bytes = t.bytes + coalesce(c.bytes, 0)
      FROM changed c WHERE t.one = 1 AND (c.attachments <> 0 OR c.bytes <> 0)
      """
    ) {
      $0.add(ids: rows.map(\.id))
      $0.add(.bytes, ofEach: rows) { $0.add(bytes: $1.hash?.bytes) }
      $0.add(integers: rows.map(\.size))
      $0.add(integers: rows.map(\.traits))
      $0.add(.bytes, ofEach: rows) { $0.add(bytes: $1.fileName.map { Array($0.utf8) }) }
      $0.add(integers: rows.map(\.createdAt))
      $0.add(integers: rows.map(\.links))
      $0.add(.integer, ofEach: rows) { $0.add(integer: $1.unlinkedSince) }
    }
  }

  private func remove(_ ids: [ObjectID], in pipeline: inout PostgresPipeline) {
    pipeline.add(
      """
      WITH gone AS (
        DELETE FROM \(schema.name).attachments WHERE id = ANY ($1) RETURNING links, size
      ), changed AS (SELECT count(*) AS attachments, sum(size)::bigint AS bytes FROM gone WHERE links > 0)
      UPDATE \(schema.name).attachment_totals t
      SET attachments = t.attachments - c.attachments, bytes = t.bytes - c.bytes
      FROM changed c WHERE t.one = 1 AND c.attachments > 0
      """
    ) { $0.add(ids: ids) }
  }

  private func store(_ blobs: [BlobRow], in pipeline: inout PostgresPipeline) {
    pipeline.add(
      """
      INSERT INTO \(schema.name).blobs (hash, generation, size, attachments, unneeded_since, is_lost)
      SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
      ON CONFLICT (hash) DO UPDATE SET generation = excluded.generation, size = excluded.size,
        attachments = excluded.attachments, unneeded_since = excluded.unneeded_since, is_lost = excluded.is_lost
      """
    ) {
      $0.add(hashes: blobs.map(\.hash))
      $0.add(integers: blobs.map(\.generation))
      $0.add(integers: blobs.map(\.size))
      $0.add(integers: blobs.map(\.attachments))
      $0.add(.integer, ofEach: blobs) { $0.add(integer: $1.unneededSince) }
      $0.add(.truth, ofEach: blobs) { $0.add(isTrue: $1.isLost) }
    }
  }
}

extension PostgresParameters {
  /// Their hashes and their generations, as two values.
  fileprivate mutating func add(keys: [BlobKey]) {
    add(hashes: keys.map(\.hash))
    add(integers: keys.map(\.generation))
  }
}
