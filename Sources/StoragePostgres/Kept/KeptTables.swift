import Crypto
import Storage
import Wire

/// What is kept of a deployment beside its objects, as a writing transaction reads and stores it: one round trip for
/// what a step needs, one more where the tables of objects are looked through.
///
/// It decides nothing; `StepRule` does. What it reads is what the connection's transaction sees: statements that are
/// still to be sent it knows nothing of.
struct KeptTables {
  let connection: PostgresConnection
  let schema: DeploymentSchema

  init(_ connection: PostgresConnection, _ schema: DeploymentSchema) {
    self.connection = connection
    self.schema = schema
  }

  private var users: UserTables { UserTables(schema: schema) }
  private var ledger: LedgerTables { LedgerTables(schema: schema) }
  private var webhooks: WebhookTables { WebhookTables(schema: schema) }
  private var oplog: OplogTrimming { OplogTrimming(schema: schema) }
  private var facts: FactTable { FactTable(schema: schema) }

  // MARK: Reading.

  /// Adds what is needed to what was read.
  /// - Parameter appUser: the deployed model that holds the users; nil where there is none.
  func read(_ needs: KeptNeeds, appUser: StoredModel?, into rows: inout KeptRows) throws {
    var inquiry = PostgresInquiry<KeptRows>()
    if let id = needs.user { users.ask(for: id, in: appUser, &inquiry) }
    if let hash = needs.token { users.ask(forToken: hash, &inquiry) }
    if !needs.connections.isEmpty { users.ask(forConnectionsOf: needs.connections, &inquiry) }
    if let name = needs.webhook { webhooks.ask(forRevisionOf: name, &inquiry) }
    if needs.needsSigningKey {
      inquiry.ask(facts.reading) {
        $0.add(text: DeploymentFact.signingKey.rawValue)
      } taking: {
        $1.signingKey = try FactTable.bytes($0)
      }
    }
    if let name = needs.lease { LeaseTable(schema: schema).ask(for: name, &inquiry) }
    ledger.ask(for: needs, &inquiry)
    oplog.ask(for: needs, &inquiry)
    try inquiry.perform(on: connection, into: &rows)
    if needs.holders != nil || needs.miscounts != nil { try readObjects(needs, into: &rows) }
  }

  /// What only a look through tables of objects says.
  private func readObjects(_ needs: KeptNeeds, into rows: inout KeptRows) throws {
    let columns = try AttachmentColumns(reading: connection, schema)
    if let id = needs.holders { rows.holders = try columns.holders(of: id, on: connection) }
    guard let most = needs.miscounts else { return }
    let recount = AttachmentRecount(columns: columns, schema: schema)
    rows.miscounts = try recount.findings(most: most, on: connection)
    try recount.read(rows.miscounts, on: connection, into: &rows)
  }

  /// The state of a session; nil where there is none.
  func state(ofSession id: ObjectID) throws -> SessionState? {
    let result = try connection.rows("SELECT state FROM \(schema.name).sessions WHERE id = $1") { $0.add(id: id) }
    return try result.first.map { try UserTables.state(try $0.text(0)) }
  }

  // MARK: Storing.

  /// Adds what stores these changes. Of objects that are written anew it stores rows and oplog entries; their models
  /// get a row of counters as any that a group has touched.
  func store(_ changes: KeptChanges, origin: String, into pipeline: inout PostgresPipeline) {
    if let user = changes.user { users.store(user.new, over: user.old, in: &pipeline) }
    if let horizon = changes.horizon { users.forgetTokens(expiredBefore: horizon, in: &pipeline) }
    if let token = changes.token { users.store(token, in: &pipeline) }
    if !changes.connections.isEmpty { users.note(changes.connections, in: &pipeline) }
    if let change = changes.webhook { webhooks.keep(change, in: &pipeline) }
    if let lease = changes.lease { LeaseTable(schema: schema).store(lease, in: &pipeline) }
    if let last = changes.trimmed { oplog.remove(through: last, in: &pipeline) }
    if let key = changes.signingKey { facts.set(.signingKey, to: Base64.encode(key), in: &pipeline) }
    switch changes.appUser {
    case .none: break
    case .some(.none): facts.remove(.appUser, in: &pipeline)
    case .some(.some(let name)): facts.set(.appUser, to: name, in: &pipeline)
    }
    if changes.endsSessions { facts.count(.endedSessions, in: &pipeline) }
    ledger.store(changes, in: &pipeline)
    for object in changes.linking { LinkingRows(schema: schema).store(object, origin: origin, in: &pipeline) }
  }
}
