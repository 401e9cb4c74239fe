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
    func add(_ name: String, _ keys: [(position: Int, descending: Bool)], _ kind: StoredIndex.Kind) {
      guard let plan = IndexPlan(name: name, keys: keys, of: model, kind: kind) else { return }
      if seen.insert(plan.name).inserted { plans.append(plan) }
    }
    // A belongs-to that is also declared by itself shows as declared.
    for index in model.model.indexes where index.databases.contains(.cloud) {
      let keys = index.keys.compactMap { key in
        model.position(of: key.name).map { (position: $0, descending: key.descending) }
      }
      if keys.count == index.keys.count { add(index.name, keys, .schema) }
    }
    for (position, column) in model.columns.enumerated() {
      if case .belongsTo(let relationship) = column.source { add(relationship.idName, [(position, false)], .internal) }
    }
    return plans
  }

  private init(fixed column: String, of model: StoredModel, columns: String) {
    name = "m\(model.number)_\(column)"
    self.columns = columns
    described = StoredIndex(name: column, keys: [(column, false)], kind: .internal, status: .ready)
    isOptional = false
  }

  private init?(
    name: String, keys: [(position: Int, descending: Bool)], of model: StoredModel, kind: StoredIndex.Kind
  ) {
    var words = ""
    var columns: [String] = []
    var texts = 0
    var isDescending = false
    for key in keys {
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
    self.name = Self.short("m\(model.number)_i\(words)")
    self.columns = (columns + [isDescending ? "n DESC" : "n"]).joined(separator: ", ")
    described = StoredIndex(
      name: name, keys: keys.map { (model.columns[$0.position].filterName, $0.descending) }, kind: kind,
      status: .ready)
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

extension StoredColumn {
  /// The name that filters and `indexes.json` use.
  fileprivate var filterName: String {
    switch source {
    case .field(let field): field.name
    case .belongsTo(let relationship): relationship.idName
    }
  }
}
