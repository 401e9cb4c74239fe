import Crypto
import Wire

/// Links.
struct LinkRows<Tables: ControlTables> {
  let tables: Tables

  private static var columns: [String] {
    ["hash", "kind", "person", "email", "name", "operator", "made_by", "made_at", "expires_at", "used_at"]
  }
  private var grants: GrantRows<Tables> { GrantRows(tables: tables) }

  /// All, the newest first.
  func links() throws -> [LinkRecord] {
    var all = try grants.all()
    return try links("ORDER BY made_at DESC, hash") { all.removeValue(forKey: Hex.encode($0)) ?? [] }
  }

  func link(hash: [UInt8]) throws -> LinkRecord? {
    guard var link = try links("WHERE hash = ?1", [.blob(hash)], { _ in [] }).first else { return nil }
    link.grants = try grants.grants(of: Hex.encode(hash))
    return link
  }

  private func links(
    _ which: String, _ values: [SQLValue] = [], _ grants: ([UInt8]) -> [RoleGrant]
  ) throws -> [LinkRecord] {
    try tables.rows(
      "SELECT \(Self.columns.joined(separator: ", ")) FROM \(Tables.prefix)links \(which)", values
    ) { row in
      guard let kind = LinkRecord.Kind(rawValue: try row.text(1)) else {
        throw StorageError.broken("a link is of the kind \(try row.text(1))")
      }
      var link = LinkRecord(
        hash: try row.blob(0), kind: kind, madeAt: try row.time(7), expiresAt: try row.time(8))
      link.person = try row.textOrNil(2).flatMap { PersonID($0) }
      link.email = try row.text(3)
      link.name = try row.text(4)
      link.makesOperator = try row.flag(5)
      link.madeBy = try row.textOrNil(6).flatMap { PersonID($0) }
      link.usedAt = try row.timeOrNil(9)
      link.grants = grants(link.hash)
      return link
    }
  }

  func put(_ link: LinkRecord) throws {
    try tables.put(
      into: "links", Self.columns,
      [
        .blob(link.hash), .text(link.kind.rawValue), .text(link.person?.text), .text(link.email), .text(link.name),
        .flag(link.makesOperator), .text(link.madeBy?.text), .time(link.madeAt), .time(link.expiresAt),
        .time(link.usedAt),
      ])
    try grants.put(link.grants, of: Hex.encode(link.hash))
  }

  func end(of person: PersonID) throws { try end("person = ?1", .text(person.text)) }
  func end(before now: Instant) throws { try end("expires_at < ?1", .time(now)) }

  private func end(_ which: String, _ value: SQLValue) throws {
    let hashes = try tables.rows("SELECT hash FROM \(Tables.prefix)links WHERE \(which)", [value]) {
      try $0.blob(0)
    }
    for hash in hashes { try grants.remove(of: Hex.encode(hash)) }
    try tables.delete(from: "links", where: which, [value])
  }
}
