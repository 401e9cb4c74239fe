import Storage
import Wire

extension PostgresSnapshot {
  /// Bytes that a page of a list or of the oplog may hold before it is handed out.
  static var listBytes: Int { 128 << 10 }
  /// Objects up to which a list is read by one statement; longer ones go through a cursor.
  private static var rowsAtOnce: Int { 256 }
  /// Bytes that a further part of a long list may have, about.
  private static var partBytes: Int { 1 << 20 }

  func list(_ plan: ReadPlan, page handOut: (RowPage) throws -> Void) throws {
    let want = ListWant(plan, after: nil, hasTotal: false, versioned: [])
    _ = try list(want) { page, _ in try handOut(page) }
  }

  func list(_ want: ListWant, page handOut: (RowPage, [Int?]) throws -> Void) throws -> ReadList {
    let model = want.plan.model
    try check(model.binding.version)
    let parts = want.plan.limit > 0 ? want.position.map { want.plan.continued(after: $0) } ?? [want.plan] : []
    let selection = RowSelection(model, columns: model.columns.indices)
    let sql = ListSQL(parts, of: model, selecting: selection, in: schema)
    let counting = want.hasTotal ? CountSQL(want.plan.predicate, on: model, in: schema) : nil
    guard sql.sql.isExact, counting?.sql.isExact ?? true else {
      return try decidedList(want, parts, selection, handOut)
    }
    let filter = want.plan.predicate == .always ? nil : counting?.filter(on: model)
    let known = filter.flatMap { deployment.totals[$0] }
    var count = counting
    if let known, let before = known.state {
      let current = Self.stateVersionSQL(of: model.number, in: schema)
      count = counting?.unless(current, in: schema, is: before, with: known.count)
    }
    var versioned = want.versioned
    if known != nil, !versioned.contains(where: { $0.number == model.number }) { versioned.append(model) }
    let isLong = want.plan.limit > Self.rowsAtOnce
    let cursor = isLong && !parts.isEmpty ? nextCursor() : nil
    var results = try ask(
      under: model.binding.version, isHeld: cursor != nil, versionsOf: versioned
    ) { trip in
      if let cursor {
        var declaration = sql.sql
        declaration.text = "DECLARE \(cursor) NO SCROLL CURSOR FOR " + declaration.text
        declaration.add(to: &trip)
        trip.add("FETCH FORWARD \(Self.rowsAtOnce) FROM \(cursor)")
      } else if !parts.isEmpty {
        sql.sql.add(to: &trip)
      }
      count?.sql.add(to: &trip)
    }[...]
    if cursor != nil { results.removeFirst() }
    let rows = parts.isEmpty ? nil : results.removeFirst()
    let versions = want.versioned.map(stateVersion)
    let total = want.hasTotal ? try CountSQL.count(results.removeFirst()) : nil
    if let filter, let total {
      // Nobody has asked for the state version where the filter is met for the first time.
      let isAsked = versioned.contains { $0.number == model.number }
      let found = isAsked ? stateVersion(of: model).flatMap { version in state.map { (version, $0.feed) } } : nil
      deployment.totals.remember(
        RememberedTotals.Total(
          total, at: found.map { RememberedTotals.State(version: FeedEpochs.number(of: $0), feed: $1) }), of: filter)
    }
    if let rows {
      try hand(rows, of: selection, cursor) { try handOut($0, versions) }
    }
    if want.position == nil, !parts.isEmpty { try examine(sql.sql, of: model) }
    return ReadList(total: total, nextSequence: try nextSequence())
  }

  /// Hands out pages of bounded size: of these rows, and of what the cursor still has.
  private func hand(
    _ first: PostgresResult, of selection: RowSelection, _ cursor: String?, _ handOut: (RowPage) throws -> Void
  ) throws {
    var result = first
    var wanted = Self.rowsAtOnce
    while true {
      var (bytes, start) = (0, 0)
      // The rest of a part is small: it goes out with what follows it only where nothing does.
      while start < result.count {
        var page = RowFiller(columns: selection.types.count, rows: min(result.count - start, 128))
        while start < result.count, page.byteCount < Self.listBytes {
          try selection.append(result[start], to: &page)
          start += 1
        }
        bytes += page.byteCount
        try handOut(page.finish())
      }
      guard let cursor, result.count == wanted else {
        if let cursor { _ = try ask { $0.addOnce("CLOSE \(cursor)") } }
        return
      }
      wanted = min(max(Self.partBytes / max(bytes / max(result.count, 1), 1), 16), 8192)
      result = try ask { $0.addOnce("FETCH FORWARD \(wanted) FROM \(cursor)") }[0]
    }
  }
}
