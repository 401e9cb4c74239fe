import DataModel
import Storage

// Working out what a deploy has to do. Nothing here writes.

extension Catalog {
  /// What a deploy of `model` does, as the file is now.
  /// - Throws: `StorageError.unusable` with a sentence for people where it does not fit what is stored.
  func plan(_ model: DataModel) throws -> DeployPlan {
    var basis = try deployBasis()
    let start = basis
    let tables = try tables()
    let layouts = try layouts()
    let version = Int(start.version) + 1
    var models: [StoredModel] = []
    var added: [StoredModel] = []
    var additions: [DeployPlan.Addition] = []
    var present: [StoredModel] = []
    models.reserveCapacity(model.models.count)
    for model in model.models {
      let known = tables[model.name]
      if known == nil { basis.model += 1 }
      let number = known ?? Int(basis.model)
      var layout = layouts[number] ?? TableLayout(columns: [])
      let missing = layout.missing(for: model)
      try checkRoom(for: missing.count, beside: layout.columns.count, in: model)
      if !missing.isEmpty {
        var columns = layout.columns
        for source in missing {
          basis.column += 1
          columns.append(
            TableLayout.Column(
              number: Int(basis.column), name: source.name, storedType: StoredColumn.storedType(of: source),
              heldPasswords: source.isPassword))
        }
        layout = TableLayout(columns: columns)
      }
      let bound = try layout.bind(model, number: number, version: version)
      models.append(bound)
      if known == nil {
        added.append(bound)
      } else {
        present.append(bound)
        let new = bound.columns.filter { $0.number > start.column }
        if !new.isEmpty { additions.append(DeployPlan.Addition(model: bound, columns: new)) }
      }
    }
    return DeployPlan(
      basis: start, models: models, newTables: added[...], additions: additions, indexes: try indexWork(for: present),
      filed: try count("SELECT count(*) FROM sqlite_schema"))
  }

  /// Of the data model in force; 0 before the first deploy.
  func version() throws -> Int {
    let row = try connection.statement("SELECT max(version) FROM deploys")
    defer { row.reset() }
    return try row.step() ? Int(row.integer(0)) : 0
  }

  func deployBasis() throws -> DeployPlan.Basis {
    let highest = try connection.statement(
      """
      SELECT (SELECT max(version) FROM deploys), (SELECT max(number) FROM models),
        (SELECT max(number) FROM columns)
      """)
    defer { highest.reset() }
    guard try highest.step() else { throw StorageError.broken("the file's numbers cannot be read") }
    // Null, where there is none yet, reads as 0.
    return DeployPlan.Basis(version: highest.integer(0), model: highest.integer(1), column: highest.integer(2))
  }

  /// The numbers of all models that were ever deployed, by name.
  func tables() throws -> [String: Int] {
    let rows = try connection.statement("SELECT name, number FROM models")
    defer { rows.reset() }
    var numbers: [String: Int] = [:]
    while try rows.step() { numbers[rows.text(0)] = Int(rows.integer(1)) }
    return numbers
  }

  /// Of all tables, by the number of their model.
  /// - Parameter knowsPasswords: false for a file of an earlier layout, which does not say what has held them.
  func layouts(knowsPasswords: Bool = true) throws -> [Int: TableLayout] {
    let passwords = knowsPasswords ? "passwords" : "0"
    let rows = try connection.statement(
      "SELECT model, number, name, type, \(passwords) FROM columns ORDER BY number")
    defer { rows.reset() }
    var columns: [Int: [TableLayout.Column]] = [:]
    while try rows.step() {
      columns[Int(rows.integer(0)), default: []].append(
        TableLayout.Column(
          number: Int(rows.integer(1)), name: rows.text(2), storedType: rows.text(3),
          heldPasswords: rows.integer(4) != 0))
    }
    return columns.mapValues(TableLayout.init)
  }

  private func count(_ sql: String) throws -> Int {
    let row = try connection.statement(sql)
    defer { row.reset() }
    return try row.step() ? Int(row.integer(0)) : 0
  }

  /// Columns in a table, by SQLite's own limit.
  private static let mostColumns = 2000
  /// `n`, `id`, `updated_at` and `sequence`.
  private static let ownColumns = 4

  /// A field that was removed, or had another type, keeps its column: a table can become full.
  private func checkRoom(for new: Int, beside known: Int, in model: Model) throws {
    guard new > 0, known + new > Self.mostColumns - Self.ownColumns else { return }
    throw StorageError.unusable(
      "The model \(model.name) has had \(known) fields and relationships so far, counting those "
        + "that were removed or had another type, and their values are kept; \(new) more do not fit "
        + "(at most \(Self.mostColumns - Self.ownColumns)). Use fields that were declared before, or another model."
    )
  }
}
