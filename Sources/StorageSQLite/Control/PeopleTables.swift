/// The tables of people in a control file, since its third layout.
///
/// Roles of people and of invitations lie in one table: a holder is a person's id or, in 64 hex digits, the hash of a
/// link.
enum PeopleTables {
  static let sql = """
    CREATE TABLE people (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, email_key TEXT UNIQUE,
      operator INTEGER NOT NULL, sensitive INTEGER NOT NULL, password TEXT, factor BLOB, factor_step INTEGER,
      recovery BLOB NOT NULL, look TEXT NOT NULL, shortcuts INTEGER NOT NULL, created_at INTEGER NOT NULL,
      last_seen_at INTEGER, removed_at INTEGER, reset_at INTEGER, revision INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE grants (
      holder TEXT NOT NULL, deployment TEXT NOT NULL, roles TEXT NOT NULL, sensitive INTEGER NOT NULL,
      PRIMARY KEY (holder, deployment)) WITHOUT ROWID;
    CREATE TABLE sessions (
      id TEXT PRIMARY KEY, person TEXT NOT NULL, token BLOB NOT NULL UNIQUE, started_at INTEGER NOT NULL,
      last_use_at INTEGER NOT NULL, elevated_until INTEGER, address TEXT NOT NULL, agent TEXT NOT NULL,
      revision INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX sessions_person ON sessions (person);
    CREATE TABLE shown (
      session TEXT NOT NULL, name TEXT NOT NULL, sealed BLOB NOT NULL, until INTEGER NOT NULL,
      PRIMARY KEY (session, name)) WITHOUT ROWID;
    CREATE TABLE links (
      hash BLOB PRIMARY KEY, kind TEXT NOT NULL, person TEXT, email TEXT NOT NULL, name TEXT NOT NULL,
      operator INTEGER NOT NULL, made_by TEXT, made_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
      used_at INTEGER) WITHOUT ROWID;
    CREATE TABLE held (
      number INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL, path TEXT NOT NULL, sealed BLOB NOT NULL,
      held_at INTEGER NOT NULL);
    CREATE TABLE nonces (nonce BLOB PRIMARY KEY, at INTEGER NOT NULL, outcome TEXT) WITHOUT ROWID;
    CREATE TABLE view_states (
      number INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL, deployment TEXT NOT NULL,
      address TEXT NOT NULL, used_at INTEGER NOT NULL);
    CREATE TABLE column_choices (
      person TEXT NOT NULL, deployment TEXT NOT NULL, model TEXT NOT NULL, columns TEXT NOT NULL,
      PRIMARY KEY (person, deployment, model)) WITHOUT ROWID;
    CREATE TABLE people_facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE audit (
      number INTEGER PRIMARY KEY, at INTEGER NOT NULL, person TEXT, deployment TEXT, address TEXT NOT NULL,
      action TEXT NOT NULL, target TEXT NOT NULL, filter TEXT, count INTEGER, reference TEXT, outcome TEXT NOT NULL,
      hash BLOB NOT NULL);
    CREATE TABLE audit_anchor (number INTEGER NOT NULL, hash BLOB NOT NULL);
    """

  /// Views with names, since the sixth layout. Whoever a default is for is a person's id, or empty for everybody.
  static let views = """
    CREATE TABLE views (
      number INTEGER PRIMARY KEY, deployment TEXT NOT NULL, model TEXT NOT NULL, owner TEXT NOT NULL,
      name TEXT NOT NULL, note TEXT NOT NULL, shared INTEGER NOT NULL, address TEXT NOT NULL,
      changed_at INTEGER NOT NULL, revision INTEGER NOT NULL);
    CREATE INDEX views_address ON views (deployment, model, address);
    CREATE TABLE view_defaults (
      deployment TEXT NOT NULL, model TEXT NOT NULL, person TEXT NOT NULL, number INTEGER NOT NULL,
      PRIMARY KEY (deployment, model, person)) WITHOUT ROWID;
    CREATE INDEX view_defaults_number ON view_defaults (number);
    """
}
