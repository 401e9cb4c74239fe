import Storage

/// The statement that counts the objects that match: without a predicate from the maintained count.
struct CountSQL {
  private(set) var sql = BoundSQL()

  /// - Parameter most: where it stops counting, which is one more than this; nil for nowhere.
  init(_ predicate: Predicate, on model: StoredModel, in schema: DeploymentSchema, upTo most: Int? = nil) {
    if predicate == .always {
      sql += "SELECT count FROM \(schema.name).counters WHERE model = "
      sql.bind(model.number)
      sql += " ORDER BY number DESC LIMIT 1"
      return
    }
    sql += most == nil ? "SELECT count(*) FROM " : "SELECT count(*) FROM (SELECT 1 FROM "
    sql += "\(schema.table(of: model)) WHERE "
    PredicateSQL(on: model).append(predicate, to: &sql)
    if let most {
      sql += " LIMIT "
      // Nothing is beyond Int64, so one more than it cannot be asked for.
      sql.bind(min(most, .max - 1) + 1)
      sql += ") o"
    }
  }

  /// Under which its answer is remembered; nil where it is too long for that.
  func filter(on model: StoredModel) -> RememberedTotals.Filter? {
    RememberedTotals.Filter(on: model, sql: sql.text, values: sql.distinctValues)
  }

  /// The same, which counts only where the model has another state than the one of which the total is known.
  /// - Parameter stateVersion: SQL for the model's.
  func unless(
    _ stateVersion: String, in schema: DeploymentSchema, is state: RememberedTotals.State, with total: Int
  ) -> CountSQL {
    var copy = self
    copy.sql.text = "SELECT CASE WHEN coalesce(\(stateVersion), 0) = "
    copy.sql.bind(state.version)
    copy.sql += " AND (SELECT feed FROM \(schema.name).commits ORDER BY number DESC LIMIT 1) = "
    copy.sql.bind(.text(state.feed), as: .text)
    copy.sql += " THEN "
    copy.sql.bind(total)
    copy.sql += " ELSE (\(sql.text)) END"
    return copy
  }

  static func count(_ result: PostgresResult) throws -> Int {
    guard let row = result.first else { return 0 }
    return Int(try row.integer(0))
  }
}
