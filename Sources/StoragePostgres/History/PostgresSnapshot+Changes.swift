import Storage

extension PostgresSnapshot {
  func changes(_ plan: ChangePlan) throws -> ChangePage {
    var page = ChangePage()
    let found = try ask { changesSQL(plan).add(to: &$0) }[0]
    var followed = true
    try found.each { row in
      let sequence = try row.integer(1)
      guard let operation = OplogEntry.Operation(rawValue: Int(try row.integer(3))) else {
        throw StorageError.broken("oplog entry \(sequence) has the operation \(try row.integer(3))")
      }
      page.changes.append(
        ChangePage.Change(
          sequence: sequence, model: Int(try row.integer(2)), operation: operation, id: try row.id(4)))
      page.reach.last = sequence
      page.reach.examined = Int(try row.integer(0))
      followed = !row.isNull(5)
    }
    if page.changes.count >= plan.limit, plan.limit > 0 {
      page.reach.hasMore = followed
      return page
    }
    // All that may be looked at was.
    let whole = try ask { wholeSQL(plan).add(to: &$0) }[0]
    guard let row = whole.first else { return page }
    let count = Int(try row.integer(0))
    let examined = plan.limit > 0 ? min(count, plan.examined) : 0
    page.reach = OplogReach(
      last: examined > 0 ? try row.integerIfAny(1) : nil, hasMore: count > examined, examined: examined)
    return page
  }

  /// The entries of the range, in the plan's order, so many and one more.
  private func appendRange(_ plan: ChangePlan, to sql: inout BoundSQL) {
    append(
      entriesFrom: plan.start, before: plan.end, isNewestFirst: plan.isNewestFirst,
      limit: min(max(plan.examined, 0), .max - 1) + 1, to: &sql)
  }

  /// Those that are meant: each with its number among those looked at, and whether another follows.
  private func changesSQL(_ plan: ChangePlan) -> BoundSQL {
    var sql = BoundSQL()
    sql += "SELECT place, sequence, model, operation, id, follows FROM (SELECT *, row_number() OVER w AS place, "
    sql += "lead(sequence) OVER w AS follows FROM (SELECT sequence, model, operation, id, origin"
    appendRange(plan, to: &sql)
    sql += ") e WINDOW w AS (ORDER BY sequence \(plan.direction))) f WHERE place <= "
    sql.bind(max(plan.examined, 0))
    sql += " AND model = ANY ("
    sql.bind(list: plan.models.sorted().map { .integer(Int64($0)) }, as: .integer)
    sql += ")"
    if let operation = plan.operation {
      sql += " AND operation = "
      sql.bind(operation.rawValue)
    }
    if let origin = plan.origin {
      sql += " AND (origin = "
      sql.bind(.text(origin.text), as: .text)
      if let beginning = origin.beginning {
        sql += " OR starts_with(origin, "
        sql.bind(.text(beginning), as: .text)
        sql += ")"
      }
      sql += ")"
    }
    sql += " ORDER BY place LIMIT "
    sql.bind(max(plan.limit, 0))
    return sql
  }

  /// How many entries the range has, up to one more than may be looked at, and the last that may be.
  private func wholeSQL(_ plan: ChangePlan) -> BoundSQL {
    var sql = BoundSQL()
    sql += "SELECT count(*), \(plan.isNewestFirst ? "min" : "max")(sequence) FILTER (WHERE place <= "
    sql.bind(max(plan.examined, 0))
    sql += ") FROM (SELECT sequence, row_number() OVER (ORDER BY sequence \(plan.direction)) AS place "
    sql += "FROM (SELECT sequence"
    appendRange(plan, to: &sql)
    sql += ") e) f"
    return sql
  }
}

extension ChangePlan {
  fileprivate var direction: String { isNewestFirst ? "DESC" : "ASC" }
}
