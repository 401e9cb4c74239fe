import Wire

/// Tokens.
struct TokenRows<Tables: ControlTables> {
  let tables: Tables

  /// By deployment, each in order of creation; of deployments that changed after a revision.
  func tokens(changedSince revision: Int64?) throws -> [String: [TokenRecord]] {
    let rows = try tables.rows(
      """
      SELECT deployment, name, hash, read_only, created_at, last_used_at, expires_at, last_address
      FROM \(Tables.prefix)tokens\(DeploymentRows<Tables>.condition("deployment", revision)) ORDER BY created_at, name
      """, DeploymentRows<Tables>.values(revision)
    ) { row in
      TokenRecord(
        deployment: try row.text(0), name: try row.text(1), hash: try row.blob(2), isReadOnly: try row.flag(3),
        createdAt: try row.time(4), lastUse: try row.use(5, from: 7), expiresAt: try row.timeOrNil(6))
    }
    return Dictionary(grouping: rows, by: \.deployment)
  }

  func add(_ token: TokenRecord) throws {
    try tables.run(
      """
      INSERT INTO \(Tables.prefix)tokens (deployment, name, hash, read_only, created_at, expires_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6)
      """,
      [
        .text(token.deployment), .text(token.name), .blob(token.hash), .flag(token.isReadOnly),
        .time(token.createdAt), .time(token.expiresAt),
      ])
  }

  func remove(_ name: String, of deployment: String) throws {
    try tables.delete(from: "tokens", where: "deployment = ?1 AND name = ?2", [.text(deployment), .text(name)])
  }
}
