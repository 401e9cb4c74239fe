import Storage
import Wire

/// The answer to a call of `Snapshot.object`, asked together with others' before the snapshot's body began.
struct ReadAhead {
  let lookup: ObjectLookup
  /// Of which it is: the state of a snapshot that begins with it.
  let state: PostgresSnapshot.State
  /// By the models' numbers, at least of those that the call asks for: the newest commits that touched their objects.
  let versions: [Int: Int]
  /// Nil where there is no such object.
  let row: PostgresRow?
  let selection: RowSelection

  func answers(_ model: StoredModel, _ id: ObjectID, versionsOf models: [StoredModel]) -> Bool {
    lookup.id == id && lookup.model.binding == model.binding
      && lookup.versioned.map(\.number) == models.map(\.number)
  }

  func object(at stateVersions: [Int?]) throws -> ReadObject? {
    guard let row else { return nil }
    var page = RowFiller(columns: lookup.model.columns.count, rows: 1)
    try selection.append(row, to: &page)
    return ReadObject(
      page: page.finish(), nextSequence: state.lastSequence > 0 ? state.lastSequence + 1 : 0,
      stateVersions: stateVersions)
  }
}

/// Calls of `Snapshot.object` that go out together: one pipeline, of which all statements see one state.
struct LookupTrip {
  private struct Part {
    let statement: LookupStatements.Objects
    var ids: [ObjectID] = []
  }

  private var parts: [Part] = []
  /// Models whose state versions are wanted, by number.
  private var versioned: [Int] = []
  private let stateSQL: String
  private let lookups: [ObjectLookup]

  init(_ lookups: [ObjectLookup], _ statements: inout LookupStatements) {
    self.lookups = lookups
    for lookup in lookups {
      let index = Self.index(of: lookup.model, in: parts)
      if index == parts.count { parts.append(Part(statement: statements.objects(of: lookup.model))) }
      parts[index].ids.append(lookup.id)
      for model in lookup.versioned where !versioned.contains(model.number) { versioned.append(model.number) }
    }
    // The same models make the same statement.
    versioned.sort()
    stateSQL = statements.state(with: versioned)
  }

  /// Few models a trip, most often one.
  private static func index(of model: StoredModel, in parts: [Part]) -> Int {
    parts.firstIndex { $0.statement.binding == model.binding } ?? parts.count
  }

  /// As many answers as there are calls, in their order.
  func ask(_ connection: PostgresConnection) throws -> [ReadAhead] {
    let results = try connection.perform { trip in
      trip.add(stateSQL)
      for part in parts { trip.add(part.statement.sql) { $0.add(sought: part.ids) } }
    }
    let state = try PostgresSnapshot.State(results[0])
    var versions: [Int: Int] = [:]
    for (index, model) in versioned.enumerated() {
      versions[model] = Int(try results[0][0].integerIfAny(PostgresSnapshot.State.columnCount + index) ?? 0)
    }
    let rows = try results.dropFirst().map { result in
      var rows: [ObjectID: PostgresRow] = [:]
      try result.each { row throws(StorageError) in rows[try row.id(0)] = row }
      return rows
    }
    return lookups.map { lookup in
      let index = Self.index(of: lookup.model, in: parts)
      return ReadAhead(
        lookup: lookup, state: state, versions: versions, row: rows[index][lookup.id],
        selection: parts[index].statement.selection)
    }
  }
}

/// The statements of look-ups, which are the same again and again: their texts are made once.
struct LookupStatements {
  /// Objects of one model by an array of ids.
  struct Objects {
    let binding: StoredModel.Binding
    let selection: RowSelection
    let sql: String
  }

  private let schema: DeploymentSchema
  private var objects: [StoredModel.Binding: Objects] = [:]
  private var states: [[Int]: String] = [:]

  /// Of each kind; all are forgotten when there are more.
  private static let mostKept = 256

  init(_ schema: DeploymentSchema) { self.schema = schema }

  mutating func objects(of model: StoredModel) -> Objects {
    if let known = objects[model.binding] { return known }
    let selection = RowSelection(model, columns: model.columns.indices)
    let made = Objects(
      binding: model.binding, selection: selection,
      sql: "SELECT \(selection.sql) FROM \(schema.table(of: model)) WHERE id = ANY ($1)")
    if objects.count >= Self.mostKept { objects.removeAll() }
    objects[model.binding] = made
    return made
  }

  /// The snapshot's state and, in the same row, the state versions of the models with these numbers.
  mutating func state(with models: [Int]) -> String {
    if let known = states[models] { return known }
    let made = PostgresSnapshot.stateSQL(in: schema, with: models)
    if states.count >= Self.mostKept { states.removeAll() }
    states[models] = made
    return made
  }
}

extension PostgresParameters {
  /// What PostgreSQL reckons an array to have of which it knows nothing, and one more.
  private static let reckoned = 11

  /// Ids for `= ANY`. Fewer than PostgreSQL reckons with seem to it worth a plan of their own, in each run anew, which
  /// takes longer than the rows; so the last one comes again, which finds nothing twice.
  mutating func add(sought ids: [ObjectID]) {
    addArray(.id) { array in
      for id in ids { array.add(id: id) }
      guard let last = ids.last else { return }
      for _ in 0..<max(0, Self.reckoned - ids.count) { array.add(id: last) }
    }
  }
}
