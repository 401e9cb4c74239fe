import Storage

/// What a deployment has when a deploy is planned: models and columns that ever were, with their objects, and the
/// indexes that come and go with the data model.
struct DeployGround: Sendable {
  /// Of the data model in force; 0 before the first deploy.
  let version: Int
  /// By name.
  let models: [String: (number: Int, objects: Int)]
  /// By number of the model.
  let layouts: [Int: TableLayout]
  /// By name; with the number of the model, and whether it serves: one whose building was cut off does not.
  let indexes: [String: (model: Int, isValid: Bool)]

  /// All in one round trip, and of one state.
  static func read(_ schema: DeploymentSchema, on connection: PostgresConnection) throws -> DeployGround {
    let name = schema.name
    let results = try connection.perform { trip in
      trip.add("SELECT coalesce(max(version), 0) FROM \(name).deploys")
      trip.add(
        """
        SELECT m.number, m.name, coalesce(c.count, 0) FROM \(name).models AS m LEFT JOIN LATERAL (
          SELECT count FROM \(name).counters WHERE model = m.number ORDER BY number DESC LIMIT 1) AS c ON true
        """)
      trip.add(LayoutRows(schema: schema).all)
      trip.add(
        """
        SELECT c.relname::text, t.relname::text, i.indisvalid FROM pg_catalog.pg_index AS i
        JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid JOIN pg_catalog.pg_class AS t ON t.oid = i.indrelid
        WHERE c.relnamespace = pg_catalog.to_regnamespace($1) AND c.relname LIKE 'm%\\_i\\_%'
        """
      ) { $0.add(text: name) }
    }
    guard let version = results[0].first else { throw StorageError.broken("a maximum without a row") }
    var models: [String: (number: Int, objects: Int)] = [:]
    try results[1].each { models[try $0.text(1)] = (Int(try $0.integer(0)), Int(try $0.integer(2))) }
    var indexes: [String: (model: Int, isValid: Bool)] = [:]
    try results[3].each { row in
      guard let model = Int(try row.text(1).dropFirst()) else { return }
      indexes[try row.text(0)] = (model, try row.isTrue(2))
    }
    return DeployGround(
      version: Int(try version.integer(0)), models: models, layouts: try LayoutRows.read(results[2]),
      indexes: indexes)
  }

  /// What is to be done until the indexes are those that these models want.
  func indexWork(for models: [StoredModel]) -> IndexWork {
    var work = IndexWork()
    var objects: [Int: Int] = [:]
    for model in self.models.values { objects[model.number] = model.objects }
    var wanted: Set<String> = []
    for model in models {
      for plan in IndexPlan.all(of: model) where plan.isOptional {
        wanted.insert(plan.name)
        if indexes[plan.name]?.isValid == true { continue }
        work.missing.append(
          .init(plan: plan, model: model, objects: objects[model.number] ?? 0, isBroken: indexes[plan.name] != nil))
      }
    }
    work.superfluous = indexes.keys.filter { !wanted.contains($0) }.sorted()
    return work
  }
}

struct IndexWork: Sendable {
  struct Missing: Sendable {
    let plan: IndexPlan
    let model: StoredModel
    let objects: Int
    /// Whether what a building that was cut off has left is in its place.
    let isBroken: Bool
  }

  /// Names of indexes that nothing declares any more.
  var superfluous: [String] = []
  /// In the order of the data model.
  var missing: [Missing] = []

  var isDone: Bool { superfluous.isEmpty && missing.isEmpty }

  /// None of them holds up writes.
  var buildings: [IndexBuilding] {
    missing.filter { $0.objects > 0 }.map {
      IndexBuilding(model: $0.model.name, name: $0.plan.described.name, objects: $0.objects, secondsHoldingUp: 0)
    }
  }
}
