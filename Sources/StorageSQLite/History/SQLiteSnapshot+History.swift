import Storage
import Wire

extension SQLiteSnapshot {
  func history(_ plan: HistoryPlan) throws -> HistoryPage {
    try check(plan.model)
    let connection = reader.connection
    let chain = try HistoryChain(plan.model, plan.id, on: connection)
    var (link, operation) = try plan.at.map { (.entry($0), nil) } ?? chain.start(before: plan.before)
    var page = HistoryPage(
      entries: [], earlier: nil, end: .whole, layout: try TableLayout(ofModel: plan.model.number, on: connection))
    var bytes = 0
    while case .entry(let sequence) = link {
      guard let found = try chain.entry(at: sequence) else {
        link = .none
        if operation == nil { operation = .update }
        break
      }
      if page.entries.count >= max(plan.limit, 1) || bytes >= HistoryPage.mostBytes {
        page.earlier = found.entry
        page.end = .more(before: page.entries[page.entries.count - 1].sequence)
        return page
      }
      page.entries.append(found.entry)
      bytes += found.bytes
      (link, operation) = (found.previous, found.entry.operation)
    }
    page.end =
      switch link {
      case .further(let before): .more(before: before)
      case .unknown: .linking
      // The oldest that is kept, or none where nothing was ever known.
      case .none, .entry: operation == .create || operation == nil ? .whole : .trimmed
      }
    return page
  }

  func deletions(_ plan: DeletionPlan) throws -> DeletionPage {
    try check(plan.model)
    var page = DeletionPage(entries: [], next: nil, isLinking: false)
    if try LinkingProgress(reading: reader.connection) == .indexing {
      page.isLinking = true
      return page
    }
    var before = plan.before ?? .max
    var (examined, bytes) = (0, 0)
    while true {
      let candidates = try deletions(of: plan.model, before: before, limit: Self.deletionsInRead)
      for (sequence, id) in candidates {
        if page.entries.count >= max(plan.limit, 1) || bytes >= HistoryPage.mostBytes
          || examined >= DeletionPage.mostExamined
        {
          page.next = before
          return page
        }
        examined += 1
        before = sequence
        let chain = try HistoryChain(plan.model, id, on: reader.connection)
        // An object that came again, or was deleted again later.
        guard try chain.end() == .entry(sequence), let found = try chain.entry(at: sequence) else { continue }
        page.entries.append(found.entry)
        bytes += found.bytes
      }
      if candidates.count < Self.deletionsInRead { return page }
    }
  }

  private static let deletionsInRead = 200

  private func deletions(
    of model: StoredModel, before: Int64, limit: Int
  ) throws -> [(sequence: Int64, id: ObjectID)] {
    let statement = try reader.connection.statement(
      """
      SELECT sequence, id FROM oplog INDEXED BY oplog_gone
      WHERE model = ? AND operation = 3 AND sequence < ? ORDER BY sequence DESC LIMIT ?
      """)
    defer { statement.reset() }
    statement.bind(1, integer: Int64(model.number))
    statement.bind(2, integer: before)
    statement.bind(3, integer: Int64(limit))
    var found: [(sequence: Int64, id: ObjectID)] = []
    while try statement.step() { found.append((statement.integer(0), try statement.id(1))) }
    return found
  }
}
