import DataModel
import Storage

/// An index that a model's table has: its name in the file, derived from its columns, and what the API
/// says of it.
struct IndexPlan {
  /// The name in the file.
  let table: String
  /// What stands between the parentheses of `CREATE INDEX`.
  let columns: String
  let described: StoredIndex
  /// Whether it comes and goes with the data model; the id's and the time's always stay.
  let isOptional: Bool

  static func all(of model: StoredModel) -> [IndexPlan] {
    var plans = [
      IndexPlan(fixed: "id", of: model, kind: .internal),
      IndexPlan(fixed: "updated_at", of: model, kind: .internal),
    ]
    var seen = Set<String>()
    func add(_ name: String, _ keys: [(position: Int, descending: Bool)], _ kind: StoredIndex.Kind) {
      let plan = IndexPlan(name: name, keys: keys, of: model, kind: kind)
      if seen.insert(plan.table).inserted { plans.append(plan) }
    }
    // A belongs-to that is also declared by itself shows as declared.
    for index in model.model.indexes where index.databases.contains(.cloud) {
      let keys = index.keys.compactMap { key in
        model.position(of: key.name).map { (position: $0, descending: key.descending) }
      }
      if keys.count == index.keys.count { add(index.name, keys, .schema) }
    }
    for (position, column) in model.columns.enumerated() {
      if case .belongsTo(let relationship) = column.source {
        add(relationship.idName, [(position, false)], .internal)
      }
    }
    return plans
  }

  private init(fixed column: String, of model: StoredModel, kind: StoredIndex.Kind) {
    self.table = "\(model.table)_\(column)"
    self.columns = column
    self.described = StoredIndex(name: column, keys: [(column, false)], kind: kind, status: .ready)
    self.isOptional = false
  }

  private init(
    name: String, keys: [(position: Int, descending: Bool)], of model: StoredModel,
    kind: StoredIndex.Kind
  ) {
    var table = "\(model.table)_i"
    var columns: [String] = []
    for key in keys {
      let column = model.columns[key.position]
      // An index on values that are read through conversions is another one than that on the column alone, or
      // on what an earlier version read, and has another name.
      table += "_\(column.ownName)"
      for (number, conversion) in column.converted { table += "_\(conversion.functionName)_c\(number)" }
      table += key.descending ? "d" : ""
      columns.append(key.descending ? "\(column.value) DESC" : column.value)
    }
    // SQLite ends each entry with n ascending; where the last key descends, ties must too.
    if keys.last?.descending == true { columns.append("n DESC") }
    self.table = table
    self.columns = columns.joined(separator: ", ")
    self.described = StoredIndex(
      name: name,
      keys: keys.map { (model.columns[$0.position].filterName, $0.descending) },
      kind: kind, status: .ready)
    self.isOptional = true
  }
}

extension StoredColumn {
  /// The name that filters and `indexes.json` use.
  fileprivate var filterName: String {
    switch source {
    case .field(let field): field.name
    case .belongsTo(let relationship): relationship.idName
    }
  }
}
