import Storage
import Wire

// Lists and counts of which SQL cannot say all (`DecidedSQL`).

extension PostgresSnapshot {
  /// Rows that are asked for at once, to be decided on.
  private static var rowsDecided: Int { 2000 }
  /// Objects that are read at once.
  private static var objectsRead: Int { 128 }

  func decidedList(
    _ want: ListWant, _ parts: [ReadPlan], _ selection: RowSelection, _ handOut: (RowPage, [Int?]) throws -> Void
  ) throws -> ReadList {
    try hold()
    _ = try ask(under: want.plan.model.binding.version, versionsOf: want.versioned)
    let versions = want.versioned.map(stateVersion)
    var left = want.plan.limit
    for var part in parts where left > 0 {
      part.limit = left
      let rows = try decide(part)
      left -= rows.count
      try read(rows, of: part.model, selection) { try handOut($0, versions) }
    }
    if want.position == nil, let part = parts.first { try examine(DecidedSQL(part, in: schema).sql, of: part.model) }
    let total = want.hasTotal ? try count(want.plan.model, want.plan.predicate) : nil
    return ReadList(total: total, nextSequence: try nextSequence())
  }

  func decidedCount(_ model: StoredModel, _ predicate: Predicate, upTo most: Int) throws -> Int {
    var count = 0
    try walk(DecidedSQL(ReadPlan(model: model, predicate: predicate, limit: 0), in: schema), of: model) { _ in
      count += 1
      return count <= most
    }
    return count
  }

  /// The numbers of the objects that the plan asks for, in its order.
  private func decide(_ plan: ReadPlan) throws -> [Int64] {
    let sql = DecidedSQL(plan, in: schema)
    // Skipping further than there can be objects finds none.
    let (end, overflows) = plan.skip.addingReportingOverflow(plan.limit)
    var rows: [Int64] = []
    var found: [(row: Int64, keys: [StoredValue])] = []
    try walk(sql, of: plan.model) { row in
      if sql.isOrdered {
        rows.append(try row.integer(0))
        return overflows || rows.count < end
      }
      found.append((try row.integer(0), try sql.keys(of: row)))
      return true
    }
    if !sql.isOrdered {
      let order = plan.order
      found.sort { left, right in
        for (index, key) in order.enumerated() {
          let sign = Self.order(left.keys[index], right.keys[index])
          if sign != 0 { return (sign < 0) != key.descending }
        }
        return false
      }
      rows = found.map(\.row)
    }
    return Array(rows.dropFirst(plan.skip).prefix(plan.limit))
  }

  /// Null first.
  private static func order(_ left: StoredValue, _ right: StoredValue) -> Int {
    left.sign(against: right) ?? (left.isNull ? 0 : 1) - (right.isNull ? 0 : 1)
  }

  /// Calls `body` with each row of an object that is meant, until it says no.
  private func walk(_ sql: DecidedSQL, of model: StoredModel, _ body: (PostgresRow) throws -> Bool) throws {
    let cursor = nextCursor()
    var declaration = sql.sql
    declaration.text = "DECLARE \(cursor) NO SCROLL CURSOR FOR " + declaration.text
    var result = try ask(under: model.binding.version, isHeld: true) { trip in
      declaration.add(to: &trip)
      trip.addOnce("FETCH FORWARD \(Self.rowsDecided) FROM \(cursor)")
    }[1]
    walking: while true {
      for index in 0..<result.count where try sql.holds(for: result[index]) {
        guard try body(result[index]) else { break walking }
      }
      if result.count < Self.rowsDecided { break }
      result = try ask { $0.addOnce("FETCH FORWARD \(Self.rowsDecided) FROM \(cursor)") }[0]
    }
    _ = try ask { $0.addOnce("CLOSE \(cursor)") }
  }

  /// Hands out the objects with these numbers, in this order.
  private func read(
    _ rows: [Int64], of model: StoredModel, _ selection: RowSelection, _ handOut: (RowPage) throws -> Void
  ) throws {
    for start in stride(from: 0, to: rows.count, by: Self.objectsRead) {
      let part = rows[start..<min(start + Self.objectsRead, rows.count)]
      let result = try ask { trip in
        trip.add("SELECT \(selection.sql) FROM \(schema.table(of: model)) WHERE n = ANY ($1)") { parameters in
          parameters.addArray(.integer) { array in for row in part { array.add(integer: row) } }
        }
      }[0]
      var indexes: [Int64: Int] = [:]
      for index in 0..<result.count { indexes[try result[index].integer(RowPage.Lead.row)] = index }
      var page = RowFiller(columns: selection.types.count, rows: part.count)
      for row in part {
        guard let index = indexes[row] else { throw StorageError.broken("object \(row) of m\(model.number) is gone") }
        try selection.append(result[index], to: &page)
        if page.byteCount >= Self.listBytes {
          try handOut(page.finish())
          page = RowFiller(columns: selection.types.count)
        }
      }
      if !page.isEmpty { try handOut(page.finish()) }
    }
  }
}
