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
      let places = Self.idsInStatement.first { $0 >= rest.count } ?? Self.mostIDs
      let part = rest.prefix(places)
      rest = rest.dropFirst(places)
      let marks = Array(repeating: "?", count: places).joined(separator: ",")
      let statement = try connection.statement(
        """
        SELECT a.id, a.hash, a.size, a.traits, a.filename, coalesce(b.is_lost, 0)
        FROM attachments a LEFT JOIN blobs b ON b.hash = a.hash WHERE a.id IN (\(marks))
        """)
      defer { statement.reset() }
      // Places that are left stay null, which no id equals.
      for (place, id) in part.enumerated() { statement.bind(Int32(place + 1), id: id) }
      while try statement.step() {
        let id = try statement.id(0)
        found[id] = AttachmentRecord(
          id: id, hash: try statement.hash(1), size: statement.integer(2), traits: statement.integer(3),
          fileName: statement.isNull(4) ? nil : statement.text(4), isLost: statement.integer(5) != 0)
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

  func isKnown(_ hash: ContentHash) throws -> Bool {
    let find = try connection.statement("SELECT 1 FROM blobs WHERE hash = ?")
    find.bind(1, hash)
    defer { find.reset() }
    return try find.step()
  }

  func unneeded(since second: Int64, most: Int) throws -> [ContentHash] {
    let statement = try connection.statement(
      "SELECT hash FROM blobs WHERE attachments = 0 AND unneeded_since < ? ORDER BY unneeded_since LIMIT ?")
    defer { statement.reset() }
    statement.bind(1, integer: second)
    statement.bind(2, integer: Int64(most))
    var hashes: [ContentHash] = []
    while try statement.step() { if let hash = try statement.hash(0) { hashes.append(hash) } }
    return hashes
  }

  func blobs(after hash: ContentHash?, most: Int) throws -> [BlobRecord] {
    let statement = try connection.statement(
      "SELECT hash, size, attachments, is_lost FROM blobs WHERE hash > ? ORDER BY hash LIMIT ?")
    defer { statement.reset() }
    (hash?.bytes ?? []).withUnsafeBytes { statement.bind(1, blob: $0) }
    statement.bind(2, integer: Int64(most))
    var blobs: [BlobRecord] = []
    while try statement.step() {
      guard let hash = try statement.hash(0) else { continue }
      blobs.append(
        BlobRecord(
          hash: hash, size: statement.integer(1), attachments: statement.integer(2),
          isLost: statement.integer(3) != 0))
    }
    return blobs
  }
}

extension SQLiteSnapshot {
  func attachments(_ ids: [ObjectID]) throws -> [ObjectID: AttachmentRecord] {
    try AttachmentRows(connection: reader.connection).find(ids)
  }
}
