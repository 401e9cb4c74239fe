import Crypto
import Wire

/// People.
struct PersonRows<Tables: ControlTables> {
  let tables: Tables

  private static var names: [String] {
    [
      "id", "name", "email", "operator", "sensitive", "password", "factor", "factor_step", "recovery", "look",
      "shortcuts", "created_at", "last_seen_at", "removed_at", "reset_at", "revision", "email_key",
    ]
  }

  /// All, in order of creation.
  func people() throws -> [PersonRecord] {
    var grants = try GrantRows(tables: tables).all()
    return try people("ORDER BY created_at, id") { grants.removeValue(forKey: $0) ?? [] }
  }

  func person(_ id: PersonID) throws -> PersonRecord? { try person("WHERE id = ?1", .text(id.text)) }

  func person(email: String) throws -> PersonRecord? {
    try person("WHERE email_key = ?1", .text(PersonRecord.key(ofEmail: email)))
  }

  private func person(_ which: String, _ value: SQLValue) throws -> PersonRecord? {
    guard var person = try people(which, [value], { _ in [] }).first else { return nil }
    person.grants = try GrantRows(tables: tables).grants(of: person.id.text)
    return person
  }

  private func people(
    _ which: String, _ values: [SQLValue] = [], _ grants: (String) -> [RoleGrant]
  ) throws -> [PersonRecord] {
    try tables.rows(
      "SELECT \(Self.names.joined(separator: ", ")) FROM \(Tables.prefix)people \(which)", values
    ) { row in
      var person = try Self.person(row)
      person.grants = grants(person.id.text)
      return person
    }
  }

  private static func person(_ row: Tables.Row) throws -> PersonRecord {
    guard let id = PersonID(try row.text(0)) else {
      throw StorageError.broken("a person's id is \(try row.text(0))")
    }
    var person = PersonRecord(id: id, name: try row.text(1), email: try row.text(2), createdAt: try row.time(11))
    person.isOperator = try row.flag(3)
    person.seesSensitive = try row.flag(4)
    person.passwordHash = try row.textOrNil(5)
    if let secret = try row.blobOrNil(6) {
      person.factor = PersonRecord.SecondFactor(sealedSecret: secret, lastStep: try row.integer(7))
    }
    person.recoveryHashes = Self.pieces(try row.blob(8))
    person.manner = PersonRecord.Manner(
      look: PersonRecord.Manner.Look(rawValue: try row.text(9)) ?? .system, hasShortcuts: try row.flag(10))
    person.lastSeenAt = try row.timeOrNil(12)
    person.removedAt = try row.timeOrNil(13)
    person.resetAt = try row.timeOrNil(14)
    person.revision = try row.integer(15)
    return person
  }

  /// How many ids one statement names.
  private static var idsAtOnce: Int { 16 }

  func names(of people: Set<PersonID>) throws -> [PersonID: String] {
    let ids = people.map(\.text)
    let parameters = (1...Self.idsAtOnce).map { "?\($0)" }.joined(separator: ", ")
    var names: [PersonID: String] = [:]
    for start in stride(from: 0, to: ids.count, by: Self.idsAtOnce) {
      // Filled up, so that the statement is always the same.
      let some = (start..<start + Self.idsAtOnce).map { SQLValue.text(ids[min($0, ids.count - 1)]) }
      let found = try tables.rows(
        "SELECT id, name FROM \(Tables.prefix)people WHERE id IN (\(parameters))", some
      ) { (PersonID(try $0.text(0)), try $0.text(1)) }
      for (id, name) in found { if let id { names[id] = name } }
    }
    return names
  }

  /// Hashes that lie one behind the other.
  private static func pieces(_ bytes: [UInt8]) -> [[UInt8]] {
    stride(from: 0, to: bytes.count, by: SHA256.byteCount).map {
      Array(bytes[$0..<min($0 + SHA256.byteCount, bytes.count)])
    }
  }

  func put(_ person: PersonRecord) throws {
    let key = person.isRemoved ? nil : PersonRecord.key(ofEmail: person.email)
    try tables.put(
      into: "people", Self.names,
      [
        .text(person.id.text), .text(person.name), .text(person.email), .flag(person.isOperator),
        .flag(person.seesSensitive), .text(person.passwordHash), .blob(person.factor?.sealedSecret),
        .integer(person.factor?.lastStep), .blob(person.recoveryHashes.flatMap { $0 }),
        .text(person.manner.look.rawValue), .flag(person.manner.hasShortcuts), .time(person.createdAt),
        .time(person.lastSeenAt), .time(person.removedAt), .time(person.resetAt), .integer(person.revision + 1),
        .text(key),
      ])
    try GrantRows(tables: tables).put(person.grants, of: person.id.text)
  }
}
