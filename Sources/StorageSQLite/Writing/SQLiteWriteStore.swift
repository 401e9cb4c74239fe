import Storage
import Wire

/// The writer's connection inside a transaction, as rules of a write see it: it reads and stores, and decides
/// nothing.
final class SQLiteWriteStore: WriteStore {
  let connection: Connection
  private var tables: [StoredModel.Binding: ObjectTable] = [:]
  /// The table of the last step: the next one is most often of the same model.
  private var current: ObjectTable?
  private let oplog: OplogWriter
  private let history: HistoryTables
  private let leases: LeaseTable
  /// The deployed model with this name.
  private let deployed: @Sendable (String) -> StoredModel?

  init(
    _ connection: Connection, leases: LeasesTaken, deployed: @escaping @Sendable (String) -> StoredModel?
  ) throws {
    self.connection = connection
    self.leases = LeaseTable(connection: connection, taken: leases)
    self.deployed = deployed
    oplog = try OplogWriter(connection)
    history = try HistoryTables(connection)
  }

  /// What the file has come to. Sequences go on above `floor`, whatever the oplog holds.
  func state(floor: Int64) throws -> GroupState {
    let sequence = try connection.statement("SELECT max(sequence) FROM oplog")
    let last = try sequence.step() ? sequence.integer(0) : 0
    sequence.reset()
    var counters: [Int: GroupState.Counter] = [:]
    let rows = try connection.statement("SELECT number, count, last_row FROM models")
    while try rows.step() {
      counters[Int(rows.integer(0))] = GroupState.Counter(count: rows.integer(1), lastRow: rows.integer(2))
    }
    rows.reset()
    return GroupState(
      version: try Catalog(connection: connection).version(), counters: counters, lastSequence: max(floor, last),
      appUser: try MetaTable(connection: connection).text(.appUser))
  }

  // MARK: Objects.

  func table(of model: StoredModel) throws -> WrittenTable { try objectTable(of: model).table }

  func object(_ id: ObjectID, in table: WrittenTable) throws -> FoundObject? {
    try objectTable(of: table.model).object(id)
  }

  func lastDeletion(of id: ObjectID, in table: WrittenTable) throws -> Int64? {
    try history.lastDeletion(of: id, ofModel: table.model.number)
  }

  func store(_ change: ObjectChange, origin: String) throws -> Bool {
    guard try objectTable(of: change.table.model).store(change) else { return false }
    try oplog.append(change, origin: origin)
    return true
  }

  func store(_ counter: GroupState.Counter, ofModel number: Int) throws {
    let store = try connection.statement("UPDATE models SET count = ?, last_row = ? WHERE number = ?")
    store.bind(1, integer: counter.count)
    store.bind(2, integer: counter.lastRow)
    store.bind(3, integer: Int64(number))
    try store.run()
  }

  private func objectTable(of model: StoredModel) throws -> ObjectTable {
    if let current, current.table.model.binding == model.binding { return current }
    if let found = tables[model.binding] {
      current = found
      return found
    }
    // A deploy makes new bindings; those before it are not asked for much longer.
    if tables.count > 200 { tables.removeAll() }
    let made = try ObjectTable(model, on: connection)
    tables[model.binding] = made
    current = made
    return made
  }

  // MARK: Beside the objects.

  func state(ofSession id: ObjectID) throws -> SessionState? {
    try UserTables(connection: connection).state(ofSession: id)
  }

  func read(_ needs: KeptNeeds, appUser: String?, into rows: inout KeptRows) throws {
    let users = UserTables(connection: connection)
    if let id = needs.user {
      rows.user = try users.record(id)
      rows.isUserThere = try users.isThere(id, in: appUser.flatMap(deployed))
    }
    if let hash = needs.token { rows.token = try users.token(withHash: hash) }
    for id in needs.connections {
      if let time = try users.lastConnection(of: id) { rows.connections[id] = time }
    }
    if let name = needs.webhook { rows.webhookRevision = try WebhookTables(connection: connection).revision(of: name) }
    if needs.needsSigningKey { rows.signingKey = try MetaTable(connection: connection).signingKey() }
    if let name = needs.lease { rows.lease = try leases.row(name) }
    try LedgerTables(connection: connection).read(needs, into: &rows)
    try OplogTrimming(connection: connection).read(needs, into: &rows)
  }

  func store(_ changes: KeptChanges, origin: String) throws {
    let users = UserTables(connection: connection)
    if let user = changes.user { try users.store(user.new, over: user.old) }
    if let horizon = changes.horizon { try users.forgetTokens(expiredBefore: horizon) }
    if let token = changes.token { try users.add(token) }
    for (session, time) in changes.connections { try users.noteConnection(of: session, at: time) }
    if let change = changes.webhook { try WebhookTables(connection: connection).keep(change) }
    if let lease = changes.lease { try leases.store(lease) }
    if let last = changes.trimmed { try OplogTrimming(connection: connection).remove(through: last) }
    try store(facts: changes)
    let ledger = LedgerTables(connection: connection)
    try ledger.store(changes)
    for object in changes.linking {
      try ledger.touch(object)
      try oplog.append(object, origin: origin)
    }
  }

  private func store(facts changes: KeptChanges) throws {
    let facts = MetaTable(connection: connection)
    if let key = changes.signingKey { try facts.set(signingKey: key) }
    switch changes.appUser {
    case .none: break
    case .some(.none): try facts.remove(.appUser)
    case .some(.some(let name)): try facts.set(.appUser, to: .text(name))
    }
  }

  // MARK: Marks.

  func mark() throws { try connection.statement("SAVEPOINT mark").run() }
  func takeBack() throws { try connection.statement("ROLLBACK TO mark").run() }
  func release() throws { try connection.statement("RELEASE mark").run() }
}
