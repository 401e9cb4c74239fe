/// The revision of a control store, and what raised it.
struct ChangeRows<Tables: ControlTables> {
  let tables: Tables

  private var table: String { "\(Tables.prefix)changes" }

  func revision() throws -> Int64 {
    try tables.rows("SELECT max(revision) FROM \(table)", []) { try $0.integerOrNil(0) ?? 0 }.first ?? 0
  }

  /// Raises the revision. The newest row is never removed: its number is the revision.
  func note(_ kind: ControlChange.Kind, of deployment: String, remembering most: Int64) throws {
    let revision = try revision() + 1
    try tables.run(
      "INSERT INTO \(table) (revision, deployment, kind) VALUES (?1, ?2, ?3)",
      [.integer(revision), .text(deployment), .text(kind.rawValue)])
    try tables.delete(from: "changes", where: "revision <= ?1", [.integer(revision - most)])
  }

  func contents() throws -> ControlContents {
    ControlContents(revision: try revision(), deployments: try DeploymentRows(tables: tables).kept())
  }

  func changes(since start: Int64) throws -> ControlChanges {
    let (oldest, latest) = try edges()
    if start == latest { return .some([], ControlContents(revision: latest, deployments: [])) }
    guard start < latest, let oldest, start >= oldest - 1 else { return .everything(try contents()) }
    let changes = try tables.rows(
      "SELECT revision, deployment, kind FROM \(table) WHERE revision > ?1 ORDER BY revision", [.integer(start)]
    ) {
      ControlChange(
        revision: try $0.integer(0), deployment: try $0.text(1),
        // A kind that is not known tells that something is different now, which is all that `changed` says.
        kind: ControlChange.Kind(rawValue: try $0.text(2)) ?? .changed)
    }
    let kept = try DeploymentRows(tables: tables).kept(changedSince: start)
    return .some(changes, ControlContents(revision: latest, deployments: kept))
  }

  private func edges() throws -> (oldest: Int64?, latest: Int64) {
    try tables.rows("SELECT min(revision), max(revision) FROM \(table)", []) {
      (try $0.integerOrNil(0), try $0.integerOrNil(1) ?? 0)
    }.first ?? (nil, 0)
  }
}
