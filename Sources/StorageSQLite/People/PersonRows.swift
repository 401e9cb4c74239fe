import Crypto
import Storage
import Wire

/// People, the roles of people and invitations, and links.
struct PersonRows {
  let connection: Connection

  private static let names = [
    "id", "name", "email", "operator", "sensitive", "password", "factor", "factor_step", "recovery", "look",
    "shortcuts", "created_at", "last_seen_at", "removed_at", "reset_at", "revision", "email_key",
  ]
  private static let columns = names.joined(separator: ", ")

  func people() throws -> [PersonRecord] { try people("ORDER BY created_at, id") }
  func person(_ id: PersonID) throws -> PersonRecord? { try people("WHERE id = ?", [.text(id.text)]).first }

  func person(email: String) throws -> PersonRecord? {
    try people("WHERE email_key = ?", [.text(PersonRecord.key(ofEmail: email))]).first
  }

  private func people(_ which: String, _ values: [SQLValue] = []) throws -> [PersonRecord] {
    var people = try connection.rows("SELECT \(Self.columns) FROM people \(which)", values, Self.person)
    for index in people.indices { people[index].grants = try grants(of: people[index].id.text) }
    return people
  }

  private static func person(_ row: Statement) throws -> PersonRecord {
    guard let id = PersonID(row.text(0)) else { throw StorageError.broken("a person's id is \(row.text(0))") }
    var person = PersonRecord(
      id: id, name: row.text(1), email: row.text(2), createdAt: row.time(11) ?? .first)
    person.isOperator = row.integer(3) != 0
    person.seesSensitive = row.integer(4) != 0
    person.passwordHash = row.textOrNil(5)
    if !row.isNull(6) {
      person.factor = PersonRecord.SecondFactor(sealedSecret: row.blob(6), lastStep: row.integer(7))
    }
    person.recoveryHashes = Self.pieces(row.blob(8))
    person.manner = PersonRecord.Manner(
      look: PersonRecord.Manner.Look(rawValue: row.text(9)) ?? .system, hasShortcuts: row.integer(10) != 0)
    person.lastSeenAt = row.time(12)
    person.removedAt = row.time(13)
    person.resetAt = row.time(14)
    person.revision = row.integer(15)
    return person
  }

  func names(of people: Set<PersonID>) throws -> [PersonID: String] {
    let ids = people.map { "\"\($0.text)\"" }.joined(separator: ",")
    let found = try connection.rows(
      "SELECT id, name FROM people WHERE id IN (SELECT value FROM json_each(?))", [.text("[\(ids)]")]
    ) { (PersonID($0.text(0)), $0.text(1)) }
    return Dictionary(
      found.compactMap { id, name in id.map { ($0, name) } }, uniquingKeysWith: { first, _ in first })
  }

  /// Hashes that lie one behind the other.
  private static func pieces(_ bytes: [UInt8]) -> [[UInt8]] {
    stride(from: 0, to: bytes.count, by: SHA256.byteCount).map {
      Array(bytes[$0..<min($0 + SHA256.byteCount, bytes.count)])
    }
  }

  func put(_ person: PersonRecord) throws {
    let key = person.isRemoved ? nil : PersonRecord.key(ofEmail: person.email)
    try connection.put(
      into: "people", Self.names,
      [
        .text(person.id.text), .text(person.name), .text(person.email), .flag(person.isOperator),
        .flag(person.seesSensitive), .text(orNull: person.passwordHash),
        person.factor.map { .blob($0.sealedSecret) } ?? .null, .integer(orNull: person.factor?.lastStep),
        .blob(person.recoveryHashes.flatMap { $0 }), .text(person.manner.look.rawValue),
        .flag(person.manner.hasShortcuts), .time(person.createdAt), .time(person.lastSeenAt), .time(person.removedAt),
        .time(person.resetAt), .integer(person.revision + 1), .text(orNull: key),
      ])
    try put(person.grants, of: person.id.text)
  }

  // MARK: Roles.

  private func grants(of holder: String) throws -> [RoleGrant] {
    try connection.rows(
      "SELECT deployment, roles, sensitive FROM grants WHERE holder = ? ORDER BY deployment", [.text(holder)]
    ) { row in
      // A role that is not known gives no right.
      RoleGrant(
        deployment: row.text(0),
        roles: Set(row.text(1).split(separator: ",").compactMap { Role(rawValue: String($0)) }),
        seesSensitive: row.integer(2) != 0)
    }
  }

  private func put(_ grants: [RoleGrant], of holder: String) throws {
    try connection.run("DELETE FROM grants WHERE holder = ?", [.text(holder)])
    for grant in grants {
      try connection.run(
        "INSERT INTO grants (holder, deployment, roles, sensitive) VALUES (?, ?, ?, ?)",
        [
          .text(holder), .text(grant.deployment),
          .text(grant.roles.sorted().map(\.rawValue).joined(separator: ",")), .flag(grant.seesSensitive),
        ])
    }
  }

  // MARK: Links.

  func links() throws -> [LinkRecord] { try links("ORDER BY made_at DESC, hash") }
  func link(hash: [UInt8]) throws -> LinkRecord? { try links("WHERE hash = ?", [.blob(hash)]).first }

  private func links(_ which: String, _ values: [SQLValue] = []) throws -> [LinkRecord] {
    var links = try connection.rows(
      """
      SELECT hash, kind, person, email, name, operator, made_by, made_at, expires_at, used_at FROM links \(which)
      """, values
    ) { row in
      guard let kind = LinkRecord.Kind(rawValue: row.text(1)) else {
        throw StorageError.broken("a link is of the kind \(row.text(1))")
      }
      var link = LinkRecord(
        hash: row.blob(0), kind: kind, madeAt: row.time(7) ?? .first, expiresAt: row.time(8) ?? .first)
      link.person = row.textOrNil(2).flatMap { PersonID($0) }
      link.email = row.text(3)
      link.name = row.text(4)
      link.makesOperator = row.integer(5) != 0
      link.madeBy = row.textOrNil(6).flatMap { PersonID($0) }
      link.usedAt = row.time(9)
      return link
    }
    for index in links.indices { links[index].grants = try grants(of: Hex.encode(links[index].hash)) }
    return links
  }

  func put(_ link: LinkRecord) throws {
    try connection.run(
      """
      INSERT OR REPLACE INTO links (hash, kind, person, email, name, operator, made_by, made_at, expires_at, used_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .blob(link.hash), .text(link.kind.rawValue), .text(orNull: link.person?.text), .text(link.email),
        .text(link.name), .flag(link.makesOperator), .text(orNull: link.madeBy?.text), .time(link.madeAt),
        .time(link.expiresAt), .time(link.usedAt),
      ])
    try put(link.grants, of: Hex.encode(link.hash))
  }

  func endLinks(of person: PersonID) throws { try endLinks("person = ?", .text(person.text)) }
  func endLinks(before now: Instant) throws { try endLinks("expires_at < ?", .time(now)) }

  private func endLinks(_ which: String, _ value: SQLValue) throws {
    try connection.run(
      "DELETE FROM grants WHERE holder IN (SELECT lower(hex(hash)) FROM links WHERE \(which))", [value])
    try connection.run("DELETE FROM links WHERE \(which)", [value])
  }
}
