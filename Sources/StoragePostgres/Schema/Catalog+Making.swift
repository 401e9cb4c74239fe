import DataModel
import Storage
import Wire

extension Catalog {
  /// Makes the schema of a new deployment with its first data model, in one transaction.
  func make(_ model: DataModel, at instant: Instant, by person: Person?, on connection: PostgresConnection) throws {
    var pipeline = PostgresPipeline()
    pipeline.addOnce("BEGIN")
    pipeline.addOnce("CREATE SCHEMA \(schema.name)")
    for statement in DeploymentTables.statements(in: schema) { pipeline.addOnce(statement) }
    var columnNumber = 0
    for (index, model) in model.models.enumerated() {
      let columns = StoredColumn.Source.all(of: model).map { source in
        columnNumber += 1
        return StoredColumn(number: columnNumber, source: source)
      }
      make(StoredModel(number: index + 1, model: model, columns: columns, version: 1), in: &pipeline)
    }
    note(DeployTerms(by: person), of: model, version: 1, at: instant, in: &pipeline)
    pipeline.addOnce(
      """
      INSERT INTO \(schema.name).commits (number, last_sequence, group_id, feed, at)
      VALUES (1, 0, gen_random_uuid(), $1, $2)
      """
    ) {
      $0.add(text: FeedStanding.newFeed())
      $0.add(instant: instant)
    }
    pipeline.addOnce("COMMIT")
    switch connection.commit(pipeline) {
    case .done: return
    case .refused(let fault), .unknown(let fault): throw fault
    }
  }

  /// The table of a model that never was deployed, and the numbers of its columns for good.
  func make(_ model: StoredModel, in pipeline: inout PostgresPipeline) {
    pipeline.addOnce("INSERT INTO \(schema.name).models (number, name) VALUES ($1, $2)") {
      $0.add(integer: Int64(model.number))
      $0.add(text: model.name)
    }
    note(model.columns, of: model, in: &pipeline)
    let table = schema.table(of: model)
    let columns = model.columns.map { ", \(Self.declared($0))" }.joined()
    pipeline.addOnce(
      "CREATE TABLE \(table) (n bigint PRIMARY KEY, id uuid NOT NULL UNIQUE, updated_at bigint NOT NULL, "
        + "sequence bigint NOT NULL\(columns))")
    pipeline.addOnce("CREATE INDEX m\(model.number)_updated_at ON \(table) (updated_at, n)")
  }

  /// Gives columns their numbers for good.
  func note(_ columns: [StoredColumn], of model: StoredModel, in pipeline: inout PostgresPipeline) {
    if columns.isEmpty { return }
    pipeline.addOnce(
      """
      INSERT INTO \(schema.name).columns (number, model, name, type, passwords)
      SELECT u.number, $1, u.name, u.type, u.passwords FROM unnest($2, $3, $4, $5) AS u(number, name, type, passwords)
      """
    ) {
      $0.add(integer: Int64(model.number))
      $0.add(integers: columns.map { Int64($0.number) })
      $0.add(.text, ofEach: columns) { $0.add(text: $1.name) }
      $0.add(.text, ofEach: columns) { $0.add(text: $1.storedType) }
      $0.add(integers: columns.map { $0.heldPasswords ? 1 : 0 })
    }
  }

  /// Makes a data model the one in force, as soon as it is committed.
  func note(
    _ terms: DeployTerms, of model: DataModel, version: Int, at instant: Instant, in pipeline: inout PostgresPipeline
  ) {
    pipeline.addOnce(
      """
      INSERT INTO \(schema.name).deploys (version, at, by_name, by_email, hash, xml, note)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      """
    ) {
      $0.add(integer: Int64(version))
      $0.add(instant: instant)
      $0.add(text: terms.by?.name)
      $0.add(text: terms.by?.email)
      $0.add(text: model.hash)
      $0.add(bytes: Array(model.xml))
      $0.add(text: terms.note)
    }
  }

  /// As it stands in the declaration of its table.
  static func declared(_ column: StoredColumn) -> String {
    switch column.type {
    case .integer: "c\(column.number) bigint"
    case .real: "c\(column.number) double precision"
    case .text: "c\(column.number) text COLLATE \"C\""
    case .id: "c\(column.number) uuid"
    }
  }
}
