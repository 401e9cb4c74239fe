import DataModel
import Storage
import Wire

/// What a deployment's schema says of itself: which numbers its models and columns have, and which data models were
/// deployed.
struct Catalog {
  let schema: DeploymentSchema

  // MARK: The data model in force.

  /// The data model that was deployed last, bound to the tables and columns that there are; nil where there is none.
  ///
  /// What is read before the columns is never newer than they are, so that all of its own are found.
  func current(on connection: PostgresConnection) throws -> StoredDataModel? {
    let results = try connection.perform { pipeline in
      pipeline.add(
        "SELECT version, at, by_name, by_email, xml FROM \(schema.name).deploys ORDER BY version DESC LIMIT 1")
      pipeline.add("SELECT number, name FROM \(schema.name).models")
      pipeline.add(LayoutRows(schema: schema).all)
    }
    guard let deploy = results[0].first else { return nil }
    var numbers: [String: Int] = [:]
    try results[1].each { numbers[try $0.text(1)] = Int(try $0.integer(0)) }
    let layouts = try LayoutRows.read(results[2])
    let model = try Self.read(try deploy.bytes(4))
    let version = Int(try deploy.integer(0))
    let models = try model.models.map { model in
      guard let number = numbers[model.name] else {
        throw StorageError.broken("the table of the model \(model.name) is missing")
      }
      return try (layouts[number] ?? TableLayout(columns: [])).bind(model, number: number, version: version)
    }
    return StoredDataModel(
      model: model, models: models, version: version, deployedAt: try deploy.instant(1),
      deployedBy: try Self.person(deploy, 2))
  }

  private static func read(_ xml: [UInt8]) throws -> DataModel {
    let (model, findings) = DataModelReader.read(xml)
    if let model { return model }
    let first = findings.first { $0.severity == .error }
    throw StorageError.unusable(
      "The deployed data model no longer passes the checks of this version: "
        + "\(first.map { "line \($0.line): \($0.message)" } ?? "unknown reason").")
  }

  // MARK: The history.

  /// Newest first.
  func history(on connection: PostgresConnection) throws -> [DeployRecord] {
    let rows = try connection.rows(
      "SELECT version, at, by_name, by_email, hash, note FROM \(schema.name).deploys ORDER BY version DESC")
    return try rows.map { row in
      DeployRecord(
        version: Int(try row.integer(0)), at: try row.instant(1), by: try Self.person(row, 2), hash: try row.text(4),
        note: try row.textIfAny(5))
    }
  }

  /// The document of a deploy, byte for byte; nil where there was none of this version.
  func document(ofVersion version: Int, on connection: PostgresConnection) throws -> [UInt8]? {
    let rows = try connection.rows("SELECT xml FROM \(schema.name).deploys WHERE version = $1") {
      $0.add(integer: Int64(version))
    }
    return try rows.first?.bytes(0)
  }

  /// Who deployed, by name and e-mail address in this column and the next; nil where neither is known.
  private static func person(_ row: PostgresRow, _ column: Int) throws -> Person? {
    let (name, email) = (try row.textIfAny(column), try row.textIfAny(column + 1))
    return name == nil && email == nil ? nil : Person(name: name, email: email)
  }
}
