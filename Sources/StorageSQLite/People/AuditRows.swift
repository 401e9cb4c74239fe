import Storage
import Wire

/// The audit and its anchor.
struct AuditRows {
  let connection: Connection

  private static let columns = """
    number, at, person, deployment, address, action, target, filter, count, reference, outcome, hash
    """

  func entries(_ want: AuditWant) throws -> [AuditEntry] {
    var terms = ["1"]
    var values: [SQLValue] = []
    func demand(_ term: String, _ value: SQLValue?) {
      guard let value else { return }
      terms.append(term)
      values.append(value)
    }
    let order: String
    switch want.order {
    case .newest(let before):
      demand("number < ?", before.map { .integer($0) })
      // Numbers have no gaps.
      if let reach = want.reach {
        demand("number >= ?", .integer(try max(min(before ?? .max, end().number + 1), 0) - max(reach, 0)))
      }
      order = "DESC"
    case .oldest(let after):
      demand("number > ?", .integer(after))
      if let reach = want.reach {
        let start = try min(max(after, anchor().number), .max / 2)
        demand("number <= ?", .integer(start + min(max(reach, 0), .max / 2)))
      }
      order = "ASC"
    }
    demand("person = ?", want.person.map { .text($0.text) })
    demand("deployment = ?", want.deployment.map { .text($0) })
    demand("action = ?", want.action.map { .text($0) })
    demand("target = ?", want.target.map { .text($0) })
    demand("at >= ?", want.from.map { .time($0) })
    demand("at <= ?", want.to.map { .time($0) })
    values.append(.integer(Int64(max(want.limit, 0))))
    return try connection.rows(
      """
      SELECT \(Self.columns) FROM audit WHERE \(terms.joined(separator: " AND ")) ORDER BY number \(order) LIMIT ?
      """, values, Self.entry)
  }

  private static func entry(_ row: Statement) -> AuditEntry {
    var draft = AuditDraft(
      at: row.time(1) ?? .first, action: row.text(5), target: row.text(6), outcome: row.text(10))
    draft.person = row.textOrNil(2).flatMap { PersonID($0) }
    draft.deployment = row.textOrNil(3)
    draft.address = row.text(4)
    draft.filter = row.textOrNil(7)
    draft.count = row.isNull(8) ? nil : row.integer(8)
    draft.reference = row.textOrNil(9)
    return AuditEntry(number: row.integer(0), draft: draft, hash: row.blob(11))
  }

  /// What the oldest entry is chained to.
  func anchor() throws -> AuditAnchor {
    try connection.rows("SELECT number, hash FROM audit_anchor") {
      AuditAnchor(number: $0.integer(0), hash: $0.blob(1))
    }.first ?? .start
  }

  /// What the next entry is chained to.
  private func end() throws -> AuditAnchor {
    try connection.rows("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1") {
      AuditAnchor(number: $0.integer(0), hash: $0.blob(1))
    }.first ?? anchor()
  }

  func append(_ drafts: [AuditDraft]) throws -> [AuditEntry] {
    if drafts.isEmpty { return [] }
    var end = try end()
    return try drafts.map { draft in
      let entry = AuditEntry(draft, after: end)
      try put(entry)
      end = entry.anchor
      return entry
    }
  }

  private func put(_ entry: AuditEntry) throws {
    let draft = entry.draft
    try connection.run(
      "INSERT INTO audit (\(Self.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .integer(entry.number), .time(draft.at), .text(orNull: draft.person?.text), .text(orNull: draft.deployment),
        .text(draft.address), .text(draft.action), .text(draft.target), .text(orNull: draft.filter),
        .integer(orNull: draft.count), .text(orNull: draft.reference), .text(draft.outcome), .blob(entry.hash),
      ])
  }

  /// Up to the first entry that is to be kept: a clock that went back leaves no gap.
  func trim(before time: Instant) throws {
    let last = try connection.rows(
      """
      SELECT number, hash FROM audit
      WHERE number < ifnull((SELECT min(number) FROM audit WHERE at >= ?), 9223372036854775807)
      ORDER BY number DESC LIMIT 1
      """, [.time(time)]
    ) { AuditAnchor(number: $0.integer(0), hash: $0.blob(1)) }.first
    guard let last else { return }
    try connection.run("DELETE FROM audit WHERE number <= ?", [.integer(last.number)])
    try connection.run("DELETE FROM audit_anchor", [])
    try connection.run(
      "INSERT INTO audit_anchor (number, hash) VALUES (?, ?)", [.integer(last.number), .blob(last.hash)])
  }
}
