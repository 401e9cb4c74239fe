import Storage

// The real indexes: every belongs-to, and what the data model declares for the cloud.

extension Catalog {
  /// What is to be done until the file's indexes are those that a data model wants.
  struct IndexWork {
    /// Indexes that nothing declares any more.
    var superfluous: [(name: String, objects: Int)] = []
    /// In the order of the data model.
    var missing: [(plan: IndexPlan, model: StoredModel, objects: Int)] = []

    var isDone: Bool { superfluous.isEmpty && missing.isEmpty }

    /// About what building an index takes for each object.
    private static let secondsPerObject = 1e-6

    var buildings: [IndexBuilding] {
      missing.filter { $0.objects > 0 }.map { plan, model, objects in
        IndexBuilding(
          model: model.name, name: plan.described.name, objects: objects,
          secondsHoldingUp: Double(objects) * Self.secondsPerObject)
      }
    }
  }

  /// Objects over which indexes are built or dropped inside a deploy's own transaction, all of them
  /// together: a few milliseconds.
  private static let smallObjects = 5000

  func indexWork(for stored: StoredDataModel) throws -> IndexWork {
    var work = IndexWork()
    var counts: [String: Int] = [:]
    let rows = try connection.statement("SELECT number, count FROM models")
    defer { rows.reset() }
    while try rows.step() { counts["m\(rows.integer(0))"] = Int(rows.integer(1)) }
    let existing = try existingIndexes()
    var wanted: Set<String> = []
    for model in stored.models {
      for plan in IndexPlan.all(of: model) where plan.isOptional {
        wanted.insert(plan.table)
        if existing[plan.table] == nil { work.missing.append((plan, model, counts[model.table] ?? 0)) }
      }
    }
    for (name, table) in existing.sorted(by: { $0.key < $1.key }) where name.contains("_i_") && !wanted.contains(name) {
      work.superfluous.append((name, counts[table] ?? 0))
    }
    return work
  }

  /// Does what is quickly done. Inside a transaction.
  func arrangeSmallIndexes(of stored: StoredDataModel) throws {
    let work = try indexWork(for: stored)
    var room = Self.smallObjects
    for (name, objects) in work.superfluous where objects <= room {
      room -= objects
      try drop(index: name)
    }
    for (plan, model, objects) in work.missing where objects <= room {
      room -= objects
      try build(plan, of: model)
    }
  }

  func drop(index name: String) throws { try connection.run("DROP INDEX IF EXISTS \(name)") }

  func build(_ plan: IndexPlan, of model: StoredModel) throws {
    try connection.run("CREATE INDEX IF NOT EXISTS \(plan.table) ON \(model.table) (\(plan.columns))")
  }

  /// The names of the indexes that are really there, each with its table's.
  func existingIndexes() throws -> [String: String] {
    let statement = try connection.statement("SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'")
    defer { statement.reset() }
    var names: [String: String] = [:]
    while try statement.step() { names[statement.text(0)] = statement.text(1) }
    return names
  }
}
