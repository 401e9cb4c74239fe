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

  /// Up to `most` of each kind.
  func findings(most: Int) throws -> Recount {
    Recount(links: try links(most), blobs: try blobs(most))
  }

  /// Where the counts of `attachments` are wrong, or do not agree with `unlinked_since`.
  private func links(_ most: Int) throws -> [Recount.Miscount<ObjectID>] {
    let columns = try LedgerTables(connection: connection).columnsOfAttachments().flatMap { model, columns in
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
