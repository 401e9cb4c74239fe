import Storage

// The real indexes: every belongs-to, and what the data model declares for the cloud.

extension Catalog {
  /// What is to be done until the file's indexes are those that a data model wants.
  struct IndexWork: Sendable {
    /// Indexes that nothing declares any more.
    var superfluous: [(name: String, objects: Int)] = []
    /// In the order of the data model.
    var missing: [(plan: IndexPlan, model: StoredModel, objects: Int)] = []

    var count: Int { superfluous.count + missing.count }
    var isDone: Bool { count == 0 }

    /// About what building an index takes for each object while others read and write (docs/operations.md).
    private static let secondsPerObject = 1.5e-6

    var buildings: [IndexBuilding] {
      missing.filter { $0.objects > 0 }.map { plan, model, objects in
        IndexBuilding(
          model: model.name, name: plan.described.name, objects: objects,
          secondsHoldingUp: Double(objects) * Self.secondsPerObject)
      }
    }
  }

  /// Objects over which indexes are built or dropped in one transaction beside other things, all of them
  /// together: a few milliseconds.
  private static let smallObjects = 5000
  /// Indexes that are, over whatever number of objects: SQLite looks through the whole schema for each.
  private static let fewIndexes = 100

  func indexWork(for models: [StoredModel]) throws -> IndexWork {
    var work = IndexWork()
    var counts: [String: Int] = [:]
    let rows = try connection.statement("SELECT number, count FROM models")
    defer { rows.reset() }
    while try rows.step() { counts["m\(rows.integer(0))"] = Int(rows.integer(1)) }
    let existing = try existingIndexes()
    var wanted: Set<String> = []
    for model in models {
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

  /// Does what is quickly done, in the order of the work. Inside a transaction.
  /// - Returns: how much that was.
  func arrangeSmallIndexes(_ work: IndexWork) throws -> Int {
    var room = Self.smallObjects
    var done = 0
    func takes(_ objects: Int) -> Bool {
      guard objects <= room, done < Self.fewIndexes else { return false }
      room -= objects
      done += 1
      return true
    }
    for (name, objects) in work.superfluous where takes(objects) { try drop(index: name) }
    for (plan, model, objects) in work.missing where takes(objects) { try build(plan, of: model) }
    return done
  }

  /// The same in a transaction of its own.
  func arrangeFewIndexes(_ work: IndexWork) throws -> Int {
    try connection.write { try arrangeSmallIndexes(work) }
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
