import Storage
import Wire

/// The entries of one object, each of which names the one before it, as a snapshot shows them.
struct HistoryChain {
  /// What comes before an entry.
  enum Link: Equatable {
    /// The entry with this sequence, which may have been trimmed.
    case entry(Int64)
    case none
    /// It is not linked yet.
    case unknown
    /// Too many entries were looked at; it goes on below this one.
    case further(before: Int64)
  }

  private let model: StoredModel
  private let id: ObjectID
  private let connection: Connection
  private let progress: LinkingProgress

  init(_ model: StoredModel, _ id: ObjectID, on connection: Connection) throws {
    self.model = model
    self.id = id
    self.connection = connection
    progress = try LinkingProgress(reading: connection)
  }

  /// The newest entry: the object's last write, or its last deletion where it is gone.
  func end() throws -> Link {
    let row = try connection.statement("SELECT sequence FROM \(model.table) WHERE id = ?")
    defer { row.reset() }
    row.bind(1, id: id)
    if try row.step() { return .entry(row.integer(0)) }
    if progress == .indexing { return .unknown }
    let deletion = try connection.statement(HistoryTables.lastDeletion)
    defer { deletion.reset() }
    deletion.bind(1, id: id)
    deletion.bind(2, integer: Int64(model.number))
    return try deletion.step() ? .entry(deletion.integer(0)) : .none
  }

  /// The newest entry below `before`, and the operation of the one above it, where that is known.
  func start(before: Int64?) throws -> (Link, OplogEntry.Operation?) {
    guard let before else { return (try end(), nil) }
    if let known = try step(at: before) { return known }
    var (link, operation) = (try end(), OplogEntry.Operation?.none)
    var examined = 0
    while case .entry(let sequence) = link, sequence >= before {
      guard let next = try step(at: sequence) else { return (.none, operation ?? .update) }
      examined += 1
      if examined >= HistoryPage.mostExamined { return (.further(before: sequence), nil) }
      (link, operation) = next
    }
    return (link, operation)
  }

  /// What comes before this entry, whose state is not read; nil where it is none of the object.
  private func step(at sequence: Int64) throws -> (Link, OplogEntry.Operation?)? {
    let statement = try connection.statement(
      "SELECT previous, operation FROM oplog WHERE sequence = ? AND model = ? AND id = ?")
    defer { statement.reset() }
    statement.bind(1, integer: sequence)
    statement.bind(2, integer: Int64(model.number))
    statement.bind(3, id: id)
    guard try statement.step() else { return nil }
    return (try link(statement, sequence), OplogEntry.Operation(rawValue: Int(statement.integer(1))))
  }

  struct Found {
    let entry: OplogEntry
    /// Of its state.
    let bytes: Int
    let previous: Link
  }

  /// Nil where it was trimmed.
  func entry(at sequence: Int64) throws -> Found? {
    let statement = try connection.statement(
      """
      SELECT previous, operation, updated_at, origin, state FROM oplog WHERE sequence = ? AND model = ? AND id = ?
      """)
    defer { statement.reset() }
    statement.bind(1, integer: sequence)
    statement.bind(2, integer: Int64(model.number))
    statement.bind(3, id: id)
    guard try statement.step() else { return nil }
    let state = statement.bytes(4)
    guard let operation = OplogEntry.Operation(rawValue: Int(statement.integer(1))),
      let values = StateCoding.values(in: state)
    else { throw StorageError.broken("oplog entry \(sequence) cannot be read") }
    let entry = OplogEntry(
      sequence: sequence, model: model.number, operation: operation, id: id, updatedAt: statement.integer(2),
      origin: statement.text(3), values: values)
    return Found(entry: entry, bytes: state.count, previous: try link(statement, sequence))
  }

  /// What the first column of the statement's row says, else what was linked since.
  private func link(_ statement: Statement, _ sequence: Int64) throws -> Link {
    if !statement.isNull(0) { return statement.integer(0) == 0 ? .none : .entry(statement.integer(0)) }
    let link = try connection.statement("SELECT previous FROM oplog_links WHERE sequence = ?")
    defer { link.reset() }
    link.bind(1, integer: sequence)
    if try link.step() { return .entry(link.integer(0)) }
    return progress.hasLinked(id) ? .none : .unknown
  }
}
