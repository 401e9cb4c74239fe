import CSQLite
import Storage
import Synchronization
import Wire

/// Deployments, settings and credentials in one small file.
///
/// `@unchecked Sendable` is safe: the connection is made, used and replaced under the lock alone.
final class SQLiteControlStore: ControlStore, @unchecked Sendable {
  private let lock = Mutex(())
  private let path: String
  private var opened: Connection?

  /// - Throws: `StorageError.unusable` for a file of a later version, or one that is none of ours.
  init(path: String, create: Bool = true) throws {
    self.path = path
    let connection = try Connection(path: path, role: .writer, cacheKiB: 256, create: create)
    opened = connection
    let version = try connection.statement("PRAGMA user_version")
    let found = try version.step() ? version.integer(0) : 0
    version.reset()
    guard found <= 1 else {
      throw StorageError.unusable(
        "The control file \(path) was written by a later version of Sojourn. Start that version.")
    }
    guard found == 0 else { return }
    guard create else { throw Connection.damaged(path, "it holds no deployments") }
    try connection.run(
      """
      BEGIN IMMEDIATE;
      CREATE TABLE deployments (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, environment TEXT NOT NULL, app_id TEXT NOT NULL,
        created_at INTEGER NOT NULL, password_hash BLOB NOT NULL);
      CREATE TABLE settings (
        deployment TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (deployment, key));
      CREATE TABLE tokens (
        deployment TEXT NOT NULL, name TEXT NOT NULL, hash BLOB NOT NULL, read_only INTEGER NOT NULL,
        created_at INTEGER NOT NULL, last_used_at INTEGER, expires_at INTEGER,
        PRIMARY KEY (deployment, name));
      PRAGMA user_version = 1;
      COMMIT;
      """)
  }

  func deployments() throws -> [DeploymentRecord] {
    try lock.withLock { _ in
      let connection = try ready()
      let all = try connection.statement("SELECT deployment, key, value FROM settings")
      defer { all.reset() }
      var settings: [String: [String: String]] = [:]
      while try all.step() { settings[all.text(0), default: [:]][all.text(1)] = all.text(2) }
      let rows = try connection.statement(
        """
        SELECT id, name, environment, app_id, created_at, password_hash FROM deployments
        ORDER BY created_at, id
        """)
      defer { rows.reset() }
      var records: [DeploymentRecord] = []
      while try rows.step() {
        records.append(
          DeploymentRecord(
            id: rows.text(0), name: rows.text(1), environment: rows.text(2), appID: rows.text(3),
            createdAt: rows.instant(4) ?? .first, passwordHash: Array(rows.bytes(5)),
            settings: settings[rows.text(0)] ?? [:]))
      }
      return records
    }
  }

  func add(_ deployment: DeploymentRecord) throws {
    try change { connection in
      let add = try connection.statement(
        """
        INSERT INTO deployments (id, name, environment, app_id, created_at, password_hash)
        VALUES (?, ?, ?, ?, ?, ?)
        """)
      add.bind(1, text: deployment.id)
      add.bind(2, text: deployment.name)
      add.bind(3, text: deployment.environment)
      add.bind(4, text: deployment.appID)
      add.bind(5, integer: deployment.createdAt.secondsSince1970)
      deployment.passwordHash.withUnsafeBytes { add.bind(6, blob: $0) }
      try add.run()
      for (key, value) in deployment.settings { try Self.set(key, value, of: deployment.id, on: connection) }
    }
  }

  func remove(deployment id: String) throws {
    try change { connection in
      for sql in [
        "DELETE FROM settings WHERE deployment = ?", "DELETE FROM tokens WHERE deployment = ?",
        "DELETE FROM deployments WHERE id = ?",
      ] {
        let delete = try connection.statement(sql)
        delete.bind(1, text: id)
        try delete.run()
      }
    }
  }

  func set(_ settings: [(key: String, value: String?)], of deployment: String) throws {
    try change { connection in
      for (key, value) in settings {
        if let value {
          try Self.set(key, value, of: deployment, on: connection)
          continue
        }
        let delete = try connection.statement("DELETE FROM settings WHERE deployment = ? AND key = ?")
        delete.bind(1, text: deployment)
        delete.bind(2, text: key)
        try delete.run()
      }
    }
  }

  private static func set(
    _ key: String, _ value: String, of deployment: String, on connection: Connection
  ) throws {
    let set = try connection.statement(
      "INSERT OR REPLACE INTO settings (deployment, key, value) VALUES (?, ?, ?)")
    set.bind(1, text: deployment)
    set.bind(2, text: key)
    set.bind(3, text: value)
    try set.run()
  }

  func setPassword(hash: [UInt8], of deployment: String) throws {
    try change { connection in
      let set = try connection.statement("UPDATE deployments SET password_hash = ? WHERE id = ?")
      hash.withUnsafeBytes { set.bind(1, blob: $0) }
      set.bind(2, text: deployment)
      try set.run()
    }
  }

  // MARK: Tokens.

  func tokens() throws -> [TokenRecord] {
    try lock.withLock { _ in
      let connection = try ready()
      let rows = try connection.statement(
        """
        SELECT deployment, name, hash, read_only, created_at, last_used_at, expires_at FROM tokens
        ORDER BY created_at, name
        """)
      defer { rows.reset() }
      var records: [TokenRecord] = []
      while try rows.step() {
        records.append(
          TokenRecord(
            deployment: rows.text(0), name: rows.text(1), hash: Array(rows.bytes(2)),
            isReadOnly: rows.integer(3) != 0, createdAt: rows.instant(4) ?? .first,
            lastUsedAt: rows.instant(5), expiresAt: rows.instant(6)))
      }
      return records
    }
  }

  func add(_ token: TokenRecord) throws {
    try change { connection in
      let add = try connection.statement(
        """
        INSERT INTO tokens (deployment, name, hash, read_only, created_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """)
      add.bind(1, text: token.deployment)
      add.bind(2, text: token.name)
      token.hash.withUnsafeBytes { add.bind(3, blob: $0) }
      add.bind(4, integer: token.isReadOnly ? 1 : 0)
      add.bind(5, integer: token.createdAt.secondsSince1970)
      if let expiry = token.expiresAt {
        add.bind(6, integer: expiry.secondsSince1970)
      } else {
        add.bindNull(6)
      }
      try add.run()
    }
  }

  func remove(token name: String, of deployment: String) throws {
    try change { connection in
      let delete = try connection.statement("DELETE FROM tokens WHERE deployment = ? AND name = ?")
      delete.bind(1, text: deployment)
      delete.bind(2, text: name)
      try delete.run()
    }
  }

  func touch(_ uses: [(token: String, deployment: String, at: Instant)]) throws {
    try change { connection in
      let touch = try connection.statement(
        """
        UPDATE tokens SET last_used_at = max(ifnull(last_used_at, 0), ?)
        WHERE deployment = ? AND name = ?
        """)
      for use in uses {
        touch.bind(1, integer: use.at.secondsSince1970)
        touch.bind(2, text: use.deployment)
        touch.bind(3, text: use.token)
        try touch.run()
      }
    }
  }

  /// Under the lock.
  private func ready() throws -> Connection {
    if let opened { return opened }
    let connection = try Connection(path: path, role: .writer, cacheKiB: 256)
    opened = connection
    return connection
  }

  private func change(_ body: (Connection) throws -> Void) throws {
    try lock.withLock { _ in
      let connection = try ready()
      do {
        try connection.write { try body(connection) }
      } catch {
        // As in `Writer`: a failed sync is never tried again on the same handle.
        opened = nil
        throw error
      }
      // Small and seldom written: the log is folded in at once.
      sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
    }
  }
}

extension Statement {
  fileprivate func instant(_ column: Int32) -> Instant? {
    isNull(column) ? nil : Instant(secondsSince1970: integer(column))
  }
}
