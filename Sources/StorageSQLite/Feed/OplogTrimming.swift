import Storage

/// Removes old entries of the oplog in one short transaction, on the writer's thread.
struct OplogTrimming {
  let connection: Connection
  let cut: OplogCut
  /// Whether it goes past what webhooks need.
  let isForced: Bool

  /// Entries and bytes of states that one transaction removes: a few milliseconds' work, so that no write
  /// waits for longer.
  private static let mostEntries = 500
  private static let mostBytes: Int64 = 1 << 20

  func run() throws -> OplogTrim {
    guard var end = try end() else { return OplogTrim(removed: 0, isDone: true) }
    var holder: String?
    if !isForced, let (needed, webhook) = try WebhookTables(connection: connection).needed(), needed < end {
      end = needed
      holder = webhook
    }
    let (last, removed) = try part(below: end)
    guard removed > 0 else { return OplogTrim(removed: 0, isDone: true, heldBy: holder, next: try next()) }
    try connection.write {
      let delete = try connection.statement("DELETE FROM oplog WHERE sequence <= ?")
      delete.bind(1, integer: last)
      try delete.run()
      try MetaTable(connection: connection).set(.trimmed, to: .integer(last))
    }
    let isDone = try part(below: end).removed == 0
    return OplogTrim(removed: removed, isDone: isDone, heldBy: holder, next: isDone ? try next() : nil)
  }

  /// The second entry: the youngest of the old ones stays.
  private func next() throws -> Int64? {
    try sequence("SELECT sequence FROM oplog ORDER BY sequence LIMIT 1 OFFSET 1", nil)
  }

  /// Entries below it may go; nil where none may.
  private func end() throws -> Int64? {
    guard let last = try sequence("SELECT max(sequence) FROM oplog", nil) else { return nil }
    switch cut {
    case .before(let sequence): return min(sequence, last)
    case .olderThan(let milliseconds):
      let first = SequenceRule.next(after: 0, milliseconds: min(max(milliseconds, 0), Int64.max >> 10))
      return try sequence("SELECT max(sequence) FROM oplog WHERE sequence < ?", first)
    }
  }

  /// The oldest entries below `end`, as many as one transaction takes: the last of them, and how many.
  private func part(below end: Int64) throws -> (last: Int64, removed: Int) {
    let statement = try connection.statement(
      "SELECT sequence, length(state) FROM oplog WHERE sequence < ? ORDER BY sequence")
    defer { statement.reset() }
    statement.bind(1, integer: end)
    var found: (last: Int64, removed: Int) = (0, 0)
    var bytes: Int64 = 0
    while found.removed < Self.mostEntries, bytes < Self.mostBytes, try statement.step() {
      found = (statement.integer(0), found.removed + 1)
      bytes += statement.integer(1)
    }
    return found
  }

  private func sequence(_ sql: String, _ value: Int64?) throws -> Int64? {
    let statement = try connection.statement(sql)
    defer { statement.reset() }
    if let value { statement.bind(1, integer: value) }
    return try statement.step() && !statement.isNull(0) ? statement.integer(0) : nil
  }
}
