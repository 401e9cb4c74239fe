import Crypto
import Storage
import Wire

/// Counts anew who links which attachment, and which attachments have which bytes, and holds it against what
/// the ledger noted write by write.
struct AttachmentRecount {
  let connection: Connection

  /// A look at all objects of a large deployment takes longer than any client's read may.
  static let seconds = 600

  /// SQLite takes 500 selects in a row.
  private static let mostTerms = 250
  /// Rows that are mended at a time.
  private static let portion = 10_000

  /// Up to `most` of each kind.
  func findings(most: Int) throws -> Recount {
    Recount(links: try links(most), blobs: try blobs(most))
  }

  /// Inside a transaction.
  func mend(at second: Int64) throws {
    try inPortions(links) { wrong in
      // One that is not noted is known by its id alone: its bytes are still to come.
      try change(
        """
        INSERT INTO attachments (id, created_at, links) VALUES (?1, ?2, ?3)
        ON CONFLICT (id) DO UPDATE SET links = ?3, unlinked_since = iif(?3 = 0, coalesce(unlinked_since, ?2), NULL)
        """, at: second, wrong.found
      ) { $0.bind(1, id: wrong.name) }
    }
    try inPortions(blobs) { wrong in
      let sql =
        wrong.noted == nil
        ? "INSERT INTO blobs (hash, size, attachments) SELECT hash, max(size), ?3 FROM attachments WHERE hash = ?1"
        : """
        UPDATE blobs SET attachments = ?3, unneeded_since = iif(?3 = 0, coalesce(unneeded_since, ?2), NULL)
        WHERE hash = ?1
        """
      try change(sql, at: second, wrong.found) { $0.bind(1, wrong.name) }
    }
  }

  private func change(_ sql: String, at second: Int64, _ count: Int64, _ bind: (Statement) -> Void) throws {
    let statement = try connection.statement(sql)
    bind(statement)
    statement.bind(2, integer: second)
    statement.bind(3, integer: count)
    try statement.run()
  }

  private func inPortions<Name>(
    _ find: (Int) throws -> [Recount.Miscount<Name>], _ mend: (Recount.Miscount<Name>) throws -> Void
  ) throws {
    while true {
      let wrong = try find(Self.portion)
      for wrong in wrong { try mend(wrong) }
      if wrong.count < Self.portion { return }
    }
  }

  /// Where the counts of `attachments` are wrong, or do not agree with `unlinked_since`.
  private func links(_ most: Int) throws -> [Recount.Miscount<ObjectID>] {
    let columns = try AttachmentLedger(connection: connection).columnsOfAttachments().flatMap { model, columns in
      columns.map { "SELECT c\($0) AS name FROM m\(model) WHERE c\($0) IS NOT NULL" }
    }
    return try wrong(
      "SELECT name, count(*) AS n FROM (\(Self.all(of: columns))) GROUP BY name", noted: "attachments", by: "id",
      count: "links", since: "unlinked_since", most: most
    ) { try $0.id(0) }
  }

  private func blobs(_ most: Int) throws -> [Recount.Miscount<ContentHash>] {
    try wrong(
      "SELECT hash AS name, count(*) AS n FROM attachments WHERE hash IS NOT NULL GROUP BY hash", noted: "blobs",
      by: "hash", count: "attachments", since: "unneeded_since", most: most
    ) {
      guard let hash = try $0.hash(0) else { throw StorageError.broken("a blob without a hash") }
      return hash
    }
  }

  private func wrong<Name>(
    _ found: String, noted table: String, by key: String, count: String, since: String, most: Int,
    _ name: (Statement) throws -> Name
  ) throws -> [Recount.Miscount<Name>] {
    let statement = try connection.statement(
      """
      WITH held AS MATERIALIZED (\(found))
      SELECT t.\(key), t.\(count), coalesce(held.n, 0) FROM \(table) t LEFT JOIN held ON held.name = t.\(key)
      WHERE t.\(count) <> coalesce(held.n, 0) OR (t.\(count) = 0) <> (t.\(since) IS NOT NULL)
      UNION ALL
      SELECT held.name, NULL, held.n FROM held LEFT JOIN \(table) t ON t.\(key) = held.name WHERE t.\(key) IS NULL
      LIMIT ?
      """)
    defer { statement.reset() }
    statement.bind(1, integer: Int64(most))
    var wrong: [Recount.Miscount<Name>] = []
    while try statement.step() {
      wrong.append(
        .init(
          name: try name(statement), noted: statement.isNull(1) ? nil : statement.integer(1),
          found: statement.integer(2)))
    }
    return wrong
  }

  /// All rows of many selects, in groups of groups.
  private static func all(of selects: [String]) -> String {
    if selects.isEmpty { return "SELECT NULL AS name WHERE 0" }
    if selects.count <= mostTerms { return selects.joined(separator: " UNION ALL ") }
    return all(
      of: stride(from: 0, to: selects.count, by: mostTerms).map { start in
        "SELECT name FROM (\(selects[start..<min(start + mostTerms, selects.count)].joined(separator: " UNION ALL ")))"
      })
  }
}
