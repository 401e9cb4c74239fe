import Storage

extension PostgresSnapshot {
  func count(_ model: StoredModel, _ predicate: Predicate) throws -> Int {
    try check(model.binding.version)
    let sql = CountSQL(predicate, on: model, in: schema)
    guard sql.sql.isExact else { return try decidedCount(model, predicate, upTo: .max) }
    return try CountSQL.count(try ask(under: model.binding.version) { sql.sql.add(to: &$0) }[0])
  }

  func count(
    _ model: StoredModel, _ predicate: Predicate, upTo most: Int, within limit: Duration
  ) throws -> BoundedCount {
    if predicate == .always { return .exact(try count(model, predicate)) }
    try check(model.binding.version)
    var seen = 0
    let isWhole: Void? = try limited(to: limit) {
      try walk(model, predicate, upTo: most) { seen += $0 }
    }
    if seen > most { return .over(most) }
    return isWhole == nil ? .stopped(seen) : .exact(seen)
  }

  /// Objects that a cursor moves by at first. It looks no further than it is told, so what was seen is known when time is
  /// up.
  private static var leastMove: Int { 1000 }
  private static var mostMove: Int { 1_000_000 }

  /// Calls `body` with numbers of objects that match, which add up to one more than `most` at most.
  private func walk(_ model: StoredModel, _ predicate: Predicate, upTo most: Int, _ body: (Int) -> Void) throws {
    var sql = BoundSQL()
    let cursor = nextCursor()
    sql += "DECLARE \(cursor) NO SCROLL CURSOR FOR SELECT 1 FROM \(schema.table(of: model)) WHERE "
    PredicateSQL(on: model).append(predicate, to: &sql)
    guard sql.isExact else { return body(try decidedCount(model, predicate, upTo: most)) }
    var left = min(most, .max - 1) + 1
    var move = Self.leastMove
    var isDeclared = false
    while left > 0 {
      let wanted = min(move, left)
      let results = try ask(under: model.binding.version, isHeld: true) { trip in
        if !isDeclared { sql.add(to: &trip) }
        trip.addOnce("MOVE FORWARD \(wanted) FROM \(cursor)")
      }
      isDeclared = true
      let moved = results[results.count - 1].affected
      body(moved)
      if moved < wanted { break }
      left -= moved
      move = min(move * 4, Self.mostMove)
    }
    _ = try ask { $0.addOnce("CLOSE \(cursor)") }
  }

  func limited<Result>(to limit: Duration, _ body: () throws -> Result) throws -> Result? {
    let outer = deadline
    defer { deadline = outer }
    // Far beyond any read, and far from overflow.
    let own = ContinuousClock.now + min(max(limit, .zero), .seconds(3600))
    deadline = outer.map { min($0, own) } ?? own
    do {
      return try body()
    } catch is LimitReached where !isOutdated {
      return nil
    }
  }
}
