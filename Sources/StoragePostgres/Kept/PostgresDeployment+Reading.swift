import Storage

extension PostgresDeployment {
  /// Reads tables that are not objects', on a thread of the node's: each statement of `body` by itself, once more where
  /// the connection was lost.
  func readingTables<Result: Sendable>(
    _ body: @Sendable @escaping (PostgresConnection) throws -> Result
  ) async throws -> Result {
    try await gate.pass {
      try await context.reading { [pool = context.pool] in try pool.read(body) }
    }
  }
}
