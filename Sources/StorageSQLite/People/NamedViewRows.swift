import Storage
import Wire

/// Views with names, and those that open with a model: in a control file since its sixth layout.
struct NamedViewRows {
  let connection: Connection

  /// Whoever a default is for is a person's id, or empty for everybody.
  static let tables = """
    CREATE TABLE views (
      number INTEGER PRIMARY KEY, deployment TEXT NOT NULL, model TEXT NOT NULL, owner TEXT NOT NULL,
      name TEXT NOT NULL, note TEXT NOT NULL, shared INTEGER NOT NULL, address TEXT NOT NULL,
      changed_at INTEGER NOT NULL, revision INTEGER NOT NULL);
    CREATE INDEX views_address ON views (deployment, model, address);
    CREATE TABLE view_defaults (
      deployment TEXT NOT NULL, model TEXT NOT NULL, person TEXT NOT NULL, number INTEGER NOT NULL,
      PRIMARY KEY (deployment, model, person)) WITHOUT ROWID;
    CREATE INDEX view_defaults_number ON view_defaults (number);
    """

  // MARK: Reading.

  private static let columns = "number, deployment, model, owner, name, note, shared, changed_at, revision"

  private static func view(_ row: Statement) throws -> NamedView {
    guard let owner = PersonID(row.text(3)) else {
      throw StorageError.broken("the view \(row.integer(0)) is nobody's")
    }
    var view = NamedView(
      deployment: row.text(1), model: row.text(2), owner: owner, name: row.text(4), changedAt: row.time(7) ?? .first)
    view.number = row.integer(0)
    view.note = row.text(5)
    view.isShared = row.integer(6) != 0
    view.revision = row.integer(8)
    return view
  }

  func views(_ want: NamedViewWant) throws -> [NamedView] {
    try connection.rows(
      """
      SELECT \(Self.columns) FROM views WHERE deployment = ?1 AND (owner = ?2 OR shared = 1) AND ifnull(model = ?3, 1)
      ORDER BY model, name, number
      """, [.text(want.deployment), .text(want.person.text), .text(orNull: want.model)], Self.view)
  }

  func view(_ number: Int64, in deployment: String) throws -> (view: NamedView, address: String)? {
    try connection.rows(
      "SELECT \(Self.columns), address FROM views WHERE number = ? AND deployment = ?",
      [.integer(number), .text(deployment)]
    ) { (try Self.view($0), $0.text(9)) }.first
  }

  func view(at addresses: [String], _ want: NamedViewWant) throws -> NamedView? {
    let found = try addresses.flatMap { address in
      try connection.rows(
        """
        SELECT \(Self.columns) FROM views
        WHERE deployment = ?1 AND address = ?4 AND (owner = ?2 OR shared = 1) AND model = ?3
        ORDER BY owner <> ?2, number LIMIT 1
        """,
        [.text(want.deployment), .text(want.person.text), .text(orNull: want.model), .text(address)], Self.view)
    }
    return found.first { $0.owner == want.person } ?? found.first
  }

  func defaults(_ want: NamedViewWant) throws -> [ViewDefault] {
    try connection.rows(
      """
      SELECT model, person, number FROM view_defaults
      WHERE deployment = ?1 AND person IN (?2, '') AND ifnull(model = ?3, 1) ORDER BY model, person = ''
      """, [.text(want.deployment), .text(want.person.text), .text(orNull: want.model)]
    ) {
      ViewDefault(
        deployment: want.deployment, model: $0.text(0), person: PersonID($0.text(1)),
        number: $0.integer(2))
    }
  }

  func count(of person: PersonID, in deployment: String) throws -> Int {
    try count("owner = ?2", [.text(deployment), .text(person.text)])
  }

  func countShared(in deployment: String, besides number: Int64?) throws -> Int {
    try count("shared = 1 AND number <> ?2", [.text(deployment), .integer(number ?? 0)])
  }

  private func count(_ condition: String, _ values: [SQLValue]) throws -> Int {
    try connection.rows("SELECT count(*) FROM views WHERE deployment = ?1 AND \(condition)", values) {
      Int($0.integer(0))
    }.first ?? 0
  }

  // MARK: Writing.

  func add(_ view: NamedView, _ address: String, number: Int64) throws -> Int64 {
    try connection.run(
      """
      INSERT INTO views (number, deployment, model, owner, name, note, shared, address, changed_at, revision)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .integer(number), .text(view.deployment), .text(view.model), .text(view.owner.text), .text(view.name),
        .text(view.note), .integer(view.isShared ? 1 : 0), .text(address), .time(view.changedAt),
        .integer(view.revision + 1),
      ])
    return number
  }

  func change(_ view: NamedView) throws {
    try connection.run(
      "UPDATE views SET name = ?, note = ?, shared = ?, changed_at = ?, revision = ? WHERE number = ?",
      [
        .text(view.name), .text(view.note), .integer(view.isShared ? 1 : 0), .time(view.changedAt),
        .integer(view.revision + 1), .integer(view.number),
      ])
    if !view.isShared {
      try connection.run(
        "DELETE FROM view_defaults WHERE number = ? AND person <> ?", [.integer(view.number), .text(view.owner.text)])
    }
  }

  func drop(_ number: Int64) throws {
    try connection.run("DELETE FROM view_defaults WHERE number = ?", [.integer(number)])
    try connection.run("DELETE FROM views WHERE number = ?", [.integer(number)])
  }

  /// A default leads to a view that is there, or it is none.
  func put(_ choice: ViewDefault) throws {
    let which: [SQLValue] = [.text(choice.deployment), .text(choice.model), .text(choice.person?.text ?? "")]
    guard let number = choice.number else {
      return try connection.run(
        "DELETE FROM view_defaults WHERE deployment = ? AND model = ? AND person = ?", which)
    }
    try connection.run(
      """
      INSERT OR REPLACE INTO view_defaults (deployment, model, person, number)
      SELECT ?1, ?2, ?3, number FROM views WHERE number = ?4 AND deployment = ?1 AND model = ?2
        AND (shared = 1 OR owner = ?3)
      """, which + [.integer(number)])
  }

  /// What a person kept for themselves.
  func dropAll(of person: PersonID) throws {
    try connection.run("DELETE FROM view_defaults WHERE person = ?", [.text(person.text)])
    try connection.run("DELETE FROM views WHERE owner = ? AND shared = 0", [.text(person.text)])
  }
}
