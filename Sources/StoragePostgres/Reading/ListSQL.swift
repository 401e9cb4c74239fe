import Storage

/// The statement that reads a list, or what stands behind a position in one.
struct ListSQL {
  private(set) var sql = BoundSQL()

  /// - Parameter parts: plans whose lists, one after the other, are the list; of one model.
  init(_ parts: [ReadPlan], of model: StoredModel, selecting selection: RowSelection, in schema: DeploymentSchema) {
    let table = schema.table(of: model)
    if parts.count == 1 {
      append(parts[0], model, selection.sql, table)
      return
    }
    // PostgreSQL reads one after the other, and the next only where the last did not fill the list.
    for (index, part) in parts.enumerated() {
      sql += index == 0 ? "(" : " UNION ALL ("
      append(part, model, selection.sql, table)
      sql += ")"
    }
    sql += " LIMIT "
    sql.bind(parts.map(\.limit).max() ?? 0)
  }

  private mutating func append(_ plan: ReadPlan, _ model: StoredModel, _ selection: String, _ table: String) {
    sql += "SELECT \(selection) FROM \(table)"
    if plan.predicate != .always {
      sql += " WHERE "
      PredicateSQL(on: model).append(plan.predicate, to: &sql)
    }
    guard let order = Self.order(plan, on: model) else {
      sql.isExact = false
      return
    }
    sql += " ORDER BY \(order) LIMIT "
    sql.bind(plan.limit)
    if plan.skip > 0 {
      sql += " OFFSET "
      sql.bind(plan.skip)
    }
  }

  /// What stands behind `ORDER BY`; nil where SQL has no word for a key. Null is first ascending.
  static func order(_ plan: ReadPlan, on model: StoredModel) -> String? {
    let indexed = model.indexedTexts
    var keys: [String] = []
    for key in plan.order {
      guard let name = key.column == .natural ? "n" : model.sql(key.column) else { return nil }
      let direction = key.descending ? " DESC" : ""
      switch key.column {
      case .column(let position):
        let nulls = key.descending ? " DESC NULLS LAST" : " NULLS FIRST"
        if indexed.contains(position) { keys.append(ColumnSQL.indexed(name) + nulls) }
        keys.append(name + nulls)
      case .id, .updatedAt, .natural, .presence: keys.append(name + direction)
      }
    }
    return keys.joined(separator: ", ")
  }
}
