import Storage
import Wire

/// A group's transaction as the rules of a write see it: they read from it and store into it, and it decides nothing.
///
/// Objects stay in memory until the end (`GroupDraft`), so that a group costs two round trips however many plans it
/// has. Only who looks through what is still to be sent has it sent before: that is a read of what lies beside the
/// objects, behind a step that changed it.
///
/// It belongs to one transaction, and to the thread that has the connection.
final class PostgresWriteStore: WriteStore {
  let connection: PostgresConnection
  private let schema: DeploymentSchema
  private let tables: WrittenTables
  private let keptTables: KeptTables
  /// The version of the data model in force.
  private let version: Int
  /// The deployed model with this name.
  private let deployed: (String) -> StoredModel?
  private var draft = GroupDraft()
  private var hasSent = false
  /// What was read ahead of sessions; nothing any more from the first change of a user on.
  private var sessions: [ObjectID: SessionState?] = [:]

  /// Bytes of states behind which what there is goes out, so that no group fills the memory.
  private static let mostBytes = 16 << 20

  init(
    _ connection: PostgresConnection, _ schema: DeploymentSchema, _ tables: WrittenTables, version: Int,
    deployed: @escaping (String) -> StoredModel?
  ) {
    self.connection = connection
    self.schema = schema
    self.tables = tables
    self.version = version
    self.deployed = deployed
    keptTables = KeptTables(connection, schema)
  }

  /// Whether the transaction has anything to commit.
  var hasChanges: Bool { hasSent || !draft.isEmpty }

  // MARK: Objects.

  func table(of model: StoredModel) throws -> WrittenTable { try statements(of: model).table }

  func object(_ id: ObjectID, in table: WrittenTable) throws -> FoundObject? {
    try row(id, of: table.model).current
  }

  func lastDeletion(of id: ObjectID, in table: WrittenTable) throws -> Int64? {
    if let deletion = draft.rows[GroupDraft.Key(table.model, id)]?.deletion { return deletion }
    var needs = GroupNeeds()
    needs.add(table.model, id, deletion: true)
    try read(needs)
    return draft.rows[GroupDraft.Key(table.model, id)]?.deletion
  }

  func store(_ change: ObjectChange, origin: String) throws -> Bool {
    _ = try row(change.id, of: change.table.model)
    guard draft.store(change, origin: origin) else { return false }
    if draft.oplog.byteCount > Self.mostBytes { try flush() }
    return true
  }

  /// The group stores the counters of all models that it has touched, at its end.
  func store(_ counter: GroupState.Counter, ofModel number: Int) throws {}

  private func row(_ id: ObjectID, of model: StoredModel) throws -> GroupDraft.Row {
    let key = GroupDraft.Key(model, id)
    if let row = draft.rows[key] { return row }
    // What is read is read as it will be.
    if draft.isLinking { try flush() }
    var needs = GroupNeeds()
    needs.add(model, id, deletion: false)
    try read(needs)
    guard let row = draft.rows[key] else { throw StorageError.broken("an object was read, and is not known") }
    return row
  }

  private func statements(of model: StoredModel) throws -> ObjectStatements {
    if let known = tables[model] { return known }
    try tables.learn([model], from: connection)
    return try tables.known(model.binding)
  }

  // MARK: Reading ahead.

  /// Reads what is needed, in one round trip.
  func read(_ needs: GroupNeeds) throws {
    if needs.isEmpty { return }
    try tables.learn(needs.models, from: connection)
    try take(needs, try connection.perform { try needs.ask(in: &$0, tables, schema) }[...])
  }

  /// Takes in the answers to what `needs.ask` asked.
  func take(_ needs: GroupNeeds, _ answers: ArraySlice<PostgresResult>) throws {
    let states = try needs.take(answers, tables) { draft.note($0, deletion: $1, for: $2) }
    sessions.merge(states) { known, _ in known }
  }

  // MARK: Beside the objects.

  func state(ofSession id: ObjectID) throws -> SessionState? {
    if let known = sessions[id] { return known }
    if !draft.kept.isEmpty { try flush() }
    return try keptTables.state(ofSession: id)
  }

  func read(_ needs: KeptNeeds, appUser: String?, into rows: inout KeptRows) throws {
    if !draft.kept.isEmpty || needs.looksThroughObjects && !draft.isEmpty { try flush() }
    try keptTables.read(needs, appUser: appUser.flatMap(deployed), into: &rows)
  }

  func store(_ changes: KeptChanges, origin: String) throws {
    if changes.user != nil || changes.endsSessions { sessions.removeAll() }
    draft.store(changes, origin: origin, version: version)
  }

  // MARK: Sending.

  /// Sends what there is, without an end of the transaction.
  private func flush() throws {
    if draft.needsMark {
      try draft.sendBeforeMark { draft in
        _ = try connection.perform { pipeline in
          try send(draft, in: &pipeline)
          pipeline.add("SAVEPOINT mark")
        }
      }
      hasSent = true
    }
    if draft.isEmpty { return }
    _ = try connection.perform { try send(draft, in: &$0) }
    draft.settle()
    hasSent = true
  }

  /// Adds what is still to be sent to a pipeline that ends the transaction.
  func send(in pipeline: inout PostgresPipeline) throws { try send(draft, in: &pipeline) }

  private func send(_ draft: GroupDraft, in pipeline: inout PostgresPipeline) throws {
    try ObjectChanges.send(draft, in: &pipeline, tables)
    draft.oplog.send(in: &pipeline, schema)
    for (changes, origin) in draft.kept { keptTables.store(changes, origin: origin, into: &pipeline) }
  }

  // MARK: Marks.

  func mark() throws { draft.setMark() }

  func takeBack() throws {
    if draft.takeBack() { try connection.run("ROLLBACK TO SAVEPOINT mark") }
  }

  func release() throws {
    if draft.release() { try connection.run("RELEASE SAVEPOINT mark") }
  }
}

extension KeptNeeds {
  /// Whether they are found in objects and the oplog too.
  fileprivate var looksThroughObjects: Bool {
    user != nil || holders != nil || miscounts != nil || trim != nil || oplogBelow != nil
  }
}
