import Storage

/// Old entries of the oplog, as a writing transaction reads and removes them.
struct OplogTrimming {
  let connection: Connection

  /// Entries and bytes of states that one step removes: a few milliseconds' work, so that no write waits for longer.
  private static let mostEntries = 500
  private static let mostBytes: Int64 = 1 << 20

  func read(_ needs: KeptNeeds, into rows: inout KeptRows) throws {
    if let cut = needs.trim {
      rows.trimEnd = try end(of: cut)
      rows.neededEntries = try WebhookTables(connection: connection).needed()
      rows.secondEntry = try sequence("SELECT sequence FROM oplog ORDER BY sequence LIMIT 1 OFFSET 1", nil)
    }
    if let end = needs.oplogBelow { rows.oplogPart = try part(below: end) }
  }

  func remove(through last: Int64) throws {
    let delete = try connection.statement("DELETE FROM oplog WHERE sequence <= ?")
    delete.bind(1, integer: last)
    try delete.run()
    try HistoryTables.forget(through: last, on: connection)
    try MetaTable(connection: connection).set(.trimmed, to: .integer(last))
  }

  /// Entries below it may go; nil where none may.
  private func end(of cut: OplogCut) throws -> Int64? {
    guard let last = try sequence("SELECT max(sequence) FROM oplog", nil) else { return nil }
    switch cut {
    case .before(let sequence): return min(sequence, last)
    case .olderThan(let milliseconds):
      let first = SequenceRule.next(after: 0, milliseconds: min(max(milliseconds, 0), Int64.max >> 10))
      return try sequence("SELECT max(sequence) FROM oplog WHERE sequence < ?", first)
    }
  }

  /// The oldest entries below `end`, as many as one step removes; nil where there are none.
  private func part(below end: Int64) throws -> OplogPart? {
    let statement = try connection.statement(
      "SELECT sequence, length(state) FROM oplog WHERE sequence < ? ORDER BY sequence")
    defer { statement.reset() }
    statement.bind(1, integer: end)
    var part = OplogPart(last: 0, count: 0, hasMore: false, next: nil)
    var bytes: Int64 = 0
    while !part.hasMore, try statement.step() {
      if part.count == Self.mostEntries || bytes >= Self.mostBytes {
        part.hasMore = true
      } else {
        part.last = statement.integer(0)
        part.count += 1
        bytes += statement.integer(1)
      }
    }
    guard part.count > 0 else { return nil }
    part.next = try sequence(
      "SELECT sequence FROM oplog WHERE sequence > ? ORDER BY sequence LIMIT 1 OFFSET 1", part.last)
    return part
  }

  private func sequence(_ sql: String, _ value: Int64?) throws -> Int64? {
    let statement = try connection.statement(sql)
    defer { statement.reset() }
    if let value { statement.bind(1, integer: value) }
    return try statement.step() && !statement.isNull(0) ? statement.integer(0) : nil
  }
}
