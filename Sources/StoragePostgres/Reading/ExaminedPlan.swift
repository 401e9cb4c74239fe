import JSON
import Storage

/// What `EXPLAIN (ANALYZE, FORMAT JSON)` says of a statement: how many of a table's rows it came by, and which indexes
/// led to them.
struct ExaminedPlan: Equatable {
  private(set) var rows = 0
  /// Names in the database, each once, in the order of the plan.
  private(set) var indexes: [String] = []

  /// - Parameters:
  ///   - text: as PostgreSQL answers.
  ///   - table: the table's name without its schema; rows of others are not counted.
  init(_ text: String, of table: String) throws {
    guard let document = try? JSONDocument.read(text),
      let plan = document.root.elements.first(where: { _ in true })?["Plan"]
    else { throw StorageError.broken("the database explains a statement in no way that is known") }
    add(plan, of: table)
  }

  /// The text's depth is bounded, and so is the recursion.
  private mutating func add(_ node: JSONValue, of table: String) {
    if let index = node["Index Name"]?.string, !indexes.contains(index) { indexes.append(index) }
    if node["Relation Name"]?.string == table {
      let passed = number("Actual Rows", of: node) + number("Rows Removed by Filter", of: node)
      let each = passed + number("Rows Removed by Index Recheck", of: node)
      rows += Int((each * number("Actual Loops", of: node)).rounded())
    }
    guard let parts = node["Plans"] else { return }
    for part in parts.elements { add(part, of: table) }
  }

  /// Averages over the loops; 0 where the plan does not say it. Nobody has so many rows that they are not exact.
  private func number(_ key: String, of node: JSONValue) -> Double {
    min(max(node[key]?.number?.double ?? 0, 0), 1e12)
  }
}

extension PostgresSnapshot {
  func examined<Result>(_ body: () throws -> Result) throws -> (result: Result, cost: ReadCost?) {
    cost = ReadCost()
    defer { cost = nil }
    let result = try body()
    return (result, cost)
  }

  /// Runs a list's statement once more, where somebody asks what it costs: PostgreSQL counts rows for a plan that it
  /// explains, and for no other.
  func examine(_ sql: BoundSQL, of model: StoredModel) throws {
    guard var cost else { return }
    var explaining = sql
    explaining.text = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, FORMAT JSON) " + sql.text
    let answer = try ask(under: model.binding.version) { explaining.add(to: &$0) }[0]
    guard let row = answer.first else { return }
    let plan = try ExaminedPlan(try row.text(0), of: "m\(model.number)")
    cost.rows += plan.rows
    let known = IndexPlan.all(of: model)
    for index in plan.indexes {
      // That of the rows' own order is none to whoever reads.
      guard let name = known.first(where: { $0.name == index })?.described.name else { continue }
      if !cost.indexes.contains(name) { cost.indexes.append(name) }
    }
    self.cost = cost
  }
}
