import Storage
import Wire

/// Held forms, nonces, views with a number, chosen columns and facts.
struct VisitRows {
  let connection: Connection

  // MARK: Reading.

  func held(_ number: Int64, of person: PersonID) throws -> HeldForm? {
    try connection.rows(
      "SELECT path, sealed, held_at FROM held WHERE number = ? AND person = ?", [.integer(number), .text(person.text)]
    ) { HeldForm(person: person, path: $0.text(0), sealed: $0.blob(1), heldAt: $0.time(2) ?? .first) }.first
  }

  func nonce(_ nonce: [UInt8]) throws -> NonceRecord? {
    try connection.rows("SELECT at, outcome FROM nonces WHERE nonce = ?", [.blob(nonce)]) {
      NonceRecord(nonce: nonce, at: $0.time(0) ?? .first, outcome: $0.textOrNil(1))
    }.first
  }

  func view(_ number: Int64, of person: PersonID, in deployment: String) throws -> ViewState? {
    try connection.rows(
      "SELECT address, used_at FROM view_states WHERE number = ? AND person = ? AND deployment = ?",
      [.integer(number), .text(person.text), .text(deployment)]
    ) {
      ViewState(person: person, deployment: deployment, address: $0.text(0), usedAt: $0.time(1) ?? .first)
    }.first
  }

  func columns(of model: String, in deployment: String, for person: PersonID) throws -> [String]? {
    try connection.rows(
      "SELECT columns FROM column_choices WHERE person = ? AND deployment = ? AND model = ?",
      [.text(person.text), .text(deployment), .text(model)]
    ) { $0.text(0).split(separator: ",").map(String.init) }.first
  }

  func recentModels(in deployment: String, for person: PersonID) throws -> [String] {
    try columns(of: Self.allModels, in: deployment, for: person) ?? []
  }

  /// What a person opened last lies among the chosen columns, under the name that no model has.
  private static let allModels = ""

  func put(_ recent: RecentModels) throws {
    try put(
      ColumnChoice(
        person: recent.person, deployment: recent.deployment, model: Self.allModels,
        columns: recent.models.isEmpty ? nil : recent.models))
  }

  func fact(_ fact: PeopleFact) throws -> String? {
    try connection.rows("SELECT value FROM people_facts WHERE key = ?", [.text(fact.rawValue)]) { $0.text(0) }.first
  }

  // MARK: Writing.

  func hold(_ form: HeldForm, most: Int) throws -> Int64 {
    let number = try inserted(
      "INSERT INTO held (person, path, sealed, held_at) VALUES (?, ?, ?, ?) RETURNING number",
      [.text(form.person.text), .text(form.path), .blob(form.sealed), .time(form.heldAt)])
    try connection.run(
      """
      DELETE FROM held WHERE person = ?1 AND number NOT IN
        (SELECT number FROM held WHERE person = ?1 ORDER BY number DESC LIMIT ?2)
      """, [.text(form.person.text), .integer(Int64(most))])
    return number
  }

  func drop(held number: Int64, of person: PersonID) throws {
    try connection.run("DELETE FROM held WHERE number = ? AND person = ?", [.integer(number), .text(person.text)])
  }

  /// All that is a person's alone.
  func dropAll(of person: PersonID) throws {
    for table in ["held", "view_states", "column_choices"] {
      try connection.run("DELETE FROM \(table) WHERE person = ?", [.text(person.text)])
    }
  }

  func put(_ nonce: NonceRecord) throws {
    try connection.run(
      "INSERT OR REPLACE INTO nonces (nonce, at, outcome) VALUES (?, ?, ?)",
      [.blob(nonce.nonce), .time(nonce.at), .text(orNull: nonce.outcome)])
  }

  func keep(_ view: ViewState, most: Int) throws -> Int64 {
    let number = try inserted(
      "INSERT INTO view_states (person, deployment, address, used_at) VALUES (?, ?, ?, ?) RETURNING number",
      [.text(view.person.text), .text(view.deployment), .text(view.address), .time(view.usedAt)])
    try connection.run(
      """
      DELETE FROM view_states WHERE person = ?1 AND number NOT IN
        (SELECT number FROM view_states WHERE person = ?1 ORDER BY used_at DESC, number DESC LIMIT ?2)
      """, [.text(view.person.text), .integer(Int64(most))])
    return number
  }

  /// A number that no view has or had.
  func drawNumber() throws -> Int64 {
    let number = try inserted(
      "INSERT INTO view_states (person, deployment, address, used_at) VALUES ('', '', '', 0) RETURNING number", [])
    try connection.run("DELETE FROM view_states WHERE number = ?", [.integer(number)])
    return number
  }

  private func inserted(_ sql: String, _ values: [SQLValue]) throws -> Int64 {
    guard let number = try connection.rows(sql, values, { $0.integer(0) }).first else {
      throw StorageError.broken("no number came of: \(sql)")
    }
    return number
  }

  func useView(_ number: Int64, at time: Instant) throws {
    try connection.run(
      "UPDATE view_states SET used_at = max(used_at, ?) WHERE number = ?", [.time(time), .integer(number)])
  }

  func put(_ choice: ColumnChoice) throws {
    let which: [SQLValue] = [.text(choice.person.text), .text(choice.deployment), .text(choice.model)]
    guard let columns = choice.columns else {
      return try connection.run(
        "DELETE FROM column_choices WHERE person = ? AND deployment = ? AND model = ?", which)
    }
    // Names of fields hold no comma.
    try connection.run(
      "INSERT OR REPLACE INTO column_choices (person, deployment, model, columns) VALUES (?, ?, ?, ?)",
      which + [.text(columns.joined(separator: ","))])
  }

  func set(_ fact: PeopleFact, to value: String?) throws {
    guard let value else {
      return try connection.run("DELETE FROM people_facts WHERE key = ?", [.text(fact.rawValue)])
    }
    try connection.run(
      "INSERT OR REPLACE INTO people_facts (key, value) VALUES (?, ?)", [.text(fact.rawValue), .text(value)])
  }

  func forget(_ expiry: PeopleExpiry) throws {
    try connection.run("DELETE FROM held WHERE held_at < ?", [.time(expiry.heldBefore)])
    try connection.run("DELETE FROM nonces WHERE at < ?", [.time(expiry.noncesBefore)])
    try connection.run("DELETE FROM view_states WHERE used_at < ?", [.time(expiry.viewsBefore)])
  }
}
