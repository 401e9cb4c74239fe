import Storage
import Wire

/// What a search found in the snapshot that a reader is at, for the list and the count of one answer.
struct FoundRows {
  let model: StoredModel.Binding
  let text: [UInt8]
  /// What it looked into: of one text two searches may look into other columns.
  let printed: [Predicate]
  let direct: [Predicate]
  /// Nil where the objects are to be scanned.
  let rows: [Int64]?
}

extension SQLiteSnapshot {
  /// The row numbers of exactly the objects that a search finds, ascending; nil where all are to be read. The proof
  /// that none is missing stands at `SearchIndex`.
  func rows(of search: TextSearch, in model: StoredModel) throws -> [Int64]? {
    let text = Array(search.text.utf8)
    if let found = reader.found, found.model == model.binding, found.text == text, found.printed == search.printed,
      found.direct == search.direct
    {
      return found.rows
    }
    let rows = try find(search, in: model)
    reader.found = FoundRows(
      model: model.binding, text: text, printed: search.printed, direct: search.direct, rows: rows)
    return rows
  }

  private func find(_ search: TextSearch, in model: StoredModel) throws -> [Int64]? {
    guard let index = reader.search?.index, !search.printed.isEmpty,
      search.text.unicodeScalars.prefix(SearchQuery.least).count == SearchQuery.least,
      try count(model, .always) > index.options.leastObjects
    else { return nil }
    index.call()
    let found = try find(search, in: model, options: index.options)
    index.note(usedIndex: found != nil)
    return found
  }

  private func find(_ search: TextSearch, in model: StoredModel, options: SearchOptions) throws -> [Int64]? {
    let most = options.mostCandidates
    var changes: [Change] = []
    let indexed = try reader.search?.findings(search.text, in: model, most: most) { findings in
      guard try nextSequence() >= findings.horizon, try holdsEntry(findings.last),
        SearchColumns(model).words.isSubset(of: findings.words)
      else { return false }
      changes = try self.changes(after: findings.last, limit: most + 1)
      return changes.count <= most
    }
    guard let indexed else { return nil }
    var candidates = Set(indexed)
    for id in Set(changes.lazy.filter { $0.model == model.number }.map(\.id)) {
      if let row = try row(of: id, in: model) { candidates.insert(row) }
    }
    var found = Set(try rows(among: candidates, where: .any(search.printed), in: model))
    if !search.direct.isEmpty {
      let labelled = try rows(where: .any(search.direct), in: model, most: most + 1)
      guard labelled.count <= most else { return nil }
      found.formUnion(labelled)
    }
    return found.sorted()
  }

  private func row(of id: ObjectID, in model: StoredModel) throws -> Int64? {
    let statement = try reader.connection.statement("SELECT n FROM \(model.table) WHERE id = ?")
    defer { statement.reset() }
    statement.bind(1, id: id)
    return try statement.step() ? statement.integer(0) : nil
  }

  private func rows(where predicate: Predicate, in model: StoredModel, most: Int) throws -> [Int64] {
    let sql = PredicateSQL(predicate, on: model)
    return try rows(
      "\(sql.with)SELECT n FROM \(sql.source) WHERE \(sql.condition) LIMIT ?",
      sql.values + [.integer(Int64(most))])
  }

  private func rows(
    among candidates: Set<Int64>, where predicate: Predicate, in model: StoredModel
  ) throws -> [Int64] {
    if candidates.isEmpty { return [] }
    let sql = PredicateSQL(predicate, on: model)
    return try rows(
      "\(sql.with)SELECT n FROM \(sql.source) WHERE (\(sql.condition)) AND \(ListSQL.amongRows)",
      sql.values + [ListSQL.value(of: candidates.sorted())])
  }

  private func rows(_ sql: String, _ values: [StoredValue]) throws -> [Int64] {
    let statement = try reader.connection.statement(sql)
    defer { statement.reset() }
    for (index, value) in values.enumerated() { statement.bind(Int32(index + 1), value) }
    var rows: [Int64] = []
    while try statement.step() { rows.append(statement.integer(0)) }
    return rows
  }
}

extension Predicate {
  /// The first search that all objects must meet, and what else they must; nil where there is none.
  var search: (search: TextSearch, rest: Predicate)? {
    switch self {
    case .search(let search): return (search, .always)
    case .all(var terms):
      for (index, term) in terms.enumerated() {
        guard let found = term.search else { continue }
        terms[index] = found.rest
        return (found.search, .all(terms))
      }
      return nil
    default: return nil
    }
  }
}
