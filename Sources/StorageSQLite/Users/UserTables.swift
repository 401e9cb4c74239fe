import Storage
import Wire

/// What a deployment's file keeps of app users: locks, sessions and enrolment tokens.
struct UserTables {
  let connection: Connection

  static let sql = """
    CREATE TABLE IF NOT EXISTS users (id BLOB PRIMARY KEY, locked INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS sessions (
      n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, user BLOB NOT NULL, state TEXT NOT NULL,
      created_at INTEGER NOT NULL, last_authenticated_at INTEGER, signed_out_at INTEGER,
      last_connected_at INTEGER, secret_hash BLOB, device_id TEXT, device TEXT, container TEXT,
      runtime TEXT, label TEXT, sync_status TEXT);
    CREATE INDEX IF NOT EXISTS sessions_user ON sessions (user, n);
    CREATE TABLE IF NOT EXISTS enrolment_tokens (
      hash BLOB PRIMARY KEY, user BLOB NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS enrolment_tokens_expiry ON enrolment_tokens (expires_at);
    """

  // MARK: Users.

  /// Nil where nothing is kept of the user.
  func record(_ id: ObjectID) throws -> UserRecord? {
    let user = try connection.statement("SELECT locked FROM users WHERE id = ?")
    user.bind(1, id: id)
    defer { user.reset() }
    guard try user.step() else { return nil }
    let rows = try connection.statement("SELECT \(Self.sessionColumns) FROM sessions WHERE user = ? ORDER BY n")
    rows.bind(1, id: id)
    defer { rows.reset() }
    var sessions: [UserSession] = []
    while try rows.step() { sessions.append(try session(in: rows)) }
    return UserRecord(id: id, isLocked: user.integer(0) != 0, sessions: sessions)
  }

  /// Writes what differs from `old`.
  func store(_ record: UserRecord, over old: UserRecord?) throws {
    if old == nil || record.isLocked != old?.isLocked {
      let user = try connection.statement("INSERT OR REPLACE INTO users (id, locked) VALUES (?, ?)")
      user.bind(1, id: record.id)
      user.bind(2, integer: record.isLocked ? 1 : 0)
      try user.run()
    }
    for session in record.sessions {
      guard let known = old?.session(session.id) else {
        try write(
          session, of: record.id,
          """
          INSERT INTO sessions (user, created_at, state, last_authenticated_at, signed_out_at,
            last_connected_at, secret_hash, device_id, device, container, runtime, label, sync_status, id)
          VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
          """)
        continue
      }
      if known == session { continue }
      try write(
        session, of: record.id,
        """
        UPDATE sessions SET user = ?1, created_at = ?2, state = ?3, last_authenticated_at = ?4,
          signed_out_at = ?5, last_connected_at = ?6, secret_hash = ?7, device_id = ?8, device = ?9,
          container = ?10, runtime = ?11, label = ?12, sync_status = ?13 WHERE id = ?14
        """)
    }
  }

  /// Whether the user has an object.
  func isThere(_ id: ObjectID, in model: StoredModel?) throws -> Bool {
    guard let model else { return false }
    let row = try connection.statement("SELECT 1 FROM \(model.table) WHERE id = ?")
    row.bind(1, id: id)
    defer { row.reset() }
    return try row.step()
  }

  // MARK: Sessions.

  func session(_ id: ObjectID) throws -> (user: ObjectID, session: UserSession)? {
    let row = try connection.statement("SELECT \(Self.sessionColumns), user FROM sessions WHERE id = ?")
    row.bind(1, id: id)
    defer { row.reset() }
    guard try row.step() else { return nil }
    return (try row.id(14), try session(in: row))
  }

  /// The state of a session; nil where there is none.
  func state(ofSession id: ObjectID) throws -> SessionState? {
    let row = try connection.statement("SELECT state FROM sessions WHERE id = ?")
    row.bind(1, id: id)
    defer { row.reset() }
    return try row.step() ? try Self.state(row.text(0)) : nil
  }

  /// Nil where there is no such session; the inner nil where it was never connected.
  func lastConnection(of session: ObjectID) throws -> Instant?? {
    let row = try connection.statement("SELECT last_connected_at FROM sessions WHERE id = ?")
    row.bind(1, id: session)
    defer { row.reset() }
    return try row.step() ? .some(try row.instant(0)) : nil
  }

  func noteConnection(of session: ObjectID, at time: Instant) throws {
    let note = try connection.statement(
      "UPDATE sessions SET last_connected_at = ? WHERE id = ?")
    note.bind(1, integer: time.secondsSince1970)
    note.bind(2, id: session)
    try note.run()
  }

  private static let sessionColumns = """
    id, state, created_at, last_authenticated_at, signed_out_at, last_connected_at, secret_hash, device_id,
    device, container, runtime, label, sync_status, n
    """

  private func session(in row: Statement) throws -> UserSession {
    UserSession(
      id: try row.id(0), state: try Self.state(row.text(1)),
      times: UserSession.Times(
        createdAt: try row.instant(2) ?? .first, lastAuthenticatedAt: try row.instant(3),
        signedOutAt: try row.instant(4), lastConnectedAt: try row.instant(5)),
      secretHash: row.isNull(6) ? nil : Array(row.bytes(6)),
      about: DeviceDescription(
        deviceID: row.textIfAny(7), device: row.textIfAny(8), container: row.textIfAny(9),
        runtime: row.textIfAny(10), label: row.textIfAny(11)),
      syncStatus: row.textIfAny(12))
  }

  private static func state(_ text: String) throws -> SessionState {
    guard let state = SessionState(rawValue: text) else {
      throw StorageError.broken("a session has the state \(CutText.cut(text))")
    }
    return state
  }

  private func write(_ session: UserSession, of user: ObjectID, _ sql: String) throws {
    let write = try connection.statement(sql)
    write.bind(1, id: user)
    write.bind(2, integer: session.times.createdAt.secondsSince1970)
    write.bind(3, text: session.state.rawValue)
    write.bind(4, instant: session.times.lastAuthenticatedAt)
    write.bind(5, instant: session.times.signedOutAt)
    write.bind(6, instant: session.times.lastConnectedAt)
    write.bind(7, bytes: session.secretHash)
    write.bind(8, textIfAny: session.about.deviceID)
    write.bind(9, textIfAny: session.about.device)
    write.bind(10, textIfAny: session.about.container)
    write.bind(11, textIfAny: session.about.runtime)
    write.bind(12, textIfAny: session.about.label)
    write.bind(13, textIfAny: session.syncStatus)
    write.bind(14, id: session.id)
    try write.run()
  }
}

extension UserTables {
  // MARK: Enrolment tokens.

  func add(_ token: EnrolmentToken) throws {
    let add = try connection.statement(
      "INSERT OR REPLACE INTO enrolment_tokens (hash, user, expires_at, used_at) VALUES (?, ?, ?, ?)")
    add.bind(1, bytes: token.hash)
    add.bind(2, id: token.user)
    add.bind(3, integer: token.expiresAt.secondsSince1970)
    add.bind(4, instant: token.usedAt)
    try add.run()
  }

  func token(withHash hash: [UInt8]) throws -> EnrolmentToken? {
    let row = try connection.statement("SELECT user, expires_at, used_at FROM enrolment_tokens WHERE hash = ?")
    row.bind(1, bytes: hash)
    defer { row.reset() }
    guard try row.step() else { return nil }
    return EnrolmentToken(
      hash: hash, user: try row.id(0), expiresAt: try row.instant(1) ?? .first, usedAt: try row.instant(2))
  }

  func forgetTokens(expiredBefore horizon: Instant) throws {
    let forget = try connection.statement("DELETE FROM enrolment_tokens WHERE expires_at < ?")
    forget.bind(1, integer: horizon.secondsSince1970)
    try forget.run()
  }
}

extension Statement {
  fileprivate func instant(_ column: Int32) throws -> Instant? {
    if isNull(column) { return nil }
    guard let instant = Instant(secondsSince1970: integer(column)) else {
      throw StorageError.broken("the time \(integer(column)) in: \(sql.prefix(200))")
    }
    return instant
  }

  fileprivate func textIfAny(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  fileprivate func bind(_ parameter: Int32, instant: Instant?) {
    if let instant { bind(parameter, integer: instant.secondsSince1970) } else { bindNull(parameter) }
  }

  fileprivate func bind(_ parameter: Int32, textIfAny text: String?) {
    if let text { bind(parameter, text: text) } else { bindNull(parameter) }
  }

  fileprivate func bind(_ parameter: Int32, bytes: [UInt8]?) {
    if let bytes { bytes.withUnsafeBytes { bind(parameter, blob: $0) } } else { bindNull(parameter) }
  }
}
