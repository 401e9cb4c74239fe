import Storage

/// The tables of a control file, and how those of earlier versions become the present ones.
enum ControlLayout {
  /// The layout that this version writes.
  static let fileVersion: Int64 = 6

  /// Makes the tables of a new file, and adds what an earlier version did not have.
  /// - Throws: `StorageError.unusable` for a file of a later version, or one that is none of ours.
  static func bring(_ connection: Connection, at path: String, create: Bool) throws {
    let version = try connection.statement("PRAGMA user_version")
    let found = try version.step() ? version.integer(0) : 0
    version.reset()
    guard found <= fileVersion else {
      throw StorageError.unusable(
        "The control file \(path) was written by a later version of Sojourn. Start that version.")
    }
    if found == fileVersion { return }
    if found == 0, !create { throw Connection.damaged(path, "it holds no deployments") }
    try connection.write {
      if found < 1 { try connection.run(first) }
      if found < 2 { try connection.run(changes) }
      if found < 3 { try connection.run(PeopleTables.sql) }
      if found < 4 { try connection.run(uses) }
      if found < 5 { try connection.run(notes) }
      try connection.run(PeopleTables.views)
      try connection.run("PRAGMA user_version = \(fileVersion)")
    }
  }

  private static let first = """
    CREATE TABLE deployments (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, environment TEXT NOT NULL, app_id TEXT NOT NULL,
      created_at INTEGER NOT NULL, password_hash BLOB NOT NULL);
    CREATE TABLE settings (
      deployment TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (deployment, key));
    CREATE TABLE tokens (
      deployment TEXT NOT NULL, name TEXT NOT NULL, hash BLOB NOT NULL, read_only INTEGER NOT NULL,
      created_at INTEGER NOT NULL, last_used_at INTEGER, expires_at INTEGER,
      PRIMARY KEY (deployment, name));
    """

  /// Who set settings: of those that went back to their default, too.
  private static let notes = """
    CREATE TABLE setting_notes (
      deployment TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, maker TEXT NOT NULL,
      PRIMARY KEY (deployment, key)) WITHOUT ROWID;
    """

  private static let uses = """
    ALTER TABLE tokens ADD COLUMN last_address TEXT;
    ALTER TABLE deployments ADD COLUMN password_used_at INTEGER;
    ALTER TABLE deployments ADD COLUMN password_address TEXT;
    """

  /// The newest row is never removed: its number is the revision.
  private static let changes = """
    CREATE TABLE changes (revision INTEGER PRIMARY KEY, deployment TEXT NOT NULL, kind TEXT NOT NULL);
    """
}
