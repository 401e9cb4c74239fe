import DataModel
import Storage
import Wire

/// The last step of a deploy: one more row of `deploys`, which puts its data model in force.
struct DeployRecording {
  let schema: DeploymentSchema
  let model: DataModel
  /// Bound to tables and columns that are there, as of this version.
  let models: [StoredModel]
  let version: Int
  let at: Instant
  let terms: DeployTerms

  var stored: StoredDataModel {
    StoredDataModel(model: model, models: models, version: version, deployedAt: at, deployedBy: terms.by)
  }

  /// Inside the transaction that is open.
  func add(to trip: inout PostgresPipeline) {
    let passwords = models.flatMap { $0.columns.filter(\.source.isPassword) }
    if !passwords.isEmpty {
      trip.add("UPDATE \(schema.name).columns SET passwords = 1 WHERE number = ANY ($1) AND passwords = 0") { values in
        values.addArray(.integer) { for column in passwords { $0.add(integer: Int64(column.number)) } }
      }
    }
    trip.add(
      """
      INSERT INTO \(schema.name).deploys (version, at, by_name, by_email, hash, xml, note)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      """
    ) { values in
      values.add(integer: Int64(version))
      values.add(integer: at.secondsSince1970)
      values.add(text: terms.by?.name)
      values.add(text: terms.by?.email)
      values.add(text: model.hash)
      values.add(bytes: model.xml)
      values.add(text: terms.note)
    }
  }

  /// Tables of a new deployment that are made in one transaction: each takes some eight locks of the server, which has
  /// 6,400 by default, for all sessions.
  static let tablesInPart = 100

  /// Makes all tables that a schema needs which nobody uses yet.
  static func first(
    _ model: DataModel, of schema: DeploymentSchema, by person: Person?, at instant: Instant,
    on connection: PostgresConnection
  ) throws -> DeployRecording {
    let plan = try DeployPlan(model, over: try DeployGround.read(schema, on: connection))
    let making = TableMaking(schema: schema)
    var rest = try making.number(plan.works, on: connection)[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(tablesInPart))
      rest = rest.dropFirst(tablesInPart)
      _ = try connection.perform { trip in
        trip.add("BEGIN")
        try making.make(part, in: &trip)
        trip.add("COMMIT")
      }
    }
    let models = try DeployPlan.bound(model, to: try DeployGround.read(schema, on: connection), version: 1)
    return DeployRecording(
      schema: schema, model: model, models: models, version: 1, at: instant, terms: DeployTerms(by: person))
  }
}
