import Storage
import Wire

extension PostgresSnapshot {
  func object(_ model: StoredModel, _ id: ObjectID) throws -> RowPage? {
    try object(model, id, versionsOf: [])?.page
  }

  func object(_ model: StoredModel, _ id: ObjectID, versionsOf models: [StoredModel]) throws -> ReadObject? {
    if let ahead = try takeAhead(model, id, versionsOf: models) {
      return try ahead.object(at: models.map(stateVersion))
    }
    let selection = RowSelection(model, columns: model.columns.indices)
    let results = try ask(under: model.binding.version, versionsOf: models) { trip in
      trip.add("SELECT \(selection.sql) FROM \(schema.table(of: model)) WHERE id = $1") { $0.add(id: id) }
    }
    guard let row = results[0].first else { return nil }
    var page = RowFiller(columns: model.columns.count, rows: 1)
    try selection.append(row, to: &page)
    return ReadObject(
      page: page.finish(), nextSequence: try nextSequence(),
      stateVersions: models.map(stateVersion))
  }

  /// Ids that one call looks for.
  private static var mostIDs: Int { 8192 }
  /// Bytes of texts that one want may bring before the rest is to be asked for.
  private static var wantBytes: Int { 1 << 20 }

  func fetch(_ wants: [Want], attachments ids: [ObjectID]) throws -> Fetched {
    var left = Self.mostIDs
    var asked: [Want] = []
    var unasked: [Want] = []
    for want in wants {
      guard left > 0, unasked.isEmpty else {
        unasked.append(want)
        continue
      }
      var part = want
      part.ids = Array(want.ids.prefix(left))
      asked.append(part)
      left -= part.ids.count
      if part.ids.count < want.ids.count {
        var rest = want
        rest.ids.removeFirst(part.ids.count)
        unasked.append(rest)
      }
    }
    return try fetch(asked, then: unasked, attachments: ids)
  }

  private func fetch(_ asked: [Want], then unasked: [Want], attachments ids: [ObjectID]) throws -> Fetched {
    let selections = asked.map { RowSelection($0.model, columns: $0.columns) }
    for want in asked { try check(want.model.binding.version) }
    if asked.isEmpty, ids.isEmpty {
      var fetched = Fetched()
      fetched.rest = unasked
      return fetched
    }
    var results = try ask(under: asked.first?.model.binding.version) { trip in
      for (want, selection) in zip(asked, selections) {
        trip.add(lookUp(want, selection)) { $0.add(sought: want.ids) }
      }
      if !ids.isEmpty { trip.add(AttachmentRows.finding(in: schema)) { $0.add(ids: ids) } }
    }
    var fetched = Fetched(attachments: ids.isEmpty ? [:] : try AttachmentRows.records(results.removeLast()))
    for (index, want) in asked.enumerated() {
      var page = RowFiller(columns: want.columns.count, rows: min(max(results[index].count, 1), 1024))
      try results[index].each { row throws(StorageError) in try selections[index].append(row, to: &page) }
      let found = page.finish()
      fetched.pages.append(found)
      guard found.byteCount >= Self.wantBytes else { continue }
      // Some were left out, or none that is there.
      let known = Set((0..<found.count).map { found.id($0) })
      var rest = want
      rest.ids.removeAll { known.contains($0) }
      if !rest.ids.isEmpty { fetched.rest.append(rest) }
    }
    fetched.rest += unasked
    return fetched
  }

  /// The objects with the ids `$1`, until their texts have too many bytes; at least one of them.
  private func lookUp(_ want: Want, _ selection: RowSelection) -> String {
    let table = schema.table(of: want.model)
    let texts = want.columns.compactMap { position in
      want.model.columns[position].type == .text ? want.model.columns[position].ownName : nil
    }
    guard !texts.isEmpty else { return "SELECT \(selection.sql) FROM \(table) WHERE id = ANY ($1)" }
    let size = texts.map { "coalesce(octet_length(\($0)), 0)" }.joined(separator: " + ")
    // The row itself does not count, so that one larger than all bounds comes alone.
    return """
      SELECT \(selection.sql) FROM (
        SELECT *, sum(\(size)) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytes_before
        FROM \(table) WHERE id = ANY ($1)) o
      WHERE coalesce(bytes_before, 0) < \(Self.wantBytes)
      """
  }
}
