import Crypto
import Storage
import Wire

/// Counts anew who links which attachment, and which attachments have which bytes, and holds it against what the
/// ledger noted write by write.
struct AttachmentRecount {
  let columns: AttachmentColumns
  let schema: DeploymentSchema

  /// A look at all objects of a large deployment takes longer than any client's read may.
  static let patience = Duration.seconds(600)

  /// Up to `most` of each kind, as the connection's transaction sees them.
  func findings(most: Int, on connection: PostgresConnection) throws -> Recount {
    var inquiry = PostgresInquiry<Recount>()
    // A writer's session joins by keys alone, which here were as many looks as there are objects.
    for plan in Self.plans { inquiry.set("SET LOCAL \(plan) = on") }
    inquiry.askOnce(links) {
      $0.add(integer: Int64(most))
    } taking: {
      $1.links = try $0.map {
        .init(name: try $0.id(0), noted: try $0.integerIfAny(1), found: try $0.integer(2))
      }
    }
    inquiry.askOnce(blobs) {
      $0.add(integer: Int64(most))
    } taking: {
      $1.blobs = try $0.map {
        .init(name: try $0.hash(0), noted: try $0.integerIfAny(1), found: try $0.integer(2))
      }
    }
    if connection.role == .writer { for plan in Self.plans { inquiry.set("SET LOCAL \(plan) = off") } }
    var found = Recount()
    try inquiry.perform(on: connection, within: Self.patience, into: &found)
    return found
  }

  private static let plans = ["enable_seqscan", "enable_hashjoin"]

  /// The rows of what is wrong, with what mending them needs.
  func read(_ wrong: Recount, on connection: PostgresConnection, into rows: inout KeptRows) throws {
    let ledger = LedgerTables(schema: schema)
    var needs = KeptNeeds()
    needs.attachments = wrong.links.map(\.name)
    needs.blobs = wrong.blobs.map(\.name)
    var inquiry = PostgresInquiry<KeptRows>()
    ledger.ask(for: needs, &inquiry)
    let unknown = wrong.blobs.filter { $0.noted == nil }.map(\.name)
    if !unknown.isEmpty {
      inquiry.ask("SELECT hash, max(size) FROM \(schema.name).attachments WHERE hash = ANY ($1) GROUP BY hash") {
        $0.add(hashes: unknown)
      } taking: { result, rows in
        try result.each { rows.sizes[try $0.hash(0)] = try $0.integer(1) }
      }
    }
    try inquiry.perform(on: connection, within: Self.patience, into: &rows)
  }

  /// Where the counts of `attachments` are wrong, or do not agree with `unlinked_since`.
  private var links: String {
    let held = columns.tables.map { table in
      let values = table.attachments.map { "(o.c\($0.number))" }.joined(separator: ", ")
      return "SELECT v.name FROM \(schema.name).m\(table.model) o, LATERAL (VALUES \(values)) AS v(name) "
        + "WHERE v.name IS NOT NULL"
    }
    let all = held.isEmpty ? "SELECT NULL::uuid AS name WHERE false" : held.joined(separator: " UNION ALL ")
    return wrong(
      "SELECT name, count(*) AS n FROM (\(all)) AS every GROUP BY name", noted: "attachments", by: "id",
      count: "links", since: "unlinked_since")
  }

  private var blobs: String {
    wrong(
      "SELECT hash AS name, count(*) AS n FROM \(schema.name).attachments WHERE hash IS NOT NULL GROUP BY hash",
      noted: "blobs", by: "hash", count: "attachments", since: "unneeded_since")
  }

  private func wrong(
    _ found: String, noted table: String, by key: String, count: String, since: String
  ) -> String {
    """
    WITH held AS MATERIALIZED (\(found))
    SELECT t.\(key), t.\(count), coalesce(held.n, 0)
    FROM \(schema.name).\(table) t LEFT JOIN held ON held.name = t.\(key)
    WHERE t.\(count) <> coalesce(held.n, 0) OR (t.\(count) = 0) <> (t.\(since) IS NOT NULL)
    UNION ALL
    SELECT held.name, NULL, held.n FROM held LEFT JOIN \(schema.name).\(table) t ON t.\(key) = held.name
    WHERE t.\(key) IS NULL
    LIMIT $1
    """
  }
}
