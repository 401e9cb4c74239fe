import Storage
import Wire

// What takes one call over a network takes several statements here, which cost nothing more.

extension SQLiteSnapshot {
  func object(_ model: StoredModel, _ id: ObjectID, versionsOf models: [StoredModel]) throws -> ReadObject? {
    guard let page = try object(model, id) else { return nil }
    return ReadObject(page: page, nextSequence: try nextSequence(), stateVersions: stateVersions(of: models))
  }

  /// To be asked once something of the snapshot was read: only then it has begun, and what is said is final.
  private func stateVersions(of models: [StoredModel]) -> [Int?] {
    models.isEmpty ? [] : models.map { stateVersion(of: $0) }
  }

  func fetch(_ wants: [Want], attachments ids: [ObjectID]) throws -> Fetched {
    var fetched = Fetched(attachments: ids.isEmpty ? [:] : try attachments(ids))
    var left = Self.pageBytes
    for (index, want) in wants.enumerated() {
      let (page, isWhole) = try fetch(want, bytes: left)
      fetched.pages.append(page)
      left -= page.byteCount
      if isWhole, left > 0 { continue }
      if !isWhole {
        // Statements find objects in an order of their own.
        let found = Set((0..<page.count).map { page.id($0) })
        var rest = want
        rest.ids.removeAll { found.contains($0) }
        fetched.rest.append(rest)
      }
      fetched.rest += wants[(index + 1)...]
      break
    }
    return fetched
  }

  /// The objects that exist, until they have so many bytes; and whether that was all of them.
  private func fetch(_ want: Want, bytes: Int) throws -> (RowPage, isWhole: Bool) {
    try check(want.model)
    let types = want.columns.map { want.model.columns[$0].type }
    var page = RowFiller(columns: types.count, rows: min(want.ids.count, 128))
    var rest = want.ids[...]
    while !rest.isEmpty {
      let most = Self.idsInStatement.first { $0 >= rest.count } ?? Self.mostIDs
      let part = rest.prefix(most)
      rest = rest.dropFirst(most)
      let statement = try reader.lookUp(want.model, columns: want.columns, parameters: most)
      defer { statement.reset() }
      // Parameters that are left stay null, which no id equals.
      for (index, id) in part.enumerated() { statement.bind(Int32(index + 1), id: id) }
      while try statement.step() {
        if page.byteCount >= bytes, !page.isEmpty { return (page.finish(), false) }
        try statement.append(to: &page, types: types)
      }
    }
    return (page.finish(), true)
  }

  func list(_ want: ListWant, page handOut: (RowPage, [Int?]) throws -> Void) throws -> ReadList {
    var count = 0
    var versions: [Int?] = []
    if want.plan.limit > 0 {
      try list(want.plan, after: want.position) { page in
        if count == 0 { versions = stateVersions(of: want.versioned) }
        count += page.count
        try handOut(page, versions)
      }
    }
    return ReadList(
      total: want.hasTotal ? try total(of: want, behind: count) : nil, nextSequence: try nextSequence())
  }

  private func total(of want: ListWant, behind count: Int) throws -> Int {
    let plan = want.plan
    // A page at the end, and not beyond it, says it all.
    if want.position == nil, count < plan.limit, count > 0 || plan.skip == 0 { return plan.skip + count }
    return try self.count(plan.model, plan.predicate)
  }
}
