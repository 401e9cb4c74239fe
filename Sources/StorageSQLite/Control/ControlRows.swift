import Storage
import Wire

/// The rows of a control file, on a connection that its borrower has for itself.
struct ControlRows {
  let connection: Connection

  // MARK: Revision and changes.

  func revision() throws -> Int64 { try edge("max") ?? 0 }

  private func edge(_ function: String) throws -> Int64? {
    let rows = try connection.statement("SELECT \(function)(revision) FROM changes")
    defer { rows.reset() }
    return try rows.step() && !rows.isNull(0) ? rows.integer(0) : nil
  }

  /// Raises the revision.
  func note(_ kind: ControlChange.Kind, of deployment: String, remembering most: Int64) throws {
    let revision = try revision() + 1
    let note = try connection.statement("INSERT INTO changes (revision, deployment, kind) VALUES (?, ?, ?)")
    note.bind(1, integer: revision)
    note.bind(2, text: deployment)
    note.bind(3, text: kind.rawValue)
    try note.run()
    let forget = try connection.statement("DELETE FROM changes WHERE revision <= ?")
    forget.bind(1, integer: revision - most)
    try forget.run()
  }

  func changes(since start: Int64) throws -> ControlChanges {
    let latest = try revision()
    if start == latest { return .some([], ControlContents(revision: latest, deployments: [])) }
    guard start < latest, let oldest = try edge("min"), start >= oldest - 1 else {
      return .everything(try contents())
    }
    let rows = try connection.statement(
      "SELECT revision, deployment, kind FROM changes WHERE revision > ? ORDER BY revision")
    defer { rows.reset() }
    rows.bind(1, integer: start)
    var changes: [ControlChange] = []
    while try rows.step() {
      changes.append(
        ControlChange(
          revision: rows.integer(0), deployment: rows.text(1),
          // A kind that is not known tells that something is different now, which is all that `changed` says.
          kind: ControlChange.Kind(rawValue: rows.text(2)) ?? .changed))
    }
    let kept = try Set(changes.map(\.deployment)).compactMap { try self.kept($0) }
    return .some(changes, ControlContents(revision: latest, deployments: Self.inOrder(kept)))
  }

  // MARK: Deployments.

  func contents() throws -> ControlContents {
    let rows = try connection.statement("SELECT id FROM deployments")
    var ids: [String] = []
    while try rows.step() { ids.append(rows.text(0)) }
    rows.reset()
    return ControlContents(
      revision: try revision(), deployments: Self.inOrder(try ids.compactMap { try kept($0) }))
  }

  private static func inOrder(_ deployments: [KeptDeployment]) -> [KeptDeployment] {
    deployments.sorted { ($0.record.createdAt, $0.record.id) < ($1.record.createdAt, $1.record.id) }
  }

  private func kept(_ id: String) throws -> KeptDeployment? {
    let rows = try connection.statement(
      """
      SELECT name, environment, app_id, created_at, password_hash, password_used_at, password_address
      FROM deployments WHERE id = ?
      """)
    defer { rows.reset() }
    rows.bind(1, text: id)
    guard try rows.step() else { return nil }
    var record = DeploymentRecord(
      id: id, name: rows.text(0), environment: rows.text(1), appID: rows.text(2),
      createdAt: rows.time(3) ?? .first, passwordHash: Array(rows.bytes(4)), settings: try settings(of: id))
    record.settingNotes = try notes(of: id)
    record.passwordUse = rows.use(5, from: 6)
    return KeptDeployment(record, tokens: try tokens(of: id))
  }

  func add(_ deployment: DeploymentRecord) throws {
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
    for (key, value) in deployment.settings { try set(key, value, of: deployment.id) }
  }

  func remove(deployment id: String) throws {
    for sql in [
      "DELETE FROM settings WHERE deployment = ?", "DELETE FROM setting_notes WHERE deployment = ?",
      "DELETE FROM tokens WHERE deployment = ?",
      "DELETE FROM grants WHERE deployment = ?", "DELETE FROM view_states WHERE deployment = ?",
      "DELETE FROM column_choices WHERE deployment = ?", "DELETE FROM views WHERE deployment = ?",
      "DELETE FROM view_defaults WHERE deployment = ?", "DELETE FROM deployments WHERE id = ?",
    ] { try connection.run(sql, [.text(id)]) }
  }

  func setPassword(hash: [UInt8], of deployment: String) throws {
    let set = try connection.statement(
      """
      UPDATE deployments SET password_hash = ?, password_used_at = NULL, password_address = NULL WHERE id = ?
      """)
    hash.withUnsafeBytes { set.bind(1, blob: $0) }
    set.bind(2, text: deployment)
    try set.run()
  }

  // MARK: Settings.

  private func settings(of id: String) throws -> [String: String] {
    let rows = try connection.statement("SELECT key, value FROM settings WHERE deployment = ?")
    defer { rows.reset() }
    rows.bind(1, text: id)
    var settings: [String: String] = [:]
    while try rows.step() { settings[rows.text(0)] = rows.text(1) }
    return settings
  }

  private func notes(of id: String) throws -> [String: SettingNote] {
    let rows = try connection.rows(
      "SELECT key, at, maker FROM setting_notes WHERE deployment = ?", [.text(id)]
    ) { ($0.text(0), SettingNote(at: $0.time(1) ?? .first, by: $0.text(2))) }
    return Dictionary(uniqueKeysWithValues: rows)
  }

  /// Whether all conditions hold; where one does not, nothing was done.
  func set(_ plan: SettingsPlan, of deployment: String) throws -> Bool {
    let present = try plan.conditions.isEmpty ? [:] : settings(of: deployment)
    guard plan.conditions.allSatisfy({ present[$0.key] == $0.value }) else { return false }
    for (key, value) in plan.assignments {
      try set(key, value, of: deployment)
      try note(plan.note, for: key, of: deployment)
    }
    return true
  }

  private func note(_ note: SettingNote?, for key: String, of deployment: String) throws {
    guard let note else {
      return try connection.run(
        "DELETE FROM setting_notes WHERE deployment = ? AND key = ?", [.text(deployment), .text(key)])
    }
    try connection.run(
      "INSERT OR REPLACE INTO setting_notes (deployment, key, at, maker) VALUES (?, ?, ?, ?)",
      [.text(deployment), .text(key), .time(note.at), .text(note.by)])
  }

  /// Nil goes back to the default.
  func set(_ key: String, _ value: String?, of deployment: String) throws {
    let sql =
      value == nil
      ? "DELETE FROM settings WHERE deployment = ? AND key = ?"
      : "INSERT OR REPLACE INTO settings (deployment, key, value) VALUES (?, ?, ?)"
    let set = try connection.statement(sql)
    set.bind(1, text: deployment)
    set.bind(2, text: key)
    if let value { set.bind(3, text: value) }
    try set.run()
  }

  // MARK: Tokens.

  private func tokens(of id: String) throws -> [TokenRecord] {
    let rows = try connection.statement(
      """
      SELECT name, hash, read_only, created_at, last_used_at, expires_at, last_address FROM tokens WHERE deployment = ?
      ORDER BY created_at, name
      """)
    defer { rows.reset() }
    rows.bind(1, text: id)
    var tokens: [TokenRecord] = []
    while try rows.step() {
      tokens.append(
        TokenRecord(
          deployment: id, name: rows.text(0), hash: Array(rows.bytes(1)), isReadOnly: rows.integer(2) != 0,
          createdAt: rows.time(3) ?? .first, lastUse: rows.use(4, from: 6), expiresAt: rows.time(5)))
    }
    return tokens
  }

  func add(_ token: TokenRecord) throws {
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

  func remove(token name: String, of deployment: String) throws {
    let delete = try connection.statement("DELETE FROM tokens WHERE deployment = ? AND name = ?")
    delete.bind(1, text: deployment)
    delete.bind(2, text: name)
    try delete.run()
  }

  func touch(_ noted: NotedUse) throws {
    let values: [SQLValue] = [.time(noted.use.at), .text(noted.use.address), .text(noted.deployment)]
    guard let token = noted.token else {
      return try connection.run(
        """
        UPDATE deployments SET password_used_at = ?1, password_address = ?2
        WHERE id = ?3 AND ifnull(password_used_at, ?1) <= ?1
        """, values)
    }
    try connection.run(
      """
      UPDATE tokens SET last_used_at = ?1, last_address = ?2
      WHERE deployment = ?3 AND name = ?4 AND ifnull(last_used_at, ?1) <= ?1
      """, values + [.text(token)])
  }
}

extension Statement {
  /// Nil where there was none.
  fileprivate func use(_ at: Int32, from address: Int32) -> CredentialUse? {
    time(at).map { CredentialUse(at: $0, address: text(address)) }
  }
}
