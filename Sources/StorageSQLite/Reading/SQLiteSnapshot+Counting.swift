import Storage

extension SQLiteSnapshot {
  func limited<Result>(to limit: Duration, _ body: () throws -> Result) throws -> Result? {
    try reader.connection.limited(to: limit, body)
  }

  func count(
    _ model: StoredModel, _ predicate: Predicate, upTo most: Int, within limit: Duration
  ) throws -> BoundedCount {
    assert(most >= 0)
    if predicate == .always { return .exact(try count(model, predicate)) }
    try check(model)
    var count = 0
    let isWhole: Void? = try reader.connection.limited(to: limit) {
      if let (search, rest) = predicate.search, let found = try rows(of: search, in: model) {
        if rest == .always {
          count = found.count
        } else {
          try walk(model, rest, among: found, upTo: most) { count += 1 }
        }
      } else {
        try walk(model, predicate, among: nil, upTo: most) { count += 1 }
      }
    }
    if count > most { return .over(most) }
    return isWhole == nil ? .stopped(count) : .exact(count)
  }

  /// Calls `body` for each object that matches, up to one more than `most`: row by row, so that what was seen is
  /// known when time is up.
  private func walk(
    _ model: StoredModel, _ predicate: Predicate, among found: [Int64]?, upTo most: Int, _ body: () -> Void
  ) throws {
    let sql = PredicateSQL(predicate, on: model)
    let among = found == nil ? "" : " AND \(ListSQL.amongPlaces)"
    let statement = try reader.connection.statement(
      "\(sql.with)SELECT 1 FROM \(sql.source) WHERE (\(sql.condition))\(among) LIMIT ?")
    defer { statement.reset() }
    // Nothing is beyond Int64, so one more than it cannot be asked for.
    let values =
      sql.values + (found.map { [ListSQL.value(of: $0)] } ?? []) + [.integer(Int64(min(most, .max - 1)) + 1)]
    for (index, value) in values.enumerated() { statement.bind(Int32(index + 1), value) }
    while try statement.step() { body() }
    statement.count(in: reader.uses)
  }
}
