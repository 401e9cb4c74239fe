import Storage
import Wire

/// What a deployment keeps of app users: locks, sessions and enrolment tokens.
struct UserTables {
  let schema: DeploymentSchema

  /// A user's sessions count from 1, in order of creation.
  static func statements(in schema: DeploymentSchema) -> [String] {
    let name = schema.name
    return [
      "CREATE TABLE \(name).users (id uuid PRIMARY KEY, locked boolean NOT NULL)",
      """
      CREATE TABLE \(name).sessions (
        id uuid PRIMARY KEY, app_user uuid NOT NULL, n bigint NOT NULL, state text COLLATE "C" NOT NULL,
        created_at bigint NOT NULL, last_authenticated_at bigint, signed_out_at bigint, last_connected_at bigint,
        secret_hash bytea, device_id bytea, device bytea, container bytea, runtime bytea, label bytea,
        sync_status bytea, UNIQUE (app_user, n))
      """,
      """
      CREATE TABLE \(name).enrolment_tokens (
        hash bytea PRIMARY KEY, app_user uuid NOT NULL, expires_at bigint NOT NULL, used_at bigint)
      """,
      "CREATE INDEX enrolment_tokens_expiry ON \(name).enrolment_tokens (expires_at)",
    ]
  }

  // MARK: Reading.

  /// What is kept of the user, and whether the user has an object.
  func ask(for id: ObjectID, in appUser: StoredModel?, _ inquiry: inout PostgresInquiry<KeptRows>) {
    inquiry.ask(records) {
      $0.add(ids: [id])
    } taking: {
      $1.user = try Self.records($0)[id]
    }
    guard let appUser else { return }
    inquiry.ask("SELECT 1 FROM \(schema.table(of: appUser)) WHERE id = $1") {
      $0.add(id: id)
    } taking: {
      $1.isUserThere = $0.count > 0
    }
  }

  func ask(forToken hash: [UInt8], _ inquiry: inout PostgresInquiry<KeptRows>) {
    inquiry.ask("SELECT app_user, expires_at, used_at FROM \(schema.name).enrolment_tokens WHERE hash = $1") {
      $0.add(bytes: hash)
    } taking: { result, rows in
      guard let row = result.first else { return }
      rows.token = EnrolmentToken(
        hash: hash, user: try row.id(0), expiresAt: try row.instant(1), usedAt: try row.instantIfAny(2))
    }
  }

  func ask(forConnectionsOf sessions: [ObjectID], _ inquiry: inout PostgresInquiry<KeptRows>) {
    inquiry.ask("SELECT id, last_connected_at FROM \(schema.name).sessions WHERE id = ANY ($1)") {
      $0.add(ids: sessions)
    } taking: { result, rows in
      try result.each { rows.connections.updateValue(try $0.instantIfAny(1), forKey: try $0.id(0)) }
    }
  }

  private static let sessionColumns = """
    s.id, s.state, s.created_at, s.last_authenticated_at, s.signed_out_at, s.last_connected_at, s.secret_hash,
    s.device_id, s.device, s.container, s.runtime, s.label, s.sync_status
    """

  /// A row for each session, and for each user without one.
  private var records: String {
    """
    SELECT \(Self.sessionColumns), u.id, u.locked
    FROM \(schema.name).users u LEFT JOIN \(schema.name).sessions s ON s.app_user = u.id
    WHERE u.id = ANY ($1) ORDER BY u.id, s.n
    """
  }

  private static func records(_ result: PostgresResult) throws -> [ObjectID: UserRecord] {
    var sessions: [ObjectID: [UserSession]] = [:]
    var locked: [ObjectID: Bool] = [:]
    try result.each { row in
      let user = try row.id(13)
      locked[user] = try row.isTrue(14)
      if !row.isNull(0) { sessions[user, default: []].append(try session(row)) }
    }
    return Dictionary(
      uniqueKeysWithValues: locked.map { id, isLocked in
        (id, UserRecord(id: id, isLocked: isLocked, sessions: sessions[id] ?? []))
      })
  }

  private static func session(_ row: PostgresRow) throws -> UserSession {
    UserSession(
      id: try row.id(0), state: try state(try row.text(1)),
      times: UserSession.Times(
        createdAt: try row.instant(2), lastAuthenticatedAt: try row.instantIfAny(3),
        signedOutAt: try row.instantIfAny(4), lastConnectedAt: try row.instantIfAny(5)),
      secretHash: try row.bytesIfAny(6),
      about: DeviceDescription(
        deviceID: try row.wordsIfAny(7), device: try row.wordsIfAny(8), container: try row.wordsIfAny(9),
        runtime: try row.wordsIfAny(10), label: try row.wordsIfAny(11)),
      syncStatus: try row.wordsIfAny(12))
  }

  static func state(_ text: String) throws -> SessionState {
    guard let state = SessionState(rawValue: text) else {
      throw StorageError.broken("a session has the state \(CutText.cut(text))")
    }
    return state
  }
}

extension UserTables {
  // MARK: For snapshots.

  func users(_ ids: [ObjectID], on connection: PostgresConnection) throws -> [ObjectID: UserRecord] {
    if ids.isEmpty { return [:] }
    return try Self.records(try connection.rows(records) { $0.add(ids: ids) })
  }

  func session(
    _ id: ObjectID, on connection: PostgresConnection
  ) throws -> (user: ObjectID, session: UserSession)? {
    let found = try connection.rows(
      "SELECT \(Self.sessionColumns), s.app_user FROM \(schema.name).sessions s WHERE s.id = $1"
    ) { $0.add(id: id) }
    return try found.first.map { (try $0.id(13), try Self.session($0)) }
  }

  func knows(tokenHash: [UInt8], on connection: PostgresConnection) throws -> Bool {
    try connection.rows("SELECT 1 FROM \(schema.name).enrolment_tokens WHERE hash = $1") {
      $0.add(bytes: tokenHash)
    }.count > 0
  }
}

extension PostgresRow {
  /// A text that a device made up. It is kept as bytes, since it may hold what PostgreSQL's texts cannot: U+0000.
  fileprivate func wordsIfAny(_ column: Int) throws(StorageError) -> String? {
    try bytesIfAny(column).map { String(decoding: $0, as: UTF8.self) }
  }
}
