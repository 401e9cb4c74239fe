import Wire

/// Deployments with what is kept of each.
struct DeploymentRows<Tables: ControlTables> {
  let tables: Tables

  /// All, or those that changed after a revision; in order of creation. As many statements for a hundred as for one.
  func kept(changedSince revision: Int64? = nil) throws -> [KeptDeployment] {
    var settings = try SettingRows(tables: tables).settings(changedSince: revision)
    var notes = try SettingRows(tables: tables).notes(changedSince: revision)
    var tokens = try TokenRows(tables: tables).tokens(changedSince: revision)
    let kept = try tables.rows(
      """
      SELECT id, name, environment, app_id, created_at, password_hash, password_used_at, password_address
      FROM \(Tables.prefix)deployments\(Self.condition("id", revision)) ORDER BY created_at, id
      """, Self.values(revision)
    ) { row in
      let id = try row.text(0)
      var record = DeploymentRecord(
        id: id, name: try row.text(1), environment: try row.text(2), appID: try row.text(3),
        createdAt: try row.time(4), passwordHash: try row.blob(5), settings: settings.removeValue(forKey: id) ?? [:])
      record.settingNotes = notes.removeValue(forKey: id) ?? [:]
      record.passwordUse = try row.use(6, from: 7)
      return KeptDeployment(record, tokens: tokens.removeValue(forKey: id) ?? [])
    }
    return kept
  }

  /// Of deployments that changed after a revision, if one is said.
  static func condition(_ column: String, _ revision: Int64?) -> String {
    revision == nil
      ? "" : " WHERE \(column) IN (SELECT deployment FROM \(Tables.prefix)changes WHERE revision > ?1)"
  }

  static func values(_ revision: Int64?) -> [SQLValue] { revision.map { [.integer($0)] } ?? [] }

  func add(_ deployment: DeploymentRecord) throws {
    try tables.run(
      """
      INSERT INTO \(Tables.prefix)deployments (id, name, environment, app_id, created_at, password_hash)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6)
      """,
      [
        .text(deployment.id), .text(deployment.name), .text(deployment.environment), .text(deployment.appID),
        .time(deployment.createdAt), .blob(deployment.passwordHash),
      ])
    let settings = SettingRows(tables: tables)
    for (key, value) in deployment.settings { try settings.set(key, value, of: deployment.id) }
  }

  func remove(_ id: String) throws {
    for table in [
      "settings", "setting_notes", "tokens", "grants", "view_states", "column_choices", "views", "view_defaults",
    ] { try tables.delete(from: table, where: "deployment = ?1", [.text(id)]) }
    try tables.delete(from: "deployments", where: "id = ?1", [.text(id)])
  }

  func setPassword(hash: [UInt8], of deployment: String) throws {
    try tables.run(
      """
      UPDATE \(Tables.prefix)deployments SET password_hash = ?1, password_used_at = NULL, password_address = NULL
      WHERE id = ?2
      """, [.blob(hash), .text(deployment)])
  }

  func touch(_ noted: NotedUse) throws {
    let values: [SQLValue] = [.time(noted.use.at), .text(noted.use.address), .text(noted.deployment)]
    guard let token = noted.token else {
      return try tables.run(
        """
        UPDATE \(Tables.prefix)deployments SET password_used_at = ?1, password_address = ?2
        WHERE id = ?3 AND coalesce(password_used_at, ?1) <= ?1
        """, values)
    }
    try tables.run(
      """
      UPDATE \(Tables.prefix)tokens SET last_used_at = ?1, last_address = ?2
      WHERE deployment = ?3 AND name = ?4 AND coalesce(last_used_at, ?1) <= ?1
      """, values + [.text(token)])
  }
}

extension TableRow {
  /// Nil where there was none.
  func use(_ at: Int, from address: Int) throws -> CredentialUse? {
    try timeOrNil(at).map { CredentialUse(at: $0, address: try textOrNil(address) ?? "") }
  }
}
