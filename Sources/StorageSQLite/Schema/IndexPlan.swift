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
    for wanted in model.wantedIndexes {
      let plan = IndexPlan(wanted, of: model)
      if seen.insert(plan.table).inserted { plans.append(plan) }
    }
    return plans
  }

  private init(fixed column: String, of model: StoredModel, kind: StoredIndex.Kind) {
    self.table = "\(model.table)_\(column)"
    self.columns = column
    self.described = StoredIndex(name: column, keys: [(column, false)], kind: kind, status: .ready)
    self.isOptional = false
  }

  private init(_ wanted: WantedIndex, of model: StoredModel) {
    var table = "\(model.table)_i"
    var columns: [String] = []
    for key in wanted.keys {
      let column = model.columns[key.position]
      // An index on values that are read through conversions is another one than that on the column alone, or
      // on what an earlier version read, and has another name.
      table += "_\(column.ownName)"
      for (number, conversion) in column.converted { table += "_\(conversion.functionName)_c\(number)" }
      table += key.descending ? "d" : ""
      columns.append(key.descending ? "\(column.value) DESC" : column.value)
    }
    // SQLite ends each entry with n ascending; where the last key descends, ties must too.
    if wanted.keys.last?.descending == true { columns.append("n DESC") }
    self.table = table
    self.columns = columns.joined(separator: ", ")
    self.described = model.described(wanted)
    self.isOptional = true
  }
}
