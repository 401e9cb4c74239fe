import Storage
import Wire

/// Sessions, and what they show once.
struct SessionRows {
  let connection: Connection

  func session(tokenHash: [UInt8]) throws -> SessionRecord? {
    try sessions("WHERE token = ?", .blob(tokenHash)).first
  }

  func session(_ id: SessionID) throws -> SessionRecord? { try sessions("WHERE id = ?", .text(id.text)).first }

  func sessions(of person: PersonID) throws -> [SessionRecord] {
    try sessions("WHERE person = ? ORDER BY last_use_at DESC, id", .text(person.text))
  }

  private func sessions(_ which: String, _ value: SQLValue) throws -> [SessionRecord] {
    try connection.rows(
      """
      SELECT id, person, token, started_at, last_use_at, elevated_until, address, agent, revision
      FROM sessions \(which)
      """, [value]
    ) { row in
      guard let id = SessionID(row.text(0)), let person = PersonID(row.text(1)) else {
        throw StorageError.broken("a session's id is \(row.text(0)), its person \(row.text(1))")
      }
      var session = SessionRecord(
        id: id, person: person, tokenHash: row.blob(2), startedAt: row.time(3) ?? .first, address: row.text(6),
        agent: row.text(7))
      session.lastUseAt = row.time(4) ?? .first
      session.elevatedUntil = row.time(5)
      session.revision = row.integer(8)
      return session
    }
  }

  func put(_ session: SessionRecord) throws {
    try connection.put(
      into: "sessions",
      ["id", "person", "token", "started_at", "last_use_at", "elevated_until", "address", "agent", "revision"],
      [
        .text(session.id.text), .text(session.person.text), .blob(session.tokenHash), .time(session.startedAt),
        .time(session.lastUseAt), .time(session.elevatedUntil), .text(session.address), .text(session.agent),
        .integer(session.revision + 1),
      ])
  }

  func use(_ session: SessionID, at time: Instant) throws {
    try connection.run(
      "UPDATE sessions SET last_use_at = max(last_use_at, ?) WHERE id = ?", [.time(time), .text(session.text)])
    try connection.run(
      """
      UPDATE people SET last_seen_at = max(ifnull(last_seen_at, ?1), ?1)
      WHERE id = (SELECT person FROM sessions WHERE id = ?2)
      """, [.time(time), .text(session.text)])
  }

  func end(_ session: SessionID) throws { try end("id = ?", [.text(session.text)]) }

  func end(of person: PersonID, besides session: SessionID?) throws {
    try end("person = ? AND id <> ?", [.text(person.text), .text(session?.text ?? "")])
  }

  func end(_ expiry: PeopleExpiry) throws {
    try end("last_use_at < ? OR started_at < ?", [.time(expiry.idleSince), .time(expiry.begunBefore)])
    try connection.run("DELETE FROM shown WHERE until < ?", [.time(expiry.now)])
  }

  private func end(_ which: String, _ values: [SQLValue]) throws {
    try connection.run("DELETE FROM shown WHERE session IN (SELECT id FROM sessions WHERE \(which))", values)
    try connection.run("DELETE FROM sessions WHERE \(which)", values)
  }

  // MARK: Shown once.

  func shown(_ name: String, to session: SessionID) throws -> ShownValue? {
    try connection.rows(
      "SELECT sealed, until FROM shown WHERE session = ? AND name = ?", [.text(session.text), .text(name)]
    ) { ShownValue(session: session, name: name, sealed: $0.blob(0), until: $0.time(1) ?? .first) }.first
  }

  func put(_ value: ShownValue) throws {
    try connection.run(
      "INSERT OR REPLACE INTO shown (session, name, sealed, until) VALUES (?, ?, ?, ?)",
      [.text(value.session.text), .text(value.name), .blob(value.sealed), .time(value.until)])
  }

  func erase(shown name: String, of session: SessionID) throws {
    try connection.run("DELETE FROM shown WHERE session = ? AND name = ?", [.text(session.text), .text(name)])
  }
}
