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
        pipeline.add(LayoutRows(schema: schema).ofModel) { $0.add(integer: Int64(model.number)) }
      }
    }
    for (model, rows) in zip(models, results) {
      let layout = try LayoutRows.read(rows)[model.number] ?? TableLayout(columns: [])
      keep(ObjectStatements(WrittenTable(model, layout: layout), in: schema))
    }
  }

  func keep(_ statements: ObjectStatements) { known[statements.table.model.binding] = statements }
}
