import Wire

/// Held forms, nonces, views with a number, chosen columns and facts.
struct VisitRows<Tables: ControlTables> {
  let tables: Tables

  private func table(_ name: String) -> String { Tables.prefix + name }

  // MARK: Reading.

  func held(_ number: Int64, of person: PersonID) throws -> HeldForm? {
    try tables.rows(
      "SELECT path, sealed, held_at FROM \(table("held")) WHERE number = ?1 AND person = ?2",
      [.integer(number), .text(person.text)]
    ) { HeldForm(person: person, path: try $0.text(0), sealed: try $0.blob(1), heldAt: try $0.time(2)) }.first
  }

  func nonce(_ nonce: [UInt8]) throws -> NonceRecord? {
    try tables.rows("SELECT at, outcome FROM \(table("nonces")) WHERE nonce = ?1", [.blob(nonce)]) {
      NonceRecord(nonce: nonce, at: try $0.time(0), outcome: try $0.textOrNil(1))
    }.first
  }

  func view(_ number: Int64, of person: PersonID, in deployment: String) throws -> ViewState? {
    try tables.rows(
      """
      SELECT address, used_at FROM \(table("view_states")) WHERE number = ?1 AND person = ?2 AND deployment = ?3
      """, [.integer(number), .text(person.text), .text(deployment)]
    ) {
      ViewState(person: person, deployment: deployment, address: try $0.text(0), usedAt: try $0.time(1))
    }.first
  }

  func columns(of model: String, in deployment: String, for person: PersonID) throws -> [String]? {
    try tables.rows(
      "SELECT columns FROM \(table("column_choices")) WHERE person = ?1 AND deployment = ?2 AND model = ?3",
      [.text(person.text), .text(deployment), .text(model)]
    ) { try $0.text(0).split(separator: ",").map(String.init) }.first
  }

  func recentModels(in deployment: String, for person: PersonID) throws -> [String] {
    try columns(of: Self.allModels, in: deployment, for: person) ?? []
  }

  /// What a person opened last lies among the chosen columns, under the name that no model has.
  private static var allModels: String { "" }

  func put(_ recent: RecentModels) throws {
    try put(
      ColumnChoice(
        person: recent.person, deployment: recent.deployment, model: Self.allModels,
        columns: recent.models.isEmpty ? nil : recent.models))
  }

  func fact(_ fact: PeopleFact) throws -> String? {
    try tables.rows("SELECT value FROM \(table("people_facts")) WHERE key = ?1", [.text(fact.rawValue)]) {
      try $0.text(0)
    }.first
  }

  // MARK: Writing.

  func hold(_ form: HeldForm, most: Int) throws -> Int64 {
    let number = try inserted(
      "INSERT INTO \(table("held")) (person, path, sealed, held_at) VALUES (?1, ?2, ?3, ?4) RETURNING number",
      [.text(form.person.text), .text(form.path), .blob(form.sealed), .time(form.heldAt)])
    try tables.delete(
      from: "held",
      where: """
        person = ?1 AND number NOT IN
          (SELECT number FROM \(table("held")) WHERE person = ?1 ORDER BY number DESC LIMIT ?2)
        """, [.text(form.person.text), .integer(Int64(most))])
    return number
  }

  func drop(held number: Int64, of person: PersonID) throws {
    try tables.delete(from: "held", where: "number = ?1 AND person = ?2", [.integer(number), .text(person.text)])
  }

  /// All that is a person's alone.
  func dropAll(of person: PersonID) throws {
    for table in ["held", "view_states", "column_choices"] {
      try tables.delete(from: table, where: "person = ?1", [.text(person.text)])
    }
  }

  func put(_ nonce: NonceRecord) throws {
    try tables.put(
      into: "nonces", ["nonce", "at", "outcome"], [.blob(nonce.nonce), .time(nonce.at), .text(nonce.outcome)])
  }

  private var adding: String {
    """
    INSERT INTO \(table("view_states")) (person, deployment, address, used_at) VALUES (?1, ?2, ?3, ?4) RETURNING number
    """
  }

  func keep(_ view: ViewState, most: Int) throws -> Int64 {
    let number = try inserted(
      adding, [.text(view.person.text), .text(view.deployment), .text(view.address), .time(view.usedAt)])
    try tables.delete(
      from: "view_states",
      where: """
        person = ?1 AND number NOT IN
          (SELECT number FROM \(table("view_states")) WHERE person = ?1 ORDER BY used_at DESC, number DESC LIMIT ?2)
        """, [.text(view.person.text), .integer(Int64(most))])
    return number
  }

  /// A number that no view has or had.
  func drawNumber() throws -> Int64 {
    let number = try inserted(adding, [.text(""), .text(""), .text(""), .integer(0)])
    try tables.delete(from: "view_states", where: "number = ?1", [.integer(number)])
    return number
  }

  private func inserted(_ sql: String, _ values: [SQLValue]) throws -> Int64 {
    guard let number = try tables.rows(sql, values, { try $0.integer(0) }).first else {
      throw StorageError.broken("no number came of: \(sql)")
    }
    return number
  }

  func useView(_ number: Int64, at time: Instant) throws {
    try tables.run(
      "UPDATE \(table("view_states")) SET used_at = ?1 WHERE number = ?2 AND used_at < ?1",
      [.time(time), .integer(number)])
  }

  func put(_ choice: ColumnChoice) throws {
    let which: [SQLValue] = [.text(choice.person.text), .text(choice.deployment), .text(choice.model)]
    guard let columns = choice.columns else {
      return try tables.delete(
        from: "column_choices", where: "person = ?1 AND deployment = ?2 AND model = ?3", which)
    }
    // Names of fields hold no comma.
    try tables.put(
      into: "column_choices", keys: 3, ["person", "deployment", "model", "columns"],
      which + [.text(columns.joined(separator: ","))])
  }

  func set(_ fact: PeopleFact, to value: String?) throws {
    guard let value else {
      return try tables.delete(from: "people_facts", where: "key = ?1", [.text(fact.rawValue)])
    }
    try tables.put(into: "people_facts", ["key", "value"], [.text(fact.rawValue), .text(value)])
  }

  func forget(_ expiry: PeopleExpiry) throws {
    try tables.delete(from: "held", where: "held_at < ?1", [.time(expiry.heldBefore)])
    try tables.delete(from: "nonces", where: "at < ?1", [.time(expiry.noncesBefore)])
    try tables.delete(from: "view_states", where: "used_at < ?1", [.time(expiry.viewsBefore)])
  }
}
