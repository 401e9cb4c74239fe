import Crypto
import Storage
import Wire

/// Attachments and blobs as a connection sees them.
struct AttachmentRows {
  let connection: Connection

  /// Ids that one statement looks for; lists are padded to one of few sizes.
  private static let idsInStatement = [1, 16, 256, mostIDs]
  private static let mostIDs = 1024

  func find(_ ids: [ObjectID]) throws -> [ObjectID: AttachmentRecord] {
    var found: [ObjectID: AttachmentRecord] = [:]
    var rest = ids[...]
    while !rest.isEmpty {
      let parameters = Self.idsInStatement.first { $0 >= rest.count } ?? Self.mostIDs
      let part = rest.prefix(parameters)
      rest = rest.dropFirst(parameters)
      let marks = Array(repeating: "?", count: parameters).joined(separator: ",")
      let statement = try connection.statement(
        """
        SELECT a.id, a.hash, a.size, a.traits, a.filename, coalesce(b.is_lost, 0), coalesce(b.generation, 1)
        FROM attachments a LEFT JOIN blobs b ON b.hash = a.hash WHERE a.id IN (\(marks))
        """)
      defer { statement.reset() }
      // Parameters that are left stay null, which no id equals.
      for (index, id) in part.enumerated() { statement.bind(Int32(index + 1), id: id) }
      while try statement.step() {
        let id = try statement.id(0)
        found[id] = AttachmentRecord(
          id: id, hash: try statement.hash(1), generation: statement.integer(6), size: statement.integer(2),
          traits: statement.integer(3), fileName: statement.isNull(4) ? nil : statement.text(4),
          isLost: statement.integer(5) != 0)
      }
    }
    return found
  }

  /// Those that objects link, and their bytes: one row.
  func totals() throws -> AttachmentTotals {
    let statement = try connection.statement("SELECT attachments, bytes FROM attachment_totals")
    defer { statement.reset() }
    guard try statement.step() else { throw StorageError.broken("nobody counts its attachments") }
    return AttachmentTotals(attachments: Int(statement.integer(0)), bytes: Int(statement.integer(1)))
  }

  func target(for hash: ContentHash) throws -> BlobTarget {
    var needs = KeptNeeds()
    needs.blobs = [hash]
    var rows = KeptRows()
    try LedgerTables(connection: connection).read(needs, into: &rows)
    return rows.target(for: hash)
  }

  /// Whether it is kept or being removed.
  func isKnown(_ key: BlobKey) throws -> Bool {
    let find = try connection.statement(
      """
      SELECT 1 FROM blobs WHERE hash = ?1 AND generation = ?2
      UNION ALL SELECT 1 FROM removing_blobs WHERE hash = ?1 AND generation = ?2
      """)
    find.bind(1, key.hash)
    find.bind(2, integer: key.generation)
    defer { find.reset() }
    return try find.step()
  }

  func unneeded(since second: Int64, most: Int) throws -> [BlobKey] {
    let statement = try connection.statement(
      "SELECT hash, generation FROM blobs WHERE attachments = 0 AND unneeded_since < ? ORDER BY unneeded_since LIMIT ?")
    statement.bind(1, integer: second)
    statement.bind(2, integer: Int64(most))
    return try keys(statement)
  }

  func beingRemoved(most: Int) throws -> [BlobKey] {
    let statement = try connection.statement("SELECT hash, generation FROM removing_blobs LIMIT ?")
    statement.bind(1, integer: Int64(most))
    return try keys(statement)
  }

  private func keys(_ statement: Statement) throws -> [BlobKey] {
    defer { statement.reset() }
    var keys: [BlobKey] = []
    while try statement.step() {
      if let hash = try statement.hash(0) { keys.append(BlobKey(hash, generation: statement.integer(1))) }
    }
    return keys
  }

  func blobs(after hash: ContentHash?, most: Int) throws -> [BlobRecord] {
    let statement = try connection.statement(
      "SELECT hash, size, attachments, is_lost, generation FROM blobs WHERE hash > ? ORDER BY hash LIMIT ?")
    defer { statement.reset() }
    (hash?.bytes ?? []).withUnsafeBytes { statement.bind(1, blob: $0) }
    statement.bind(2, integer: Int64(most))
    var blobs: [BlobRecord] = []
    while try statement.step() {
      guard let hash = try statement.hash(0) else { continue }
      blobs.append(
        BlobRecord(
          BlobKey(hash, generation: statement.integer(4)), size: statement.integer(1),
          attachments: statement.integer(2), isLost: statement.integer(3) != 0))
    }
    return blobs
  }
}

extension SQLiteSnapshot {
  func attachments(_ ids: [ObjectID]) throws -> [ObjectID: AttachmentRecord] {
    try AttachmentRows(connection: reader.connection).find(ids)
  }
}
