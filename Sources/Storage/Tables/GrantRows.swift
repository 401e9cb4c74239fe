/// Roles of people and of invitations: a holder is a person's id or, in 64 hex digits, the hash of a link.
struct GrantRows<Tables: ControlTables> {
  let tables: Tables

  private var columns: String { "deployment, roles, sensitive" }

  /// By holder, in order of deployments.
  func all() throws -> [String: [RoleGrant]] {
    let rows = try tables.rows(
      "SELECT \(columns), holder FROM \(Tables.prefix)grants ORDER BY deployment", []
    ) { (holder: try $0.text(3), grant: try Self.grant($0)) }
    return rows.reduce(into: [:]) { $0[$1.holder, default: []].append($1.grant) }
  }

  func grants(of holder: String) throws -> [RoleGrant] {
    try tables.rows(
      "SELECT \(columns) FROM \(Tables.prefix)grants WHERE holder = ?1 ORDER BY deployment", [.text(holder)],
      Self.grant)
  }

  private static func grant(_ row: Tables.Row) throws -> RoleGrant {
    // A role that is not known gives no right.
    RoleGrant(
      deployment: try row.text(0),
      roles: Set(try row.text(1).split(separator: ",").compactMap { Role(rawValue: String($0)) }),
      seesSensitive: try row.flag(2))
  }

  func put(_ grants: [RoleGrant], of holder: String) throws {
    try remove(of: holder)
    for grant in grants {
      try tables.run(
        "INSERT INTO \(Tables.prefix)grants (holder, deployment, roles, sensitive) VALUES (?1, ?2, ?3, ?4)",
        [
          .text(holder), .text(grant.deployment),
          .text(grant.roles.sorted().map(\.rawValue).joined(separator: ",")), .flag(grant.seesSensitive),
        ])
    }
  }

  func remove(of holder: String) throws { try tables.delete(from: "grants", where: "holder = ?1", [.text(holder)]) }
}
