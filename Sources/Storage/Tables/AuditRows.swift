import Wire

/// The audit and its anchor.
struct AuditRows<Tables: ControlTables> {
  let tables: Tables

  private static var columns: String {
    "number, at, person, deployment, address, action, target, filter, count, reference, outcome, hash"
  }

  func entries(_ want: AuditWant) throws -> [AuditEntry] {
    var terms: [String] = []
    var values: [SQLValue] = []
    func demand(_ term: String, _ value: SQLValue?) {
      guard let value else { return }
      values.append(value)
      terms.append("\(term) ?\(values.count)")
    }
    let order: String
    switch want.order {
    case .newest(let before):
      demand("number <", .integer(before ?? .max))
      // Numbers have no gaps.
      if let reach = want.reach {
        demand("number >=", .integer(try max(min(before ?? .max, end().number + 1), 0) - max(reach, 0)))
      }
      order = "DESC"
    case .oldest(let after):
      demand("number >", .integer(after))
      if let reach = want.reach {
        let start = try min(max(after, anchor().number), .max / 2)
        demand("number <=", .integer(start + min(max(reach, 0), .max / 2)))
      }
      order = "ASC"
    }
    demand("person =", want.person.map { .text($0.text) })
    demand("deployment =", want.deployment.map { .text($0) })
    demand("action =", want.action.map { .text($0) })
    demand("target =", want.target.map { .text($0) })
    demand("at >=", want.from.map { .time($0) })
    demand("at <=", want.to.map { .time($0) })
    values.append(.integer(Int64(max(want.limit, 0))))
    return try tables.rows(
      """
      SELECT \(Self.columns) FROM \(Tables.prefix)audit WHERE \(terms.joined(separator: " AND "))
      ORDER BY number \(order) LIMIT ?\(values.count)
      """, values, Self.entry)
  }

  private static func entry(_ row: Tables.Row) throws -> AuditEntry {
    var draft = AuditDraft(
      at: try row.time(1), action: try row.text(5), target: try row.text(6), outcome: try row.text(10))
    draft.person = try row.textOrNil(2).flatMap { PersonID($0) }
    draft.deployment = try row.textOrNil(3)
    draft.address = try row.text(4)
    draft.filter = try row.textOrNil(7)
    draft.count = try row.integerOrNil(8)
    draft.reference = try row.textOrNil(9)
    return AuditEntry(number: try row.integer(0), draft: draft, hash: try row.blob(11))
  }

  private func anchors(_ which: String, _ values: [SQLValue] = []) throws -> AuditAnchor? {
    try tables.rows("SELECT number, hash FROM \(Tables.prefix)\(which)", values) {
      AuditAnchor(number: try $0.integer(0), hash: try $0.blob(1))
    }.first
  }

  /// What the oldest entry is chained to.
  func anchor() throws -> AuditAnchor { try anchors("audit_anchor") ?? .start }

  /// What the next entry is chained to.
  private func end() throws -> AuditAnchor { try anchors("audit ORDER BY number DESC LIMIT 1") ?? anchor() }

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
    try tables.run(
      """
      INSERT INTO \(Tables.prefix)audit (\(Self.columns))
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
      """,
      [
        .integer(entry.number), .time(draft.at), .text(draft.person?.text), .text(draft.deployment),
        .text(draft.address), .text(draft.action), .text(draft.target), .text(draft.filter), .integer(draft.count),
        .text(draft.reference), .text(draft.outcome), .blob(entry.hash),
      ])
  }

  /// Up to the first entry that is to be kept: a clock that went back leaves no gap.
  func trim(before time: Instant) throws {
    let last = try anchors(
      """
      audit WHERE number < coalesce((SELECT min(number) FROM \(Tables.prefix)audit WHERE at >= ?1), ?2)
      ORDER BY number DESC LIMIT 1
      """, [.time(time), .integer(.max)])
    guard let last else { return }
    try tables.delete(from: "audit", where: "number <= ?1", [.integer(last.number)])
    try tables.run("DELETE FROM \(Tables.prefix)audit_anchor", [])
    try tables.run(
      "INSERT INTO \(Tables.prefix)audit_anchor (number, hash) VALUES (?1, ?2)",
      [.integer(last.number), .blob(last.hash)])
  }
}
