import Storage
import Wire

extension PostgresSnapshot {
  func history(_ plan: HistoryPlan) throws -> HistoryPage {
    try check(plan.model.binding.version)
    let chain = HistoryChain(plan.model, plan.id, in: schema)
    let first: HistoryChain.Start =
      if let at = plan.at { .entry(at) } else if let before = plan.before { .below(before) } else { .end }
    let results = try ask(under: plan.model.binding.version) { trip in
      chain.addLayout(to: &trip)
      chain.addStart(first, to: &trip)
      chain.add(from: first, limit: plan.limit, to: &trip)
    }
    let layout = try TableLayout(results[0])
    if case .below(let before) = first, results[1].count == 0 {
      return try history(plan, layout, chain, from: before)
    }
    // Of the entry that was named, or of none: an object that there is has an entry, kept or not.
    let above = try results[1].first?.integerIfAny(0).flatMap { OplogEntry.Operation(rawValue: Int($0)) }
    let hasStart = try results[1].first.map { try $0.integerIfAny(1) != nil } ?? false
    return try chain.page(results[2], plan, above: above ?? (hasStart ? .update : nil), layout)
  }

  /// From below a sequence that is none of the object's entries: the chain is walked from its end.
  private func history(
    _ plan: HistoryPlan, _ layout: TableLayout, _ chain: HistoryChain, from before: Int64
  ) throws -> HistoryPage {
    var page = HistoryPage(entries: [], earlier: nil, end: .whole, layout: layout)
    let results = try ask { trip in
      chain.addStart(.end, to: &trip)
      chain.addWalk(to: before, &trip)
    }
    let hasEnd = try results[0].first.map { try $0.integerIfAny(1) != nil } ?? false
    guard let reached = results[1].first else {
      page.end = hasEnd ? .trimmed : .whole
      return page
    }
    let sequence = try reached.integer(0)
    if sequence < before {
      let rows = try ask { chain.add(from: .entry(sequence), limit: plan.limit, to: &$0) }[0]
      return try chain.page(rows, plan, above: .update, layout)
    }
    if try Int(reached.integer(3)) >= HistoryPage.mostExamined {
      page.end = .more(before: sequence)
      return page
    }
    page.end = try Int(reached.integer(2)) == OplogEntry.Operation.create.rawValue ? .whole : .trimmed
    return page
  }

  func deletions(_ plan: DeletionPlan) throws -> DeletionPage {
    let limit = max(plan.limit, 1)
    let (oplog, table) = (schema.table("oplog"), schema.table(of: plan.model))
    // An object that came again, or was deleted again later, is not gone by this deletion.
    let results = try ask(under: plan.model.binding.version) { trip in
      trip.add(
        """
        WITH gone AS (
          SELECT sequence, follows FROM (
            SELECT sequence, id, lead(sequence) OVER (ORDER BY sequence DESC) AS follows,
              row_number() OVER (ORDER BY sequence DESC) AS place
            FROM (SELECT sequence, id FROM \(oplog) WHERE model = $1 AND operation = 3 AND sequence < $2
              ORDER BY sequence DESC LIMIT \(DeletionPage.mostExamined + 1)) d) e
          WHERE place <= \(DeletionPage.mostExamined) AND NOT EXISTS (SELECT 1 FROM \(table) t WHERE t.id = e.id)
            AND NOT EXISTS (SELECT 1 FROM \(oplog) l WHERE l.id = e.id AND l.model = $1 AND l.operation = 3
              AND l.sequence > e.sequence)
          ORDER BY sequence DESC LIMIT $3)
        SELECT sequence, model, operation, id, updated_at, origin, state, follows FROM (
          SELECT o.*, follows, sum(octet_length(state)) OVER (
            ORDER BY o.sequence DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before
          FROM gone JOIN \(oplog) o ON o.sequence = gone.sequence) p
        WHERE coalesce(bytes_before, 0) < \(HistoryPage.mostBytes) ORDER BY sequence DESC
        """
      ) { parameters in
        parameters.add(integer: Int64(plan.model.number))
        parameters.add(integer: plan.before ?? .max)
        parameters.add(integer: Int64(limit))
      }
      // The last one that is looked at, and whether another follows.
      trip.add(
        """
        SELECT sequence FROM \(oplog) WHERE model = $1 AND operation = 3 AND sequence < $2
        ORDER BY sequence DESC OFFSET \(DeletionPage.mostExamined - 1) LIMIT 2
        """
      ) { parameters in
        parameters.add(integer: Int64(plan.model.number))
        parameters.add(integer: plan.before ?? .max)
      }
    }
    var page = DeletionPage(entries: [], next: nil, isLinking: false)
    var bytes = 0
    try results[0].each { row in
      page.entries.append(try OplogEntry(row, 0))
      bytes += row.withBytes(6) { $0.count }
    }
    if let last = page.entries.last, page.entries.count >= limit || bytes >= HistoryPage.mostBytes {
      page.next = results[0][results[0].count - 1].isNull(7) ? nil : last.sequence
    } else if results[1].count == 2 {
      page.next = try results[1][0].integer(0)
    }
    return page
  }
}
