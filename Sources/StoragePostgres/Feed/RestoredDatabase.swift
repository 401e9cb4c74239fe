import Storage
import Wire

/// What a database must not keep that was restored from a backup: the ids of its feeds, since what was served after the
/// backup was made is not in it, and who was signed in then.
package struct RestoredDatabase {
  package struct Feed: Sendable, Equatable {
    package let deployment: String
    /// The new id.
    package let feedID: String
    /// The last sequence in the database, and the one above which new ones are.
    package let last: Int64
    package let floor: Int64
  }

  private let connection: PostgresConnection

  package init(_ connection: PostgresConnection) { self.connection = connection }

  /// Gives each deployment's feed a new id, in a transaction for each, and signs people out. Nodes that run meanwhile
  /// would go on with the old ids.
  /// - Throws: `StorageError`.
  package func renew(milliseconds: Int64) throws -> [Feed] {
    do {
      let feeds = try connection.deploymentSchemas().filter(isWhole).map { schema in
        let renewed = try FeedRenewal(schema: schema).perform(on: connection, milliseconds: milliseconds)
        return Feed(
          deployment: schema.deployment, feedID: renewed.standing.feed, last: renewed.standing.last,
          floor: renewed.floor)
      }
      try signOut()
      return feeds
    } catch let fault as PostgresFault {
      throw StorageError(fault)
    }
  }

  /// Whether it is a deployment, and not the rest of one that was being made.
  private func isWhole(_ schema: DeploymentSchema) throws -> Bool {
    let table = try connection.rows("SELECT 1 FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass($1)") {
      $0.add(text: "\(schema.name).commits")
    }
    return try table.count > 0 && connection.rows("SELECT 1 FROM \(schema.name).commits LIMIT 1").count > 0
  }

  /// People, roles and the audit stay.
  private func signOut() throws {
    _ = try connection.perform { pipeline in
      pipeline.addOnce("BEGIN")
      for table in ["sessions", "shown", "held", "nonces"] { pipeline.addOnce("DELETE FROM sojourn.\(table)") }
      pipeline.addOnce(
        "DELETE FROM sojourn.grants WHERE holder IN (SELECT encode(hash, 'hex') FROM sojourn.links)")
      pipeline.addOnce("DELETE FROM sojourn.links")
      pipeline.addOnce("COMMIT")
    }
  }
}
