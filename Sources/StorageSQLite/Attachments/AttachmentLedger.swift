import Crypto
import Storage
import Wire

/// Which bytes each attachment has, and who needs them: two tables, kept in the transaction of the write that
/// changes them.
///
/// `attachments.links` counts the columns of objects that hold the id, also those that no data model shows;
/// `blobs.attachments` counts the attachments with these bytes. What nobody needs says since when, and waits
/// for the sweep.
struct AttachmentLedger {
  let connection: Connection

  static let sql = """
    CREATE TABLE IF NOT EXISTS attachments (
      id BLOB PRIMARY KEY, hash BLOB, size INTEGER NOT NULL DEFAULT 0, traits INTEGER NOT NULL DEFAULT 0,
      filename TEXT, created_at INTEGER NOT NULL, links INTEGER NOT NULL, unlinked_since INTEGER) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS attachments_unlinked ON attachments (unlinked_since) WHERE links = 0;
    CREATE TABLE IF NOT EXISTS blobs (
      hash BLOB PRIMARY KEY, size INTEGER NOT NULL, attachments INTEGER NOT NULL, unneeded_since INTEGER,
      is_lost INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS blobs_unneeded ON blobs (unneeded_since) WHERE attachments = 0;
    \(totals)
    """

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

  // MARK: Links.

  /// Counts one more column that holds the id. An id that is not known is noted: with the bytes that the
  /// plan brings, else as one whose bytes are still to come.
  func link(_ id: ObjectID, bringing new: NewAttachment?, at second: Int64) throws {
    let link = try connection.statement(
      "UPDATE attachments SET links = links + 1, unlinked_since = NULL WHERE id = ? RETURNING 1")
    link.bind(1, id: id)
    let isKnown = try link.step()
    link.reset()
    if !isKnown { try insert(id, new, links: 1, at: second) }
  }

  /// Counts one column less.
  func unlink(_ id: ObjectID, at second: Int64) throws {
    let unlink = try connection.statement(
      "UPDATE attachments SET links = links - 1, unlinked_since = iif(links = 1, ?, NULL) WHERE id = ? AND links > 0")
    unlink.bind(1, integer: second)
    unlink.bind(2, id: id)
    try unlink.run()
  }

  private func insert(_ id: ObjectID, _ new: NewAttachment?, links: Int64, at second: Int64) throws {
    let insert = try connection.statement(
      """
      INSERT INTO attachments (id, hash, size, traits, filename, created_at, links, unlinked_since)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """)
    insert.bind(1, id: id)
    insert.bind(2, new?.hash)
    insert.bind(3, integer: new?.size ?? 0)
    insert.bind(4, integer: new?.traits ?? 0)
    if let name = new?.fileName { insert.bind(5, text: name) } else { insert.bindNull(5) }
    insert.bind(6, integer: second)
    insert.bind(7, integer: links)
    if links == 0 { insert.bind(8, integer: second) } else { insert.bindNull(8) }
    try insert.run()
    if let new { try need(new) }
  }

  // MARK: Bytes.

  /// Counts one more attachment that has these bytes, which are there.
  private func need(_ new: NewAttachment) throws {
    let need = try connection.statement(
      """
      INSERT INTO blobs (hash, size, attachments) VALUES (?, ?, 1)
      ON CONFLICT (hash) DO UPDATE SET attachments = attachments + 1, unneeded_since = NULL, is_lost = 0
      """)
    need.bind(1, new.hash)
    need.bind(2, integer: new.size)
    try need.run()
  }

  private func unneed(_ hash: ContentHash, at second: Int64) throws {
    let unneed = try connection.statement(
      """
      UPDATE blobs SET attachments = attachments - 1, unneeded_since = iif(attachments = 1, ?, NULL)
      WHERE hash = ? AND attachments > 0
      """)
    unneed.bind(1, integer: second)
    unneed.bind(2, hash)
    try unneed.run()
  }

  /// Whether the attachment has the bytes and the name of this one.
  func holds(_ id: ObjectID, theSameAs new: NewAttachment) throws -> Bool {
    guard let found = try AttachmentRows(connection: connection).find([id])[id], found.hash == new.hash else {
      return false
    }
    return found.fileName == new.fileName
  }

  /// Says whether bytes are lost, where something else was known.
  func note(_ hash: ContentHash, isLost: Bool) throws {
    let note = try connection.statement("UPDATE blobs SET is_lost = ?1 WHERE hash = ?2 AND is_lost <> ?1")
    note.bind(1, integer: isLost ? 1 : 0)
    note.bind(2, hash)
    try note.run()
  }

  /// Gives bytes to an id that is new, or waits for them, or has lost them. The number of columns that hold
  /// it; nil where it has bytes.
  func receive(_ new: NewAttachment, at second: Int64) throws -> Int64? {
    guard let found = try AttachmentRows(connection: connection).find([new.id])[new.id] else {
      try insert(new.id, new, links: 0, at: second)
      return 0
    }
    guard found.hash == nil || found.isLost else { return nil }
    let update = try connection.statement(
      "UPDATE attachments SET hash = ?, size = ?, traits = ?, filename = ? WHERE id = ? RETURNING links")
    update.bind(1, new.hash)
    update.bind(2, integer: new.size)
    update.bind(3, integer: new.traits)
    if let name = new.fileName { update.bind(4, text: name) } else { update.bindNull(4) }
    update.bind(5, id: new.id)
    let links = try update.step() ? update.integer(0) : 0
    update.reset()
    try need(new)
    if let lost = found.hash { try unneed(lost, at: second) }
    return links
  }

  // MARK: Sweeping.

  /// As `AttachmentKeeping` says, inside a transaction.
  func sweep(unlinkedBefore second: Int64, most: Int) throws -> Int {
    let find = try connection.statement(
      "SELECT id, hash, unlinked_since FROM attachments WHERE links = 0 AND unlinked_since < ? ORDER BY unlinked_since LIMIT ?"
    )
    find.bind(1, integer: second)
    find.bind(2, integer: Int64(most))
    var found: [(ObjectID, ContentHash?, since: Int64)] = []
    while try find.step() { found.append((try find.id(0), try find.hash(1), find.integer(2))) }
    find.reset()
    for (id, hash, since) in found {
      let remove = try connection.statement("DELETE FROM attachments WHERE id = ?")
      remove.bind(1, id: id)
      try remove.run()
      if let hash { try unneed(hash, at: since) }
    }
    return found.count
  }

  /// As `AttachmentKeeping` says, inside a transaction.
  func forget(_ hashes: [ContentHash], unneededBefore second: Int64) throws -> [ContentHash] {
    try hashes.filter { hash in
      let remove = try connection.statement(
        "DELETE FROM blobs WHERE hash = ? AND attachments = 0 AND unneeded_since < ?")
      remove.bind(1, hash)
      remove.bind(2, integer: second)
      try remove.run()
      return try !AttachmentRows(connection: connection).isKnown(hash)
    }
  }
}

extension Statement {
  func bind(_ place: Int32, _ hash: ContentHash?) {
    guard let hash else { return bindNull(place) }
    hash.bytes.withUnsafeBytes { bind(place, blob: $0) }
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
