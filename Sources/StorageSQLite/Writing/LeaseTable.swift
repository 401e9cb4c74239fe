import Storage
import Wire

/// The leases of a deployment's file. One process has the file, so that each is its to take; the numbers count over
/// its restarts.
struct LeaseTable {
  let connection: Connection

  static let sql = """
    CREATE TABLE IF NOT EXISTS leases (
      name TEXT PRIMARY KEY, holder BLOB NOT NULL, number INTEGER NOT NULL, ends_at INTEGER NOT NULL) WITHOUT ROWID;
    """

  func row(_ name: String) throws -> LeaseRow? {
    let row = try connection.statement("SELECT holder, number, ends_at FROM leases WHERE name = ?")
    defer { row.reset() }
    row.bind(1, text: name)
    guard try row.step() else { return nil }
    return LeaseRow(name: name, holder: try row.id(0), number: row.integer(1), endsAt: row.integer(2))
  }

  func store(_ lease: LeaseRow) throws {
    let row = try connection.statement(
      "INSERT OR REPLACE INTO leases (name, holder, number, ends_at) VALUES (?, ?, ?, ?)")
    row.bind(1, text: lease.name)
    row.bind(2, id: lease.holder)
    row.bind(3, integer: lease.number)
    row.bind(4, integer: lease.endsAt)
    try row.run()
  }
}
