import Wire

/// Views with names, and those that open with a model. Whoever a default is for is a person's id, or empty for
/// everybody.
struct NamedViewRows<Tables: ControlTables> {
  let tables: Tables

  // MARK: Reading.

  private static var columns: String { "number, deployment, model, owner, name, note, shared, changed_at, revision" }
  private var table: String { "\(Tables.prefix)views" }

  private static func view(_ row: Tables.Row) throws -> NamedView {
    guard let owner = PersonID(try row.text(3)) else {
      throw StorageError.broken("the view \(try row.integer(0)) is nobody's")
    }
    var view = NamedView(
      deployment: try row.text(1), model: try row.text(2), owner: owner, name: try row.text(4),
      changedAt: try row.time(7))
    view.number = try row.integer(0)
    view.note = try row.text(5)
    view.isShared = try row.flag(6)
    view.revision = try row.integer(8)
    return view
  }

  func views(_ want: NamedViewWant) throws -> [NamedView] {
    try tables.rows(
      """
      SELECT \(Self.columns) FROM \(table)
      WHERE deployment = ?1 AND (owner = ?2 OR shared = 1) AND (?3 IS NULL OR model = ?3) ORDER BY model, name, number
      """, [.text(want.deployment), .text(want.person.text), .text(want.model)], Self.view)
  }

  func view(_ number: Int64, in deployment: String) throws -> (view: NamedView, address: String)? {
    try tables.rows(
      "SELECT \(Self.columns), address FROM \(table) WHERE number = ?1 AND deployment = ?2",
      [.integer(number), .text(deployment)]
    ) { (try Self.view($0), try $0.text(9)) }.first
  }

  func view(at addresses: [String], _ want: NamedViewWant) throws -> NamedView? {
    let found = try addresses.flatMap { address in
      try tables.rows(
        """
        SELECT \(Self.columns) FROM \(table)
        WHERE deployment = ?1 AND address = ?4 AND (owner = ?2 OR shared = 1) AND model = ?3
        ORDER BY owner <> ?2, number LIMIT 1
        """,
        [.text(want.deployment), .text(want.person.text), .text(want.model), .text(address)], Self.view)
    }
    return found.first { $0.owner == want.person } ?? found.first
  }

  func defaults(_ want: NamedViewWant) throws -> [ViewDefault] {
    try tables.rows(
      """
      SELECT model, person, number FROM \(Tables.prefix)view_defaults
      WHERE deployment = ?1 AND person IN (?2, '') AND (?3 IS NULL OR model = ?3) ORDER BY model, person = ''
      """, [.text(want.deployment), .text(want.person.text), .text(want.model)]
    ) {
      ViewDefault(
        deployment: want.deployment, model: try $0.text(0), person: PersonID(try $0.text(1)), number: try $0.integer(2))
    }
  }

  func count(of person: PersonID, in deployment: String) throws -> Int {
    try count("owner = ?2", [.text(deployment), .text(person.text)])
  }

  func countShared(in deployment: String, besides number: Int64?) throws -> Int {
    try count("shared = 1 AND number <> ?2", [.text(deployment), .integer(number ?? 0)])
  }

  private func count(_ condition: String, _ values: [SQLValue]) throws -> Int {
    try tables.rows("SELECT count(*) FROM \(table) WHERE deployment = ?1 AND \(condition)", values) {
      Int(try $0.integer(0))
    }.first ?? 0
  }

  // MARK: Writing.

  func add(_ view: NamedView, _ address: String, number: Int64) throws -> Int64 {
    try tables.run(
      """
      INSERT INTO \(table) (number, deployment, model, owner, name, note, shared, address, changed_at, revision)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
      """,
      [
        .integer(number), .text(view.deployment), .text(view.model), .text(view.owner.text), .text(view.name),
        .text(view.note), .flag(view.isShared), .text(address), .time(view.changedAt), .integer(view.revision + 1),
      ])
    return number
  }

  func change(_ view: NamedView) throws {
    try tables.run(
      "UPDATE \(table) SET name = ?1, note = ?2, shared = ?3, changed_at = ?4, revision = ?5 WHERE number = ?6",
      [
        .text(view.name), .text(view.note), .flag(view.isShared), .time(view.changedAt), .integer(view.revision + 1),
        .integer(view.number),
      ])
    if !view.isShared {
      try tables.delete(
        from: "view_defaults", where: "number = ?1 AND person <> ?2", [.integer(view.number), .text(view.owner.text)])
    }
  }

  func drop(_ number: Int64) throws {
    for table in ["view_defaults", "views"] {
      try tables.delete(from: table, where: "number = ?1", [.integer(number)])
    }
  }

  /// A default leads to a view that is there, or it is none.
  func put(_ choice: ViewDefault) throws {
    let which: [SQLValue] = [.text(choice.deployment), .text(choice.model), .text(choice.person?.text ?? "")]
    guard let number = choice.number else {
      return try tables.delete(
        from: "view_defaults", where: "deployment = ?1 AND model = ?2 AND person = ?3", which)
    }
    try tables.run(
      """
      INSERT INTO \(Tables.prefix)view_defaults (deployment, model, person, number)
      SELECT ?1, ?2, ?3, number FROM \(table)
      WHERE number = ?4 AND deployment = ?1 AND model = ?2 AND (shared = 1 OR owner = ?3)
      ON CONFLICT (deployment, model, person) DO UPDATE SET number = excluded.number
      """, which + [.integer(number)])
  }

  /// What a person kept for themselves.
  func dropAll(of person: PersonID) throws {
    try tables.delete(from: "view_defaults", where: "person = ?1", [.text(person.text)])
    try tables.delete(from: "views", where: "owner = ?1 AND shared = 0", [.text(person.text)])
  }
}
