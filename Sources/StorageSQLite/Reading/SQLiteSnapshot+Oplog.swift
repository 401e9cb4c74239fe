import Storage

extension SQLiteSnapshot {
  func oplog(
    _ plan: OplogPlan, under model: StoredDataModel, page handOut: (OplogPage) throws -> Void
  ) throws -> OplogReach {
    try check(version: model.version)
    var start = plan.start
    var limit = plan.limit
    if plan.isTail {
      guard let tail = try startOfTail(plan) else { return OplogReach(last: nil, hasMore: false, examined: 0) }
      start = tail
      // From there to the end no more than the limit pass; what passes not is looked at all the same.
      limit = .max
    }
    let statement = try reader.connection.statement(
      """
      SELECT sequence, model, operation, id, updated_at, state\(plan.hasOrigins ? ", origin" : "") FROM oplog
      WHERE sequence >= ? AND sequence < ? ORDER BY sequence
      """)
    defer { statement.reset() }
    statement.bind(1, integer: start)
    statement.bind(2, integer: plan.end)
    var reach = OplogReach(last: nil, hasMore: false, examined: 0)
    var count = 0
    var page = OplogPageFiller(under: model)
    while try statement.step() {
      guard count < limit, reach.examined < plan.examined else {
        reach.hasMore = true
        break
      }
      let sequence = statement.integer(0)
      reach.last = sequence
      reach.examined += 1
      // The state of an entry that is left out is never touched: SQLite then does not read its pages.
      let number = Int(statement.integer(1))
      if let models = plan.models, !models.contains(number) { continue }
      count += 1
      try page.append(
        sequence: sequence, model: number, operation: Int(statement.integer(2)), id: try statement.id(3),
        updatedAt: statement.integer(4), state: statement.bytes(5),
        origin: plan.hasOrigins ? statement.text(6) : nil)
      if page.byteCount >= Self.listBytes { try handOut(page.finish()) }
    }
    if !page.isEmpty { try handOut(page.finish()) }
    return reach
  }

  /// Where the last entries of the plan's range begin; nil where the range is empty. Looks at no more
  /// entries than the plan says.
  private func startOfTail(_ plan: OplogPlan) throws -> Int64? {
    let statement = try reader.connection.statement(
      "SELECT sequence, model FROM oplog WHERE sequence >= ? AND sequence < ? ORDER BY sequence DESC")
    defer { statement.reset() }
    statement.bind(1, integer: plan.start)
    statement.bind(2, integer: plan.end)
    var start: Int64?
    var count = 0
    var examined = 0
    while count < plan.limit, examined < plan.examined, try statement.step() {
      start = statement.integer(0)
      examined += 1
      if plan.models?.contains(Int(statement.integer(1))) ?? true { count += 1 }
    }
    return start
  }

  func changes(_ plan: ChangePlan) throws -> ChangePage {
    let order = plan.isNewestFirst ? "DESC" : "ASC"
    let statement = try reader.connection.statement(
      "SELECT sequence, model, operation, id, origin FROM oplog WHERE sequence >= ? AND sequence < ? "
        + "ORDER BY sequence \(order)")
    defer { statement.reset() }
    statement.bind(1, integer: plan.start)
    statement.bind(2, integer: plan.end)
    var page = ChangePage()
    while try statement.step() {
      guard page.changes.count < plan.limit, page.reach.examined < plan.examined else {
        page.reach.hasMore = true
        break
      }
      let sequence = statement.integer(0)
      page.reach.last = sequence
      page.reach.examined += 1
      let model = Int(statement.integer(1))
      guard plan.models.contains(model) else { continue }
      guard let operation = OplogEntry.Operation(rawValue: Int(statement.integer(2))) else {
        throw StorageError.broken("oplog entry \(sequence) has the operation \(statement.integer(2))")
      }
      if let wanted = plan.operation, wanted != operation { continue }
      if let origin = plan.origin, !origin.holds(statement.bytes(4)) { continue }
      page.changes.append(
        ChangePage.Change(sequence: sequence, model: model, operation: operation, id: try statement.id(3)))
    }
    return page
  }

  func oplogBounds() throws -> OplogBounds {
    let statement = try reader.connection.statement(
      "SELECT (SELECT min(sequence) FROM oplog), max(sequence) FROM oplog")
    defer { statement.reset() }
    let trimmed = try MetaTable(connection: reader.connection).integer(.trimmed) ?? 0
    guard try statement.step(), !statement.isNull(0) else { return OplogBounds(kept: nil, trimmed: trimmed) }
    return OplogBounds(kept: statement.integer(0)...statement.integer(1), trimmed: trimmed)
  }

  func modelNames() throws -> [Int: String] {
    let statement = try reader.connection.statement("SELECT number, name FROM models")
    defer { statement.reset() }
    var names: [Int: String] = [:]
    while try statement.step() { names[Int(statement.integer(0))] = statement.text(1) }
    return names
  }
}
