import Storage

/// The rows of `columns` as layouts of tables: a row is there as soon as its column is, and both stay for good.
struct LayoutRows {
  let schema: DeploymentSchema

  /// Of all models.
  var all: String { "SELECT model, number, name, type, passwords FROM \(schema.name).columns ORDER BY number" }

  /// Of one model, by its number.
  var ofModel: String {
    "SELECT model, number, name, type, passwords FROM \(schema.name).columns WHERE model = $1 ORDER BY number"
  }

  /// By the number of their model.
  static func read(_ result: PostgresResult) throws(StorageError) -> [Int: TableLayout] {
    var columns: [Int: [TableLayout.Column]] = [:]
    try result.each { (row) throws(StorageError) in
      columns[Int(try row.integer(0)), default: []].append(
        TableLayout.Column(
          number: Int(try row.integer(1)), name: try row.text(2), storedType: try row.text(3),
          heldPasswords: try row.integer(4) != 0))
    }
    return columns.mapValues(TableLayout.init)
  }
}
