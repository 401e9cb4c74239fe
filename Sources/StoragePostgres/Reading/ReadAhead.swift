import Storage
import Wire

/// The answer to a call of `Snapshot.object`, asked together with others' before the snapshot's body began.
struct ReadAhead {
  let lookup: ObjectLookup
  /// Of which it is: the state of a snapshot that begins with it.
  let state: PostgresSnapshot.State
  /// State versions by the models' numbers, at least of those that the call asks for.
  let versions: [Int: Int]
  /// Nil where there is no such object.
  let row: PostgresRow?
  let selection: RowSelection

  func answers(_ model: StoredModel, _ id: ObjectID, versionsOf models: [StoredModel]) -> Bool {
    lookup.id == id && lookup.model.binding == model.binding
      && lookup.versioned.map(\.number) == models.map(\.number)
  }

  func object() throws -> ReadObject? {
    guard let row else { return nil }
    var page = RowFiller(columns: lookup.model.columns.count, rows: 1)
    try selection.append(row, to: &page)
    return ReadObject(
      page: page.finish(), nextSequence: state.lastSequence > 0 ? state.lastSequence + 1 : 0,
      stateVersions: lookup.versioned.map { versions[$0.number] ?? 0 })
  }
}

/// Calls of `Snapshot.object` that go out together: one pipeline, of which all statements see one state.
struct LookupTrip {
  private struct Part {
    let model: StoredModel
    let selection: RowSelection
    var ids: [ObjectID] = []
  }

  private var parts: [Part] = []
  /// Models whose state versions are wanted, by number.
  private var versioned: [Int] = []
  private let lookups: [ObjectLookup]
  private let schema: DeploymentSchema

  init(_ lookups: [ObjectLookup], in schema: DeploymentSchema) {
    self.lookups = lookups
    self.schema = schema
    for lookup in lookups {
      let index = index(of: lookup.model)
      if index == parts.count {
        parts.append(
          Part(
            model: lookup.model, selection: RowSelection(lookup.model, columns: lookup.model.columns.indices)))
      }
      parts[index].ids.append(lookup.id)
      for model in lookup.versioned where !versioned.contains(model.number) { versioned.append(model.number) }
    }
    // The same models make the same statement.
    versioned.sort()
  }

  /// Few models a trip, most often one.
  private func index(of model: StoredModel) -> Int {
    parts.firstIndex { $0.model.binding == model.binding } ?? parts.count
  }

  /// As many answers as there are calls, in their order.
  func ask(_ connection: PostgresConnection) throws -> [ReadAhead] {
    var results = try connection.perform { trip in
      trip.add(PostgresSnapshot.stateSQL(in: schema))
      if !versioned.isEmpty { trip.add(PostgresSnapshot.stateVersionsSQL(of: versioned, in: schema)) }
      for part in parts {
        trip.add("SELECT \(part.selection.sql) FROM \(schema.table(of: part.model)) WHERE id = ANY ($1)") {
          $0.add(sought: part.ids)
        }
      }
    }[...]
    let state = try PostgresSnapshot.State(results.removeFirst())
    var versions: [Int: Int] = [:]
    if !versioned.isEmpty, let row = results.removeFirst().first {
      for (column, model) in versioned.enumerated() { versions[model] = Int(try row.integerIfAny(column) ?? 0) }
    }
    var rows: [[ObjectID: PostgresRow]] = []
    for result in results {
      rows.append([:])
      for row in 0..<result.count {
        let id = try result[row].id(0)
        rows[rows.count - 1][id] = result[row]
      }
    }
    return lookups.map { lookup in
      let index = index(of: lookup.model)
      return ReadAhead(
        lookup: lookup, state: state, versions: versions, row: rows[index][lookup.id], selection: parts[index].selection
      )
    }
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
