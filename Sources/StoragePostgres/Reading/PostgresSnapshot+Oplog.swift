import Storage

extension PostgresSnapshot {
  /// Entries of one statement. Their states may be large, so the first statement asks for few.
  private static var entriesAtOnce: Int { 1000 }
  /// Bytes of states of one statement, but for its first.
  private static var stateBytes: Int { 4 << 20 }

  func oplog(from start: Int64, limit: Int) throws -> [OplogEntry] {
    let rows = try ask { trip in
      trip.add(
        """
        SELECT sequence, model, operation, id, updated_at, origin, state FROM \(schema.name).oplog
        WHERE sequence >= $1 ORDER BY sequence LIMIT $2
        """
      ) { parameters in
        parameters.add(integer: start)
        parameters.add(integer: Int64(limit))
      }
    }[0]
    return try rows.map { try OplogEntry($0, 0) }
  }

  func oplog(
    _ plan: OplogPlan, under model: StoredDataModel, page handOut: (OplogPage) throws -> Void
  ) throws -> OplogReach {
    try check(model.version)
    var reach = OplogReach(last: nil, hasMore: false, examined: 0)
    guard plan.limit > 0, plan.examined > 0 else {
      reach.hasMore = try !entries(from: plan.start, to: plan.end, 1, plan, under: model).rows.isEmpty
      return reach
    }
    var start = plan.start
    var limit = plan.limit
    if plan.isTail {
      guard let tail = try startOfTail(plan, under: model) else { return reach }
      start = tail
      // From there to the end no more than the limit pass; what passes not is looked at all the same.
      limit = .max
    }
    var count = 0
    var page = OplogPageFiller(under: model)
    while true {
      // One more than may be looked at says whether there is more.
      let wanted = min(Self.entriesAtOnce, plan.examined - reach.examined + 1, min(limit, .max - count - 1) - count + 1)
      let part = try entries(from: start, to: plan.end, max(wanted, 1), plan, under: model)
      for row in part.rows {
        guard count < limit, reach.examined < plan.examined else {
          reach.hasMore = true
          break
        }
        let sequence = try row.integer(0)
        reach.last = sequence
        reach.examined += 1
        let number = Int(try row.integer(1))
        if let models = plan.models, !models.contains(number) { continue }
        count += 1
        let (operation, id, updatedAt) = (try row.integer(2), try row.id(3), try row.integer(4))
        let origin = plan.hasOrigins ? try row.text(6) : nil
        try row.withBytes(5) { state in
          try page.append(
            sequence: sequence, model: number, operation: Int(operation), id: id, updatedAt: updatedAt, state: state,
            origin: origin)
        }
        if page.byteCount >= Self.listBytes { try handOut(page.finish()) }
      }
      if reach.hasMore || !part.mayHaveMore { break }
      start = (reach.last ?? start) + 1
    }
    if !page.isEmpty { try handOut(page.finish()) }
    return reach
  }

  /// Entries in order, until their states have too many bytes; those of other models come without states.
  private func entries(
    from start: Int64, to end: Int64, _ limit: Int, _ plan: OplogPlan, under model: StoredDataModel
  ) throws -> (rows: [PostgresRow], mayHaveMore: Bool) {
    let models = plan.models.map { $0.sorted().map { StoredValue.integer(Int64($0)) } }
    var sql = BoundSQL()
    sql +=
      "SELECT sequence, model, operation, id, updated_at, state, origin FROM (SELECT sequence, model, operation, id, "
    sql += "updated_at, origin, "
    sql += models == nil ? "state" : "CASE WHEN is_meant THEN state ELSE ''::bytea END AS state"
    sql += ", sum(CASE WHEN is_meant THEN octet_length(state) ELSE 0 END) OVER (ORDER BY sequence "
    sql += "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before FROM (SELECT *, "
    if let models {
      sql += "model = ANY ("
      sql.bind(list: models, as: .integer)
      sql += ")"
    } else {
      sql += "TRUE"
    }
    sql += " AS is_meant"
    append(entriesFrom: start, before: end, limit: limit, to: &sql)
    sql += ") e) f WHERE coalesce(bytes_before, 0) < \(Self.stateBytes) ORDER BY sequence"
    let result = try ask(under: model.version) { sql.add(to: &$0) }[0]
    // As many as asked for, or as many bytes: in both cases there may be others.
    return (result.map { $0 }, result.count > 0)
  }

  /// Where the last entries of the plan's range begin; nil where the range is empty. Looks at no more entries than the
  /// plan says.
  private func startOfTail(_ plan: OplogPlan, under model: StoredDataModel) throws -> Int64? {
    var sql = BoundSQL()
    sql += "SELECT sequence FROM (SELECT sequence, row_number() OVER (ORDER BY sequence DESC) AS place, sum("
    if let models = plan.models {
      sql += "(model = ANY ("
      sql.bind(list: models.sorted().map { .integer(Int64($0)) }, as: .integer)
      sql += "))::int"
    } else {
      sql += "1"
    }
    sql += ") OVER (ORDER BY sequence DESC) AS meant FROM (SELECT sequence, model"
    append(entriesFrom: plan.start, before: plan.end, isNewestFirst: true, limit: plan.examined, to: &sql)
    sql += ") e) f WHERE meant >= "
    sql.bind(plan.limit)
    sql += " ORDER BY sequence DESC LIMIT 1"
    var first = BoundSQL()
    first += "SELECT min(sequence) FROM (SELECT sequence"
    append(entriesFrom: plan.start, before: plan.end, isNewestFirst: true, limit: plan.examined, to: &first)
    first += ") e"
    let results = try ask(under: model.version) { trip in
      sql.add(to: &trip)
      first.add(to: &trip)
    }
    return try results[0].first?.integer(0) ?? results[1].first?.integerIfAny(0) ?? nil
  }

  /// What stands behind the columns of a SELECT: the oldest or the newest entries of a range, in that order.
  func append(
    entriesFrom start: Int64, before end: Int64, isNewestFirst: Bool = false, limit: Int, to sql: inout BoundSQL
  ) {
    sql += " FROM \(schema.name).oplog WHERE sequence >= "
    sql.bind(.integer(start), as: .integer)
    sql += " AND sequence < "
    sql.bind(.integer(end), as: .integer)
    sql += " ORDER BY sequence \(isNewestFirst ? "DESC" : "ASC") LIMIT "
    sql.bind(limit)
  }

  func oplogBounds() throws -> OplogBounds {
    let results = try ask { trip in
      trip.add("SELECT min(sequence), max(sequence) FROM \(schema.name).oplog")
      trip.add("SELECT value FROM \(schema.name).facts WHERE key = $1") {
        $0.add(text: DeploymentFact.trimmed.rawValue)
      }
    }
    let trimmed = try results[1].first.map { try $0.text(0) }.flatMap { Int64($0) } ?? 0
    guard let row = results[0].first, let first = try row.integerIfAny(0), let last = try row.integerIfAny(1) else {
      return OplogBounds(kept: nil, trimmed: trimmed)
    }
    return OplogBounds(kept: first...last, trimmed: trimmed)
  }

  func modelNames() throws -> [Int: String] {
    let rows = try ask { $0.add("SELECT number, name FROM \(schema.name).models") }[0]
    var names: [Int: String] = [:]
    try rows.each { names[Int(try $0.integer(0))] = try $0.text(1) }
    return names
  }
}

extension OplogEntry {
  /// From the columns `sequence, model, operation, id, updated_at, origin, state`, the first of which is this one.
  init(_ row: PostgresRow, _ column: Int) throws(StorageError) {
    let sequence = try row.integer(column)
    let operation = Operation(rawValue: Int(try row.integer(column + 2)))
    let values = row.withBytes(column + 6) { StateCoding.values(in: $0) }
    guard let operation, let values else { throw .broken("oplog entry \(sequence) cannot be read") }
    self.init(
      sequence: sequence, model: Int(try row.integer(column + 1)), operation: operation, id: try row.id(column + 3),
      updatedAt: try row.integer(column + 4), origin: try row.text(column + 5), values: values)
  }
}
