import Storage
import Wire

/// One of the sixteen passes over entries from before the chain, as a value: it is shown all of them in order, and says
/// which entry comes before which.
struct LinkPass {
  struct Link: Equatable {
    var sequence: Int64
    var previous: Int64
  }

  private struct Key: Hashable {
    var model: Int
    var id: ObjectID
  }

  let number: Int
  /// The last entry that may be from before the chain.
  let through: Int64
  /// The last entry that was looked at.
  private(set) var position: Int64 = 0
  /// Found, and not stored yet.
  private(set) var links: [Link] = []
  private var last: [Key: Int64] = [:]

  init(_ number: Int, through: Int64) {
    self.number = number
    self.through = through
  }

  /// Takes in the next entry. One that names the entry before it itself gets no link.
  mutating func take(sequence: Int64, model: Int, id: ObjectID, isChained: Bool) {
    assert(sequence > position, "entries come in their order")
    position = sequence
    guard LinkingProgress.pass(of: id) == number else { return }
    let previous = last.updateValue(sequence, forKey: Key(model: model, id: id))
    if !isChained, let previous { links.append(Link(sequence: sequence, previous: previous)) }
  }

  /// The next entries of the file, so many at most; false where none are left.
  mutating func read(_ most: Int, from connection: Connection) throws -> Bool {
    let entries = try connection.statement(
      """
      SELECT sequence, model, id, previous IS NOT NULL FROM oplog
      WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?
      """)
    defer { entries.reset() }
    entries.bind(1, integer: position)
    entries.bind(2, integer: through)
    entries.bind(3, integer: Int64(most))
    var count = 0
    while try entries.step() {
      count += 1
      take(
        sequence: entries.integer(0), model: Int(entries.integer(1)), id: try entries.id(2),
        isChained: entries.integer(3) != 0)
    }
    return count == most
  }

  /// Stores what was found, inside a transaction. A pass that was cut off begins anew and finds the same: links that
  /// are there stay.
  func store(on connection: Connection) throws {
    let insert = try connection.statement("INSERT OR IGNORE INTO oplog_links (sequence, previous) VALUES (?, ?)")
    for link in links {
      insert.bind(1, integer: link.sequence)
      insert.bind(2, integer: link.previous)
      try insert.run()
    }
    // What was trimmed since it was read.
    if let trimmed = try MetaTable(connection: connection).integer(.trimmed) {
      try HistoryTables.forget(through: trimmed, on: connection)
    }
  }

  mutating func forgetStored() { links.removeAll(keepingCapacity: true) }
}
