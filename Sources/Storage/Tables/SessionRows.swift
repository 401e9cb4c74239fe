import Wire

/// Sessions, and what they show once.
struct SessionRows<Tables: ControlTables> {
  let tables: Tables

  func session(tokenHash: [UInt8]) throws -> SessionRecord? {
    try sessions("WHERE token = ?1", .blob(tokenHash)).first
  }

  func session(_ id: SessionID) throws -> SessionRecord? { try sessions("WHERE id = ?1", .text(id.text)).first }

  func sessions(of person: PersonID) throws -> [SessionRecord] {
    try sessions("WHERE person = ?1 ORDER BY last_use_at DESC, id", .text(person.text))
  }

  private func sessions(_ which: String, _ value: SQLValue) throws -> [SessionRecord] {
    try tables.rows(
      """
      SELECT id, person, token, started_at, last_use_at, elevated_until, address, agent, revision
      FROM \(Tables.prefix)sessions \(which)
      """, [value]
    ) { row in
      guard let id = SessionID(try row.text(0)), let person = PersonID(try row.text(1)) else {
        throw StorageError.broken("a session's id is \(try row.text(0)), its person \(try row.text(1))")
      }
      var session = SessionRecord(
        id: id, person: person, tokenHash: try row.blob(2), startedAt: try row.time(3), address: try row.text(6),
        agent: try row.text(7))
      session.lastUseAt = try row.time(4)
      session.elevatedUntil = try row.timeOrNil(5)
      session.revision = try row.integer(8)
      return session
    }
  }

  func put(_ session: SessionRecord) throws {
    try tables.put(
      into: "sessions",
      ["id", "person", "token", "started_at", "last_use_at", "elevated_until", "address", "agent", "revision"],
      [
        .text(session.id.text), .text(session.person.text), .blob(session.tokenHash), .time(session.startedAt),
        .time(session.lastUseAt), .time(session.elevatedUntil), .text(session.address), .text(session.agent),
        .integer(session.revision + 1),
      ])
  }

  func use(_ session: SessionID, at time: Instant) throws {
    try tables.run(
      "UPDATE \(Tables.prefix)sessions SET last_use_at = ?1 WHERE id = ?2 AND last_use_at < ?1",
      [.time(time), .text(session.text)])
    try tables.run(
      """
      UPDATE \(Tables.prefix)people SET last_seen_at = ?1
      WHERE id = (SELECT person FROM \(Tables.prefix)sessions WHERE id = ?2) AND coalesce(last_seen_at, ?1) <= ?1
      """, [.time(time), .text(session.text)])
  }

  func end(_ session: SessionID) throws { try end("id = ?1", [.text(session.text)]) }

  func end(of person: PersonID, besides session: SessionID?) throws {
    try end("person = ?1 AND id <> ?2", [.text(person.text), .text(session?.text ?? "")])
  }

  func end(_ expiry: PeopleExpiry) throws {
    try end("last_use_at < ?1 OR started_at < ?2", [.time(expiry.idleSince), .time(expiry.begunBefore)])
    try tables.delete(from: "shown", where: "until < ?1", [.time(expiry.now)])
  }

  private func end(_ which: String, _ values: [SQLValue]) throws {
    try tables.delete(
      from: "shown", where: "session IN (SELECT id FROM \(Tables.prefix)sessions WHERE \(which))", values)
    try tables.delete(from: "sessions", where: which, values)
  }

  // MARK: Shown once.

  func shown(_ name: String, to session: SessionID) throws -> ShownValue? {
    try tables.rows(
      "SELECT sealed, until FROM \(Tables.prefix)shown WHERE session = ?1 AND name = ?2",
      [.text(session.text), .text(name)]
    ) { ShownValue(session: session, name: name, sealed: try $0.blob(0), until: try $0.time(1)) }.first
  }

  func put(_ value: ShownValue) throws {
    try tables.put(
      into: "shown", keys: 2, ["session", "name", "sealed", "until"],
      [.text(value.session.text), .text(value.name), .blob(value.sealed), .time(value.until)])
  }

  func erase(shown name: String, of session: SessionID) throws {
    try tables.delete(from: "shown", where: "session = ?1 AND name = ?2", [.text(session.text), .text(name)])
  }
}
