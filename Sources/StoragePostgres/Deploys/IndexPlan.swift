import Crypto
import DataModel
import Storage

/// An index that a model's table has: its name in the database, derived from its columns, and what the API says of it.
///
/// PostgreSQL takes no entry above some 2,700 bytes: of a text an index has the first letters (`ColumnSQL.indexed`), and
/// few texts. Behind a key whose value SQL cannot say it has no further ones, and where that is the first one, there is
/// no index.
struct IndexPlan: Sendable {
  /// The name in the deployment's schema.
  let name: String
  /// What stands between the parentheses of `CREATE INDEX`.
  let columns: String
  let described: StoredIndex
  /// Whether it comes and goes with the data model; the id's and the time's always stay.
  let isOptional: Bool

  static func all(of model: StoredModel) -> [IndexPlan] {
    var plans = [
      IndexPlan(fixed: "id", of: model, columns: "id"),
      IndexPlan(fixed: "updated_at", of: model, columns: "updated_at, n"),
    ]
    var seen: Set<String> = []
    for wanted in model.wantedIndexes {
      guard let plan = IndexPlan(wanted, of: model) else { continue }
      if seen.insert(plan.name).inserted { plans.append(plan) }
    }
    return plans
  }

  private init(fixed column: String, of model: StoredModel, columns: String) {
    name = "m\(model.number)_\(column)"
    self.columns = columns
    described = StoredIndex(name: column, keys: [(column, false)], kind: .internal, status: .ready)
    isOptional = false
  }

  private init?(_ wanted: WantedIndex, of model: StoredModel) {
    var words = ""
    var columns: [String] = []
    var texts = 0
    var isDescending = false
    for key in wanted.keys {
      let column = model.columns[key.position]
      guard let sql = column.sql else { break }
      if column.type == .text {
        texts += 1
        if texts > ColumnSQL.mostIndexedTexts { break }
      }
      // An index on values that are read through conversions is another one than that on the column alone, or on what
      // an earlier version read, and has another name.
      words += "_\(column.ownName)"
      for (number, _, conversion) in column.converted { words += "_\(conversion.functionName)_c\(number)" }
      words += key.descending ? "d" : ""
      let value = column.type == .text ? ColumnSQL.indexed(sql) : sql
      columns.append("(\(value)) \(key.descending ? "DESC NULLS LAST" : "ASC NULLS FIRST")")
      isDescending = key.descending
    }
    if columns.isEmpty { return nil }
    name = Self.short("m\(model.number)_i\(words)")
    self.columns = (columns + [isDescending ? "n DESC" : "n"]).joined(separator: ", ")
    described = model.described(wanted)
    isOptional = true
  }

  /// PostgreSQL cuts names behind 63 bytes: longer ones end with a hash of the whole.
  private static func short(_ name: String) -> String {
    if name.utf8.count <= 60 { return name }
    return "\(name.prefix(40))_\(Hex.encode(Array(SHA256.hash(name).prefix(8))))"
  }

  /// Makes it over a table in the transaction that is open.
  func making(in schema: DeploymentSchema, of model: StoredModel) -> String {
    "CREATE INDEX IF NOT EXISTS \(name) ON \(schema.table(of: model)) (\(columns))"
  }

  /// The same while the table is read and written, outside of transactions.
  func building(in schema: DeploymentSchema, of model: StoredModel) -> String {
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS \(name) ON \(schema.table(of: model)) (\(columns))"
  }
}
