/// Settings, and who set them: of those that went back to their default, too.
struct SettingRows<Tables: ControlTables> {
  let tables: Tables

  /// By deployment, of those that changed after a revision.
  func settings(changedSince revision: Int64?) throws -> [String: [String: String]] {
    try grouped(
      tables.rows(
        """
        SELECT deployment, key, value
        FROM \(Tables.prefix)settings\(DeploymentRows<Tables>.condition("deployment", revision))
        """, DeploymentRows<Tables>.values(revision)
      ) { (try $0.text(0), try $0.text(1), try $0.text(2)) })
  }

  func notes(changedSince revision: Int64?) throws -> [String: [String: SettingNote]] {
    try grouped(
      tables.rows(
        """
        SELECT deployment, key, at, maker
        FROM \(Tables.prefix)setting_notes\(DeploymentRows<Tables>.condition("deployment", revision))
        """, DeploymentRows<Tables>.values(revision)
      ) { (try $0.text(0), try $0.text(1), SettingNote(at: try $0.time(2), by: try $0.text(3))) })
  }

  private func grouped<Value>(_ rows: [(String, String, Value)]) -> [String: [String: Value]] {
    rows.reduce(into: [:]) { grouped, row in grouped[row.0, default: [:]][row.1] = row.2 }
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

  private func settings(of deployment: String) throws -> [String: String] {
    let rows = try tables.rows(
      "SELECT key, value FROM \(Tables.prefix)settings WHERE deployment = ?1", [.text(deployment)]
    ) { (try $0.text(0), try $0.text(1)) }
    return Dictionary(rows, uniquingKeysWith: { _, last in last })
  }

  /// Nil goes back to the default.
  func set(_ key: String, _ value: String?, of deployment: String) throws {
    guard let value else {
      return try tables.delete(
        from: "settings", where: "deployment = ?1 AND key = ?2", [.text(deployment), .text(key)])
    }
    try tables.put(
      into: "settings", keys: 2, ["deployment", "key", "value"], [.text(deployment), .text(key), .text(value)])
  }

  private func note(_ note: SettingNote?, for key: String, of deployment: String) throws {
    guard let note else {
      return try tables.delete(
        from: "setting_notes", where: "deployment = ?1 AND key = ?2", [.text(deployment), .text(key)])
    }
    try tables.put(
      into: "setting_notes", keys: 2, ["deployment", "key", "at", "maker"],
      [.text(deployment), .text(key), .time(note.at), .text(note.by)])
  }
}
