import PostgresUnderTest
import Storage
import StorageUnderTest
import Wire

@testable import StoragePostgres

/// The tables of a deployment without models, in a database of its own.
final class BareDeployment {
  let database: PostgresDatabase
  let connection: PostgresConnection
  let schema: DeploymentSchema

  init(as role: PostgresRole = .writer) throws {
    database = try PreparedDatabase.copy()
    connection = try PostgresConnection.open(try PostgresAddress(database.address), as: role)
    guard let schema = DeploymentSchema(deployment: "0123456789abcdef01234567") else {
      throw StorageError.broken("an id that is none")
    }
    self.schema = schema
    _ = try connection.perform { pipeline in
      pipeline.addOnce("CREATE SCHEMA \(schema.name)")
      for statement in DeploymentTables.statements(in: schema) { pipeline.addOnce(statement) }
    }
  }

  deinit {
    connection.close()
    database.drop()
  }

  var kept: KeptTables { KeptTables(connection, schema) }
  var rows: AttachmentRows { AttachmentRows(schema: schema, connection: connection) }

  func store(_ change: (inout KeptChanges) -> Void) throws {
    var changes = KeptChanges()
    change(&changes)
    _ = try connection.perform { kept.store(changes, origin: "test", into: &$0) }
  }

  func read(_ need: (inout KeptNeeds) -> Void) throws -> KeptRows {
    var needs = KeptNeeds()
    need(&needs)
    var rows = KeptRows()
    try kept.read(needs, appUser: nil, into: &rows)
    return rows
  }

  /// Adds a row to `commits`.
  func commit(_ number: Int64, feed: String, last: Int64, at second: Int64 = 0) throws {
    try connection.run(
      "INSERT INTO \(schema.name).commits (number, last_sequence, group_id, feed, at) "
        + "VALUES ($1, $2, gen_random_uuid(), $3, $4)"
    ) {
      $0.add(integer: number)
      $0.add(integer: last)
      $0.add(text: feed)
      $0.add(integer: second)
    }
  }
}
