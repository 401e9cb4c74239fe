import Storage

/// A reader's own connection to the search index.
final class SearchReader {
  let index: SearchIndex
  private var opened: (generation: Int, connection: Connection)?

  init(_ index: SearchIndex) { self.index = index }

  /// What the index said in one transaction.
  struct Findings {
    var last: Int64
    var horizon: Int64
    /// See `SearchColumns.words`.
    var words: Set<String>
    /// Row numbers; of too many objects rather than too few.
    var rows: [Int64]
  }

  /// Seconds that a look into the index may take; scanning is then no worse.
  private static let patience = 3

  /// Looks for the text, and runs `check` on what the index says of itself before it does; nil where there is
  /// no complete index, where `check` is false, and where more than `most` are found.
  ///
  /// The caller must not have begun its snapshot before, or look whether it is above the horizon.
  func findings(
    _ text: String, in model: StoredModel, most: Int, check: (Findings) throws -> Bool
  ) throws -> [Int64]? {
    guard let generation = index.generation else {
      opened = nil
      return nil
    }
    do {
      let connection = try connection(generation)
      guard var findings = try begin(connection, model) else {
        try connection.run("COMMIT")
        return nil
      }
      // One transaction: what it says of itself is true of what is then found.
      defer { if connection.isInTransaction { try? connection.run("COMMIT") } }
      let isGood: Bool
      do { isGood = try check(findings) } catch { throw Outer(error: error) }
      guard isGood else { return nil }
      try connection.limited(toSeconds: Self.patience) {
        try collect(
          "SELECT rowid FROM f\(model.number) WHERE f\(model.number) MATCH ? LIMIT ?", most + 1, &findings.rows,
          connection
        ) { $0.bind(1, text: SearchQuery.text(text)) }
        try collect("SELECT n FROM large WHERE model = ? LIMIT ?", most + 1, &findings.rows, connection) {
          $0.bind(1, integer: Int64(model.number))
        }
      }
      return findings.rows.count > most ? nil : findings.rows
    } catch let outer as Outer {
      opened = nil
      throw outer.error
    } catch StorageError.timeLimit {
      return nil
    } catch {
      // Damaged, or gone: the objects are there all the same.
      opened = nil
      index.suspect()
      return nil
    }
  }

  /// A failure of the caller's own, which says nothing of the index.
  private struct Outer: Error { let error: any Error }

  private func connection(_ generation: Int) throws -> Connection {
    if let opened, opened.generation == generation { return opened.connection }
    opened = nil
    let made = try Connection(path: index.path, role: .reader, cacheKiB: 1024)
    opened = (generation, made)
    return made
  }

  private func begin(_ connection: Connection, _ model: StoredModel) throws -> Findings? {
    try connection.statement("BEGIN").run()
    let statement = try connection.statement(
      "SELECT last, horizon, words FROM state, models WHERE number = ? AND complete = 1")
    defer { statement.reset() }
    statement.bind(1, integer: Int64(model.number))
    guard try statement.step() else { return nil }
    return Findings(
      last: statement.integer(0), horizon: statement.integer(1), words: SearchFile.words(statement.text(2)),
      rows: [])
  }

  private func collect(
    _ sql: String, _ limit: Int, _ rows: inout [Int64], _ connection: Connection, _ bind: (Statement) -> Void
  ) throws {
    let statement = try connection.statement(sql)
    defer { statement.reset() }
    bind(statement)
    statement.bind(2, integer: Int64(limit))
    while try statement.step() { rows.append(statement.integer(0)) }
  }
}

/// A text as a query of the index: the trigrams that stand in it, each a quoted word of its own.
enum SearchQuery {
  /// Characters of the shortest text that has a trigram.
  static let least = 3
  /// Trigrams that are asked for; the objects decide on the rest of a long text.
  private static let most = 40

  static func text(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    guard scalars.count >= least else { return "\"\"" }
    var seen: Set<[Unicode.Scalar]> = []
    var query = ""
    for start in 0...(scalars.count - least) where seen.count < most {
      let trigram = Array(scalars[start..<start + least])
      guard seen.insert(trigram).inserted else { continue }
      if !query.isEmpty { query += " AND " }
      query += "\""
      for scalar in trigram { query += scalar == "\"" ? "\"\"" : String(scalar) }
      query += "\""
    }
    return query
  }
}
