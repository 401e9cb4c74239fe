import Storage

/// Deployments, settings, credentials and people in the schema `sojourn`, for any number of nodes.
///
/// 1. A change locks the one row of `control_head` before it looks at anything. So changes are made one after the other,
///    whichever node makes them, their revisions are in the order of their commits, and so are the entries of the audit.
/// 2. Reading takes no lock and waits for none.
/// 3. A change whose commit was not confirmed is refused with a sentence that says so: it may be stored or not.
final class PostgresControlStore: TabledControlStore {
  private let context: PostgresContext
  let remembered: Int64

  /// `remembered` is how many changes are kept for who asks what happened.
  init(_ context: PostgresContext, remembered: Int64 = 1000) {
    self.context = context
    self.remembered = remembered
  }

  func reading<Result: Sendable>(
    _ extent: ReadExtent, _ body: @Sendable @escaping (PostgresControlTables) throws -> Result
  ) async throws -> Result {
    try await context.reading { [pool = context.pool] in
      try pool.read { connection in
        guard extent == .severalStatements else { return try body(PostgresControlTables(on: connection)) }
        var opening = PostgresPipeline()
        opening.add("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        let result = try body(PostgresControlTables(on: connection, opening: opening))
        // Where nothing was asked nothing was begun.
        if connection.isInTransaction { _ = try connection.run("COMMIT") }
        return result
      }
    }
  }

  func writing<Result: Sendable>(
    keeping isKept: @Sendable @escaping (Result) -> Bool,
    _ body: @Sendable @escaping (PostgresControlTables) throws -> Result
  ) async throws -> Result {
    try await context.threads.control.runForStorage { [self] in
      // A connection that was lost before anything was asked for, as in a failover, is none of the caller's business.
      if let result = try changed(isFirst: true, keeping: isKept, body) { return result }
      guard let result = try changed(isFirst: false, keeping: isKept, body) else {
        throw StorageError.broken("a transaction that was neither begun nor refused")
      }
      return result
    }
  }

  /// Nil where its connection was lost before it had begun, the first time.
  private func changed<Result>(
    isFirst: Bool, keeping isKept: (Result) -> Bool, _ body: (PostgresControlTables) throws -> Result
  ) throws -> Result? {
    try context.pool.lend(.writer) { connection in
      let tables = PostgresControlTables(on: connection, opening: Self.opening)
      do throws(PostgresFault) {
        // What is read comes after the lock is held: a statement that waits for it shows what stood before.
        try tables.send()
      } catch {
        if isFirst, error.isConnectionLost { return nil }
        throw error
      }
      let result: Result
      do {
        result = try body(tables)
      } catch let fault as PostgresFault where fault.state == .uniqueViolation {
        throw Self.taken
      }
      guard isKept(result) else {
        try connection.rollback()
        return result
      }
      switch tables.commit() {
      case .done: return result
      case .refused(let fault): throw fault.state == .uniqueViolation ? Self.taken : fault
      case .unknown(let fault): throw StorageError.outcomeUnknown(fault.sentence)
      }
    }
  }

  private static let opening: PostgresPipeline = {
    var pipeline = PostgresPipeline()
    pipeline.add("BEGIN")
    pipeline.add("SELECT one FROM sojourn.control_head WHERE one = 1 FOR UPDATE")
    return pipeline
  }()

  /// Who calls has looked before, so another node was there meanwhile.
  private static let taken = StorageError.unusable(
    "Somebody else has just made one of the same name. Nothing was changed; look again.")
}
