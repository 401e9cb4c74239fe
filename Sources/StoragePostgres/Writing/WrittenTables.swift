import DataModel
import Storage

/// The tables that a writer has written to, by model and version of the data model. Another version makes other
/// bindings, so what is kept never grows old: columns that a later deploy adds are empty under the versions before.
///
/// It is used by one thread at a time.
final class WrittenTables {
  private let schema: DeploymentSchema
  private var known: [StoredModel.Binding: ObjectStatements] = [:]
  private static let most = 200

  init(_ schema: DeploymentSchema) { self.schema = schema }

  subscript(model: StoredModel) -> ObjectStatements? { known[model.binding] }

  /// One that is known.
  func known(_ binding: StoredModel.Binding) throws -> ObjectStatements {
    guard let statements = known[binding] else {
      throw StorageError.broken("the table of model \(binding.model) is not known")
    }
    return statements
  }

  /// Between two groups: a deploy makes new bindings; those before it are not asked for much longer.
  func forgetSurplus() {
    if known.count > Self.most { known.removeAll() }
  }

  /// Learns of these models what is not known yet, in one round trip.
  func learn(_ models: [StoredModel], from connection: PostgresConnection) throws {
    var missing: [StoredModel.Binding: StoredModel] = [:]
    for model in models where known[model.binding] == nil { missing[model.binding] = model }
    if missing.isEmpty { return }
    let models = Array(missing.values)
    let results = try connection.perform { pipeline in
      for model in models {
        pipeline.add(layout) {
          $0.add(integer: Int64(model.number))
          $0.add(text: schema.table(of: model))
        }
      }
    }
    for (model, rows) in zip(models, results) {
      let columns = try rows.map { row in
        TableLayout.Column(
          number: Int(try row.integer(0)), name: try row.text(1), storedType: try row.text(2),
          heldPasswords: try row.integer(3) != 0)
      }
      keep(ObjectStatements(WrittenTable(model, layout: TableLayout(columns: columns)), in: schema))
    }
  }

  func keep(_ statements: ObjectStatements) { known[statements.table.model.binding] = statements }

  /// Only columns that the table has: a deploy that is under way has numbered others already.
  private var layout: String {
    """
    SELECT c.number, c.name, c.type, c.passwords FROM \(schema.name).columns AS c WHERE c.model = $1
    AND EXISTS (SELECT FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = pg_catalog.to_regclass($2)
    AND a.attname = ('c' || c.number)::name AND NOT a.attisdropped) ORDER BY c.number
    """
  }
}
