import Storage

/// Old entries of the oplog, as a writing transaction reads and removes them.
struct OplogTrimming {
  let schema: DeploymentSchema

  /// Entries and bytes of states that one step removes: a few milliseconds' work, so that no write waits for longer.
  private static let mostEntries = 500
  private static let mostBytes: Int64 = 1 << 20

  func ask(for needs: KeptNeeds, _ inquiry: inout PostgresInquiry<KeptRows>) {
    if let cut = needs.trim {
      ask(forEndOf: cut, &inquiry)
      WebhookTables(schema: schema).askForNeededEntries(&inquiry)
      inquiry.ask("SELECT sequence FROM \(schema.name).oplog ORDER BY sequence LIMIT 1 OFFSET 1") {
        $1.secondEntry = try $0.first?.integer(0)
      }
    }
    if let end = needs.oplogBelow {
      // Behind a whole part: one that says whether there is more, and the two that `next` may be.
      inquiry.ask("SELECT sequence, octet_length(state) FROM \(schema.name).oplog ORDER BY sequence LIMIT $1") {
        $0.add(integer: Int64(Self.mostEntries + 2))
      } taking: {
        $1.oplogPart = Self.part(
          of: try $0.map { (sequence: try $0.integer(0), bytes: try $0.integer(1)) }, below: end)
      }
    }
  }

  func remove(through last: Int64, in pipeline: inout PostgresPipeline) {
    pipeline.add("DELETE FROM \(schema.name).oplog WHERE sequence <= $1") { $0.add(integer: last) }
    FactTable(schema: schema).raise(.trimmed, to: last, in: &pipeline)
  }

  /// Entries below it may go; nil where none may.
  private func ask(forEndOf cut: OplogCut, _ inquiry: inout PostgresInquiry<KeptRows>) {
    switch cut {
    case .before(let sequence):
      inquiry.ask("SELECT max(sequence) FROM \(schema.name).oplog") {
        $1.trimEnd = try $0.first?.integerIfAny(0).map { min(sequence, $0) }
      }
    case .olderThan(let milliseconds):
      let first = SequenceRule.next(after: 0, milliseconds: min(max(milliseconds, 0), Int64.max >> 10))
      inquiry.ask("SELECT max(sequence) FROM \(schema.name).oplog WHERE sequence < $1") {
        $0.add(integer: first)
      } taking: {
        $1.trimEnd = try $0.first?.integerIfAny(0)
      }
    }
  }

  /// The oldest entries below `end`, as many as one step removes, of the oplog's oldest ones; nil where there are none.
  static func part(of entries: [(sequence: Int64, bytes: Int64)], below end: Int64) -> OplogPart? {
    var part = OplogPart(last: 0, count: 0, hasMore: false, next: nil)
    var bytes: Int64 = 0
    for entry in entries {
      if entry.sequence >= end { break }
      if part.count == mostEntries || bytes >= mostBytes {
        part.hasMore = true
        break
      }
      part.last = entry.sequence
      part.count += 1
      bytes += entry.bytes
    }
    guard part.count > 0 else { return nil }
    if entries.indices.contains(part.count + 1) { part.next = entries[part.count + 1].sequence }
    return part
  }
}
