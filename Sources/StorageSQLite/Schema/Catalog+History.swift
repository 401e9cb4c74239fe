import Storage
import Wire

// The deploys that a file has seen.

extension Catalog {
  /// Newest first.
  func history() throws -> [DeployRecord] {
    let statement = try connection.statement(
      "SELECT version, at, by_name, by_email, hash, note FROM deploys ORDER BY version DESC")
    defer { statement.reset() }
    var records: [DeployRecord] = []
    while try statement.step() {
      guard let instant = Instant(secondsSince1970: statement.integer(1)) else {
        throw StorageError.broken("the time of a deploy is \(statement.integer(1))")
      }
      records.append(
        DeployRecord(
          version: Int(statement.integer(0)), at: instant, by: person(statement, 2), hash: statement.text(4),
          note: statement.isNull(5) ? nil : statement.text(5)))
    }
    return records
  }

  /// The document of a deploy, byte for byte; nil where there was none of this version.
  func document(ofVersion version: Int) throws -> [UInt8]? {
    let statement = try connection.statement("SELECT xml FROM deploys WHERE version = ?")
    defer { statement.reset() }
    statement.bind(1, integer: Int64(version))
    return try statement.step() ? Array(statement.bytes(0)) : nil
  }

  /// Who deployed, by name and e-mail address in this column and the next; nil where neither is known.
  func person(_ statement: Statement, _ column: Int32) -> Person? {
    let name = statement.isNull(column) ? nil : statement.text(column)
    let email = statement.isNull(column + 1) ? nil : statement.text(column + 1)
    return name == nil && email == nil ? nil : Person(name: name, email: email)
  }
}
