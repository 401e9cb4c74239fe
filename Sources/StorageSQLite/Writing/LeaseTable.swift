import Storage

/// The leases of a deployment's file. One process has the file: what an earlier process held has ended, whatever the
/// row says. The numbers count over all of them.
struct LeaseTable {
  let connection: Connection
  let taken: LeasesTaken

  static let sql = """
    CREATE TABLE IF NOT EXISTS leases (
      name TEXT PRIMARY KEY, holder BLOB NOT NULL, number INTEGER NOT NULL, ends_at INTEGER NOT NULL) WITHOUT ROWID;
    """

  func row(_ name: String) throws -> LeaseRow? {
    let row = try connection.statement("SELECT holder, number, ends_at FROM leases WHERE name = ?")
    defer { row.reset() }
    row.bind(1, text: name)
    guard try row.step() else { return nil }
    let number = row.integer(1)
    return LeaseRow(
      name: name, holder: try row.id(0), number: number,
      endsAt: taken.numbers[name] == number ? row.integer(2) : .min)
  }

  func store(_ lease: LeaseRow) throws {
    let row = try connection.statement(
      "INSERT OR REPLACE INTO leases (name, holder, number, ends_at) VALUES (?, ?, ?, ?)")
    row.bind(1, text: lease.name)
    row.bind(2, id: lease.holder)
    row.bind(3, integer: lease.number)
    row.bind(4, integer: lease.endsAt)
    try row.run()
    taken.numbers[lease.name] = lease.number
  }
}

/// Which leases of a file this process has taken, by their last number. Touched by the writer's thread alone. A number
/// that was rolled back is no row's, or that of the next holder, who is of this process too.
final class LeasesTaken {
  var numbers: [String: Int64] = [:]
}
