extension Connection {
  /// Runs `body` in a writing transaction, which begins nowhere else. It is rolled back where `body` throws or
  /// `isKept` says no of its result.
  func write<Result>(
    keeping isKept: (Result) -> Bool = { _ in true }, _ body: () throws -> Result
  ) throws -> Result {
    assert(!isInTransaction, "a transaction inside another")
    do {
      try statement("BEGIN IMMEDIATE").run()
      let result = try body()
      try statement(isKept(result) ? "COMMIT" : "ROLLBACK").run()
      return result
    } catch {
      // SQLite itself ends a transaction after some failures.
      if isInTransaction { try? run("ROLLBACK") }
      throw error
    }
  }
}
