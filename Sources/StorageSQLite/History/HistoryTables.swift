import Storage
import Wire

/// The chain of each object's entries, and what finds its end where the object is gone.
///
/// `oplog.previous` is the sequence of the entry before, 0 where there is none, and null in entries from before the
/// chain: of those, `oplog_links` has the ones that have one before them.
final class HistoryTables {
  static let sql = """
    CREATE TABLE IF NOT EXISTS oplog_links (sequence INTEGER PRIMARY KEY, previous INTEGER NOT NULL);
    """

  /// Over deletions alone: no other write pays for them.
  static let indexes = """
    CREATE INDEX IF NOT EXISTS oplog_gone ON oplog (model, sequence) WHERE operation = 3;
    CREATE INDEX IF NOT EXISTS oplog_gone_ids ON oplog (id) WHERE operation = 3;
    """

  /// The last deletion of an object by its id and the number of its model.
  static let lastDeletion = """
    SELECT sequence FROM oplog INDEXED BY oplog_gone_ids WHERE id = ? AND operation = 3 AND model = ?
    ORDER BY sequence DESC LIMIT 1
    """

  /// Nil while the index is missing.
  private let find: Statement?

  init(_ connection: Connection) throws {
    let hasIndexes = try LinkingProgress(reading: connection) != .indexing
    find = hasIndexes ? try Statement(Self.lastDeletion, on: connection) : nil
  }

  /// As `WriteStore.lastDeletion`.
  func lastDeletion(of id: ObjectID, ofModel number: Int) throws -> Int64? {
    guard let find else { return nil }
    defer { find.reset() }
    find.bind(1, id: id)
    find.bind(2, integer: Int64(number))
    return try find.step() ? find.integer(0) : 0
  }

  /// Links of entries that were trimmed go with them.
  static func forget(through last: Int64, on connection: Connection) throws {
    let delete = try connection.statement("DELETE FROM oplog_links WHERE sequence <= ?")
    delete.bind(1, integer: last)
    try delete.run()
  }

  /// Gives the oplog of an earlier layout its chain: what is written from now on has it at once, what is there is
  /// linked in the background.
  static func extend(_ connection: Connection) throws {
    try connection.run("ALTER TABLE oplog ADD COLUMN previous INTEGER")
    let entry = try connection.statement("SELECT 1 FROM oplog LIMIT 1")
    let hasEntries = try entry.step()
    entry.reset()
    if hasEntries { try LinkingProgress.indexing.store(on: connection) } else { try connection.run(indexes) }
  }
}
