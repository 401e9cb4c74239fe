import Storage
import Wire

/// A reading connection and the statements that it uses most.
final class Reader {
  let connection: Connection
  private var selects: [StoredModel.Binding: Statement] = [:]
  private var lookUps: [LookUp: Statement] = [:]
  private let sequence: Statement
  private let begin: Statement
  private let commit: Statement
  private let commits: CommitCount
  /// Nil where nobody asks for them.
  let uses: IndexUses?
  /// What `commits` was before the snapshot that is still held; nil while none is.
  private var held: Int?
  /// Nil where searches have no index.
  let search: SearchReader?
  /// What lists have cost so far; nil while nobody asks.
  var cost: ReadCost?
  /// What the last search of this snapshot found.
  var found: FoundRows?

  /// A statement that looks for up to `parameters` ids.
  private struct LookUp: Hashable {
    let model: StoredModel.Binding
    let columns: [Int]
    let parameters: Int
  }

  init(
    path: String, cacheKiB: Int, commits: CommitCount, search: SearchIndex? = nil, uses: IndexUses? = nil
  ) throws {
    self.commits = commits
    self.uses = uses
    self.search = search.map(SearchReader.init)
    connection = try Connection(path: path, role: .reader, cacheKiB: cacheKiB)
    sequence = try Statement("SELECT max(sequence) FROM oplog", on: connection)
    begin = try Statement("BEGIN", on: connection)
    commit = try Statement("COMMIT", on: connection)
  }

  /// Runs `body` on one snapshot, within `seconds`.
  ///
  /// A snapshot is kept for the next read: as long as nothing was committed it is still the newest, and
  /// beginning another takes two locks on the file that all readers share. The writer ends what idle
  /// readers hold before it moves the log (`ReaderPool.clear`).
  func snapshot<Result>(
    withinSeconds seconds: Int, _ body: (any Snapshot) throws -> Result
  ) throws -> Result {
    let now = commits.now
    found = nil
    if held != now {
      endSnapshot()
      try begin.run()
      held = now
    }
    do {
      return try connection.limited(toSeconds: seconds) { try body(SQLiteSnapshot(reader: self)) }
    } catch {
      endSnapshot()
      throw error
    }
  }

  /// Runs `body` on one snapshot, which refuses models of another version of the data model than its own.
  ///
  /// The snapshot comes to be with the first statement in it, so that a deploy may still come between. Then
  /// `body` is run once more, on the same snapshot, whose version is known by then; without one all this costs is two
  /// loads.
  func read<Result>(withinSeconds seconds: Int, _ body: (any Snapshot) throws -> Result) throws -> Result {
    let deployed = commits.deployed
    return try snapshot(withinSeconds: seconds) { _ in
      let result = try body(SQLiteSnapshot(reader: self, version: deployed))
      guard commits.deployed != deployed else { return result }
      let version = try version()
      if version == deployed { return result }
      found = nil
      return try body(SQLiteSnapshot(reader: self, version: version))
    }
  }

  /// The version of the snapshot's data model.
  fileprivate func version() throws -> Int { try Catalog(connection: connection).version() }

  /// Lets go of the snapshot, if one is held.
  func endSnapshot() {
    held = nil
    if connection.isInTransaction { try? commit.run() }
  }

  /// Whether it can serve again: one that could not end its transaction would refuse the next.
  var isFit: Bool { held != nil || !connection.isInTransaction }

  fileprivate func select(_ model: StoredModel) throws -> Statement {
    if let found = selects[model.binding] { return found }
    // A deploy makes new bindings; those before it are not asked for much longer.
    if selects.count > 200 { selects.removeAll() }
    let sql = "SELECT \(model.selection(model.columns.indices)) FROM \(model.table) WHERE id = ?"
    let made = try Statement(sql, on: connection)
    made.isKept = true
    selects[model.binding] = made
    return made
  }

  func lookUp(_ model: StoredModel, columns: [Int], parameters: Int) throws -> Statement {
    let key = LookUp(model: model.binding, columns: columns, parameters: parameters)
    let known = lookUps[key]
    if let known, !known.isRunning { return known }
    if lookUps.count > 200 { lookUps.removeAll() }
    let marks = Array(repeating: "?", count: parameters).joined(separator: ",")
    let made = try Statement(
      "SELECT \(model.selection(columns)) FROM \(model.table) WHERE id IN (\(marks))", on: connection)
    // While one is running, as when displays are fetched inside a page of objects, it is another one.
    if known == nil { lookUps[key] = made }
    return made
  }

  fileprivate func stateVersion(of model: StoredModel) -> Int? {
    held.flatMap { commits.stateVersion(of: model.number, heldSince: $0) }
  }

  fileprivate func lastSequence() throws -> Int64 {
    defer { sequence.reset() }
    return try sequence.step() && !sequence.isNull(0) ? sequence.integer(0) : 0
  }
}

/// A reader inside its transaction.
struct SQLiteSnapshot: Snapshot {
  let reader: Reader
  /// The version of the data model that models are held to; nil for who reads as of whatever version.
  var version: Int?

  /// Bytes that the related objects of a page may have before the rest is to be asked for.
  static let pageBytes = 1 << 20
  /// Bytes that a page of a list or of the oplog may hold before it is handed out: some three hundred usual objects.
  /// Such a page lies in the processor's cache while it is printed, and in memory that `malloc` need not ask the
  /// system for each time.
  static let listBytes = 128 << 10
  /// Ids that one statement looks for. Lists of ids are padded to one of few sizes, so that few
  /// statements serve them all.
  static let idsInStatement = [1, 4, 16, 64, 256, mostIDs]
  /// A page of a list needs one statement.
  static let mostIDs = 1024

  /// - Throws: `StorageError.replan` where this version of the data model is not the snapshot's.
  func check(version asked: Int) throws {
    guard let version, asked != version else { return }
    // It was taken to be that of a deploy whose commit was about to come, and the snapshot may be from before it.
    let found = try reader.version()
    if found != asked { throw StorageError.replan(version: found) }
  }

  func check(_ model: StoredModel) throws { try check(version: model.binding.version) }

  func revision() throws -> Revision {
    let last = try reader.lastSequence()
    return Revision(sequence: last, version: try reader.version())
  }

  func nextSequence() throws -> Int64 {
    let last = try reader.lastSequence()
    return last > 0 ? last + 1 : 0
  }

  func stateVersion(of model: StoredModel) -> Int? { reader.stateVersion(of: model) }

  func object(_ model: StoredModel, _ id: ObjectID) throws -> RowPage? {
    try check(model)
    let statement = try reader.select(model)
    defer { statement.reset() }
    statement.bind(1, id: id)
    let isThere = try statement.step()
    statement.count(in: reader.uses)
    guard isThere else { return nil }
    var page = RowFiller(columns: model.columns.count, rows: 1)
    try statement.append(to: &page, types: model.types)
    return page.finish()
  }

  func list(_ plan: ReadPlan, page handOut: (RowPage) throws -> Void) throws {
    try check(plan.model)
    var plan = plan
    var rowNumbers: [Int64]?
    if let (search, rest) = plan.predicate.search {
      rowNumbers = try self.rows(of: search, in: plan.model)
      if rowNumbers != nil { plan.predicate = rest }
    }
    var recent = rowNumbers == nil ? RecentChanges(plan) : nil
    if let found = recent, try !found.areFew(on: reader.connection) { recent = nil }
    let sql = ListSQL(plan, among: rowNumbers, recent: recent, counts: reader.cost != nil)
    let statement = try reader.connection.statement(sql.text)
    defer { statement.reset() }
    for (index, value) in sql.values.enumerated() { statement.bind(Int32(index + 1), value) }
    let types = plan.model.types
    // Room for texts of some length; memory that is not touched costs nothing.
    var page = RowFiller(columns: types.count, rows: min(plan.limit, 128), textBytes: min(plan.limit, 128) * 64)
    while try statement.step() {
      try statement.append(to: &page, types: types)
      if page.byteCount >= Self.listBytes {
        try handOut(page.finish())
        page = RowFiller(columns: types.count, rows: 128)
      }
    }
    statement.count(in: reader.uses)
    note(statement, of: plan.model, searched: rowNumbers != nil)
    if !page.isEmpty { try handOut(page.finish()) }
  }

  func count(_ model: StoredModel, _ predicate: Predicate) throws -> Int {
    try check(model)
    if let (search, rest) = predicate.search, let rowNumbers = try rows(of: search, in: model) {
      return rest == .always ? rowNumbers.count : try count(model, rest, among: rowNumbers)
    }
    let statement: Statement
    if predicate == .always {
      statement = try reader.connection.statement("SELECT count FROM models WHERE number = ?")
      statement.bind(1, integer: Int64(model.number))
    } else {
      let sql = PredicateSQL(predicate, on: model)
      var text = sql.with
      text.reserveCapacity(128 + sql.with.utf8.count + sql.condition.utf8.count)
      text += "SELECT count(*) FROM "
      text += sql.source
      text += " WHERE "
      text += sql.condition
      statement = try reader.connection.statement(text)
      for (index, value) in sql.values.enumerated() { statement.bind(Int32(index + 1), value) }
    }
    defer { statement.reset() }
    let count = try statement.step() ? Int(statement.integer(0)) : 0
    statement.count(in: reader.uses)
    return count
  }

  private func count(_ model: StoredModel, _ predicate: Predicate, among rowNumbers: [Int64]) throws -> Int {
    let sql = PredicateSQL(predicate, on: model)
    let statement = try reader.connection.statement(
      "\(sql.with)SELECT count(*) FROM \(sql.source) WHERE (\(sql.condition)) AND \(ListSQL.amongRows)")
    defer { statement.reset() }
    for (index, value) in (sql.values + [ListSQL.value(of: rowNumbers)]).enumerated() {
      statement.bind(Int32(index + 1), value)
    }
    return try statement.step() ? Int(statement.integer(0)) : 0
  }

  func oplog(from start: Int64, limit: Int) throws -> [OplogEntry] {
    let statement = try reader.connection.statement(
      """
      SELECT sequence, model, operation, id, updated_at, origin, state FROM oplog
      WHERE sequence >= ? ORDER BY sequence LIMIT ?
      """)
    defer { statement.reset() }
    statement.bind(1, integer: start)
    statement.bind(2, integer: Int64(limit))
    var entries: [OplogEntry] = []
    while try statement.step() {
      let sequence = statement.integer(0)
      guard let operation = OplogEntry.Operation(rawValue: Int(statement.integer(2))),
        let values = StateCoding.values(in: statement.bytes(6))
      else { throw StorageError.broken("oplog entry \(sequence) cannot be read") }
      entries.append(
        OplogEntry(
          sequence: sequence, model: Int(statement.integer(1)), operation: operation,
          id: try statement.id(3), updatedAt: statement.integer(4), origin: statement.text(5),
          values: values))
    }
    return entries
  }
}
