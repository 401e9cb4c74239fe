import Storage

extension SQLiteSnapshot {
  func examined<Result>(_ body: () throws -> Result) throws -> (result: Result, cost: ReadCost?) {
    let before = reader.connection.rowsExamined
    reader.cost = ReadCost()
    defer { reader.cost = nil }
    let result = try body()
    var cost = reader.cost
    cost?.rows = reader.connection.rowsExamined - before
    return (result, cost)
  }

  /// Notes by which indexes a list was read, where somebody asks.
  func note(_ statement: Statement, of model: StoredModel, searched: Bool) {
    guard var cost = reader.cost else { return }
    if searched { cost.usesSearch = true }
    let plans = IndexPlan.all(of: model)
    for name in statement.indexNames() {
      let described = plans.first { $0.table == name }?.described.name ?? name
      if !cost.indexes.contains(described) { cost.indexes.append(described) }
    }
    reader.cost = cost
  }
}
