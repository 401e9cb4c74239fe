import Storage
import Wire

/// The tables of a deployment's webhooks: what is read of them. `logged` counts the attempts that ever were, of which
/// `hook_log` keeps the last ones, each in the slot of its number.
struct WebhookTables {
  let schema: DeploymentSchema

  static func statements(in schema: DeploymentSchema) -> [String] {
    let name = schema.name
    return [
      """
      CREATE TABLE \(name).hooks (
        name text COLLATE "C" PRIMARY KEY, url text COLLATE "C" NOT NULL, enabled boolean NOT NULL,
        secret bytea NOT NULL, next_secret bytea, next_made_at bigint, position bigint NOT NULL,
        reached bigint NOT NULL, failures bigint NOT NULL, suspended_since bigint, stood_still bigint NOT NULL,
        delivered bigint NOT NULL, failed bigint NOT NULL, logged bigint NOT NULL DEFAULT 0, revision bigint NOT NULL)
      """,
      """
      CREATE TABLE \(name).hook_deliveries (
        hook text COLLATE "C" NOT NULL, sequence bigint NOT NULL, object uuid NOT NULL, attempts bigint NOT NULL,
        first_at bigint, next_at bigint NOT NULL, parked boolean NOT NULL, replay boolean NOT NULL,
        PRIMARY KEY (hook, sequence))
      """,
      """
      CREATE TABLE \(name).hook_fired (
        hook text COLLATE "C" NOT NULL, object uuid NOT NULL, sequence bigint NOT NULL, PRIMARY KEY (hook, object))
      """,
      """
      CREATE TABLE \(name).hook_log (
        hook text COLLATE "C" NOT NULL, slot bigint NOT NULL, number bigint NOT NULL, sequence bigint NOT NULL,
        object uuid NOT NULL, attempt bigint NOT NULL, at bigint NOT NULL, status bigint,
        milliseconds bigint NOT NULL, problem text COLLATE "C", answer bytea NOT NULL, PRIMARY KEY (hook, slot))
      """,
    ]
  }

  // MARK: For a writing transaction.

  func ask(forRevisionOf webhook: String, _ inquiry: inout PostgresInquiry<KeptRows>) {
    inquiry.ask("SELECT revision FROM \(schema.name).hooks WHERE name = $1") {
      $0.add(text: webhook)
    } taking: {
      $1.webhookRevision = try $0.first?.integer(0)
    }
  }

  /// The sequence from which on an enabled webhook still needs the oplog, and the webhook that needs most.
  func askForNeededEntries(_ inquiry: inout PostgresInquiry<KeptRows>) {
    inquiry.ask(
      """
      SELECT least(h.position, (
          SELECT min(d.sequence) FROM \(schema.name).hook_deliveries d WHERE d.hook = h.name AND NOT d.parked)
        ) AS needed, h.name
      FROM \(schema.name).hooks h WHERE h.enabled ORDER BY needed, h.name LIMIT 1
      """
    ) { result, rows in
      rows.neededEntries = try result.first.map {
        NeededEntries(sequence: try $0.integer(0), webhook: try $0.text(1))
      }
    }
  }

  // MARK: For readers.

  func webhooks(on connection: PostgresConnection) throws -> [WebhookRecord] {
    let rows = try connection.rows(
      """
      SELECT name, url, enabled, secret, next_secret, next_made_at, position, reached, failures, suspended_since,
        stood_still, delivered, failed, revision FROM \(schema.name).hooks ORDER BY name
      """)
    return try rows.map { row in
      var record = WebhookRecord(
        name: try row.text(0), url: try row.text(1), secret: try row.bytes(3), position: try row.integer(6))
      record.isEnabled = try row.isTrue(2)
      record.nextSecret = try row.bytesIfAny(4)
      record.nextMadeAt = try row.integerIfAny(5)
      record.reached = try row.integer(7)
      record.failuresInRow = Int(try row.integer(8))
      record.suspendedSince = try row.integerIfAny(9)
      record.stoodStill = try row.integer(10)
      record.delivered = try row.integer(11)
      record.failed = try row.integer(12)
      record.revision = try row.integer(13)
      return record
    }
  }

  func deliveries(of webhook: String, on connection: PostgresConnection) throws -> [WebhookDelivery] {
    let rows = try connection.rows(
      """
      SELECT sequence, object, attempts, first_at, next_at, parked, replay FROM \(schema.name).hook_deliveries
      WHERE hook = $1 ORDER BY sequence
      """
    ) { $0.add(text: webhook) }
    return try rows.map {
      WebhookDelivery(
        sequence: try $0.integer(0), object: try $0.id(1), attempts: Int(try $0.integer(2)),
        firstAt: try $0.integerIfAny(3), nextAt: try $0.integer(4), isParked: try $0.isTrue(5),
        isReplay: try $0.isTrue(6))
    }
  }

  func fired(
    _ webhook: String, among objects: [ObjectID], on connection: PostgresConnection
  ) throws -> [ObjectID: Int64] {
    if objects.isEmpty { return [:] }
    let rows = try connection.rows(
      "SELECT object, sequence FROM \(schema.name).hook_fired WHERE hook = $1 AND object = ANY ($2)"
    ) {
      $0.add(text: webhook)
      $0.add(ids: objects)
    }
    return Dictionary(uniqueKeysWithValues: try rows.map { (try $0.id(0), try $0.integer(1)) })
  }

  /// The latest first.
  func attempts(of webhook: String, on connection: PostgresConnection) throws -> [WebhookAttempt] {
    let rows = try connection.rows(
      """
      SELECT sequence, object, attempt, at, status, milliseconds, problem, answer FROM \(schema.name).hook_log
      WHERE hook = $1 ORDER BY number DESC
      """
    ) { $0.add(text: webhook) }
    return try rows.map {
      WebhookAttempt(
        sequence: try $0.integer(0), object: try $0.id(1), attempt: Int(try $0.integer(2)), at: try $0.integer(3),
        status: try $0.integerIfAny(4).map { Int($0) }, milliseconds: Int(try $0.integer(5)),
        problem: try $0.textIfAny(6), answer: try $0.bytes(7))
    }
  }

  /// Sealed; nil while there is none.
  func signingKey(on connection: PostgresConnection) throws -> [UInt8]? {
    try FactTable.bytes(
      try connection.rows(FactTable(schema: schema).reading) { $0.add(text: DeploymentFact.signingKey.rawValue) })
  }
}
