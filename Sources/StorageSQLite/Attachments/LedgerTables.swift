import Crypto
import DataModel
import Storage
import Wire

/// The ledger's tables, read and written inside the writing transaction: `attachments`, `blobs` with the bytes that
/// are kept, and `removing_blobs`. `LedgerDraft` and `BlobRule` say what stands in them.
struct LedgerTables {
  let connection: Connection

  static let sql = """
    CREATE TABLE IF NOT EXISTS attachments (
      id BLOB PRIMARY KEY, hash BLOB, size INTEGER NOT NULL DEFAULT 0, traits INTEGER NOT NULL DEFAULT 0,
      filename TEXT, created_at INTEGER NOT NULL, links INTEGER NOT NULL, unlinked_since INTEGER) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS attachments_unlinked ON attachments (unlinked_since) WHERE links = 0;
    CREATE TABLE IF NOT EXISTS blobs (
      hash BLOB PRIMARY KEY, size INTEGER NOT NULL, attachments INTEGER NOT NULL, unneeded_since INTEGER,
      is_lost INTEGER NOT NULL DEFAULT 0, \(generation)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS removing_blobs (
      hash BLOB NOT NULL, generation INTEGER NOT NULL, PRIMARY KEY (hash, generation)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS blobs_unneeded ON blobs (unneeded_since) WHERE attachments = 0;
    \(totals)
    """

  /// The column of `blobs` that files of earlier layouts lack.
  static let generation = "generation INTEGER NOT NULL DEFAULT \(BlobKey.firstGeneration)"

  /// How many attachments objects link, and their bytes: kept by triggers, so that whatever changes
  /// `attachments`, or takes a change back, changes the totals with it. The one scan is that of a file that
  /// had none.
  private static let totals = """
    CREATE TABLE IF NOT EXISTS attachment_totals (
      one INTEGER PRIMARY KEY CHECK (one = 1), attachments INTEGER NOT NULL, bytes INTEGER NOT NULL);
    INSERT OR IGNORE INTO attachment_totals (one, attachments, bytes)
      SELECT 1, count(*), coalesce(sum(size), 0) FROM attachments WHERE links > 0;
    CREATE TRIGGER IF NOT EXISTS attachment_added AFTER INSERT ON attachments WHEN NEW.links > 0 BEGIN
      UPDATE attachment_totals SET attachments = attachments + 1, bytes = bytes + NEW.size;
    END;
    CREATE TRIGGER IF NOT EXISTS attachment_changed AFTER UPDATE OF links, size ON attachments
    WHEN (OLD.links > 0) <> (NEW.links > 0) OR OLD.size <> NEW.size BEGIN
      UPDATE attachment_totals SET attachments = attachments + (NEW.links > 0) - (OLD.links > 0),
        bytes = bytes + iif(NEW.links > 0, NEW.size, 0) - iif(OLD.links > 0, OLD.size, 0);
    END;
    CREATE TRIGGER IF NOT EXISTS attachment_removed AFTER DELETE ON attachments WHEN OLD.links > 0 BEGIN
      UPDATE attachment_totals SET attachments = attachments - 1, bytes = bytes - OLD.size;
    END;
    """

  // MARK: Reading.

  func read(_ needs: KeptNeeds, into rows: inout KeptRows) throws {
    for id in needs.attachments where rows.attachments[id] == nil {
      if let row = try attachment(id) { try add(row, to: &rows) }
    }
    for hash in needs.blobs { try add(hash, to: &rows) }
    if let (second, most) = needs.unlinked {
      rows.unlinked = try unlinked(before: second, most: most)
      for row in rows.unlinked { try add(row, to: &rows) }
    }
    if let id = needs.holders { rows.holders = try holders(of: id) }
    if let most = needs.miscounts { try readMiscounts(most, into: &rows) }
  }

  /// With its bytes.
  private func add(_ row: LedgerRow, to rows: inout KeptRows) throws {
    rows.attachments[row.id] = row
    if let hash = row.hash, rows.blobs[hash] == nil { rows.blobs[hash] = try blob(hash) }
  }

  /// With what says which generation comes next, where none is kept.
  private func add(_ hash: ContentHash, to rows: inout KeptRows) throws {
    if rows.blobs[hash] != nil { return }
    if let found = try blob(hash) {
      rows.blobs[hash] = found
      return
    }
    rows.removing[hash] = try lastRemoving(hash)
    rows.blobFloor = try MetaTable(connection: connection).integer(.blobFloor) ?? 0
  }

  private static let columns = "id, hash, size, traits, filename, created_at, links, unlinked_since"

  private func attachment(_ id: ObjectID) throws -> LedgerRow? {
    let row = try connection.statement("SELECT \(Self.columns) FROM attachments WHERE id = ?")
    defer { row.reset() }
    row.bind(1, id: id)
    return try row.step() ? try attachment(in: row) : nil
  }

  private func attachment(in row: Statement) throws -> LedgerRow {
    var found = LedgerRow(
      id: try row.id(0), createdAt: row.integer(5), links: row.integer(6),
      unlinkedSince: row.isNull(7) ? nil : row.integer(7))
    found.hash = try row.hash(1)
    found.size = row.integer(2)
    found.traits = row.integer(3)
    found.fileName = row.isNull(4) ? nil : row.text(4)
    return found
  }

  private func unlinked(before second: Int64, most: Int) throws -> [LedgerRow] {
    let find = try connection.statement(
      """
      SELECT \(Self.columns) FROM attachments WHERE links = 0 AND unlinked_since < ?
      ORDER BY unlinked_since LIMIT ?
      """)
    defer { find.reset() }
    find.bind(1, integer: second)
    find.bind(2, integer: Int64(most))
    var found: [LedgerRow] = []
    while try find.step() { found.append(try attachment(in: find)) }
    return found
  }

  private func blob(_ hash: ContentHash) throws -> BlobRow? {
    let row = try connection.statement(
      "SELECT size, attachments, unneeded_since, is_lost, generation FROM blobs WHERE hash = ?")
    defer { row.reset() }
    row.bind(1, hash)
    guard try row.step() else { return nil }
    return BlobRow(
      hash: hash, generation: row.integer(4), size: row.integer(0), attachments: row.integer(1),
      unneededSince: row.isNull(2) ? nil : row.integer(2), isLost: row.integer(3) != 0)
  }

  private func lastRemoving(_ hash: ContentHash) throws -> Int64? {
    let row = try connection.statement("SELECT max(generation) FROM removing_blobs WHERE hash = ?")
    defer { row.reset() }
    row.bind(1, hash)
    return try row.step() && !row.isNull(0) ? row.integer(0) : nil
  }

  private func readMiscounts(_ most: Int, into rows: inout KeptRows) throws {
    rows.miscounts = try AttachmentRecount(connection: connection).findings(most: most)
    for wrong in rows.miscounts.links {
      if let row = try attachment(wrong.name) { rows.attachments[wrong.name] = row }
    }
    for wrong in rows.miscounts.blobs {
      try add(wrong.name, to: &rows)
      guard wrong.noted == nil else { continue }
      let size = try connection.statement("SELECT max(size) FROM attachments WHERE hash = ?")
      defer { size.reset() }
      size.bind(1, wrong.name)
      rows.sizes[wrong.name] = try size.step() ? size.integer(0) : 0
    }
  }

  // MARK: Storing.

  func store(_ changes: KeptChanges) throws {
    for row in changes.attachments { try store(row) }
    for id in changes.removedAttachments {
      let remove = try connection.statement("DELETE FROM attachments WHERE id = ?")
      remove.bind(1, id: id)
      try remove.run()
    }
    for blob in changes.blobs { try store(blob) }
    for hash in changes.removedBlobs {
      let remove = try connection.statement("DELETE FROM blobs WHERE hash = ?")
      remove.bind(1, hash)
      try remove.run()
    }
    for key in changes.removing {
      try run("INSERT OR IGNORE INTO removing_blobs (hash, generation) VALUES (?, ?)", key)
    }
    for key in changes.forgotten { try run("DELETE FROM removing_blobs WHERE hash = ? AND generation = ?", key) }
    if let highest = changes.forgotten.map(\.generation).max() {
      let facts = MetaTable(connection: connection)
      let floor = try facts.integer(.blobFloor) ?? 0
      if highest > floor { try facts.set(.blobFloor, to: .integer(highest)) }
    }
  }

  private func run(_ sql: String, _ key: BlobKey) throws {
    let statement = try connection.statement(sql)
    statement.bind(1, key.hash)
    statement.bind(2, integer: key.generation)
    try statement.run()
  }

  /// An upsert and no replacement: for that, SQLite runs no trigger, and the totals would be wrong.
  private func store(_ row: LedgerRow) throws {
    let store = try connection.statement(
      """
      INSERT INTO attachments (\(Self.columns)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
      ON CONFLICT (id) DO UPDATE SET hash = ?2, size = ?3, traits = ?4, filename = ?5, created_at = ?6, links = ?7,
        unlinked_since = ?8
      """)
    store.bind(1, id: row.id)
    store.bind(2, row.hash)
    store.bind(3, integer: row.size)
    store.bind(4, integer: row.traits)
    if let name = row.fileName { store.bind(5, text: name) } else { store.bindNull(5) }
    store.bind(6, integer: row.createdAt)
    store.bind(7, integer: row.links)
    store.bind(8, integerIfAny: row.unlinkedSince)
    try store.run()
  }

  private func store(_ blob: BlobRow) throws {
    let store = try connection.statement(
      """
      INSERT INTO blobs (hash, size, attachments, unneeded_since, is_lost, generation) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
      ON CONFLICT (hash) DO UPDATE SET size = ?2, attachments = ?3, unneeded_since = ?4, is_lost = ?5, generation = ?6
      """)
    store.bind(1, blob.hash)
    store.bind(2, integer: blob.size)
    store.bind(3, integer: blob.attachments)
    store.bind(4, integerIfAny: blob.unneededSince)
    store.bind(5, integer: blob.isLost ? 1 : 0)
    store.bind(6, integer: blob.generation)
    try store.run()
  }
}

extension Statement {
  func bind(_ index: Int32, _ hash: ContentHash?) {
    guard let hash else { return bindNull(index) }
    hash.bytes.withUnsafeBytes { bind(index, blob: $0) }
  }

  func bind(_ index: Int32, integerIfAny integer: Int64?) {
    if let integer { bind(index, integer: integer) } else { bindNull(index) }
  }

  /// Nil for null.
  func hash(_ column: Int32) throws -> ContentHash? {
    if isNull(column) { return nil }
    guard let hash = ContentHash(bytes: Array(bytes(column))) else {
      throw StorageError.broken("a hash of \(bytes(column).count) bytes")
    }
    return hash
  }
}
