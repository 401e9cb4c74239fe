import PostgresUnderTest
import StoragePostgres
import Synchronization

/// Databases as `sojourn storage init` leaves them: one is made, and the others are copies of it.
package enum PreparedDatabase {
  private static let first = Mutex<Result<PostgresDatabase, any Error>?>(nil)

  package static func copy() throws -> PostgresDatabase {
    let prepared = try first.withLock { kept -> Result<PostgresDatabase, any Error> in
      if let kept { return kept }
      let made = Result { try prepare() }
      kept = made
      return made
    }.get()
    return try prepared.cluster.copy(of: prepared)
  }

  private static func prepare() throws -> PostgresDatabase { try prepared(in: PostgresCluster.shared()) }

  /// One of a cluster that a test has for itself.
  package static func prepared(in cluster: PostgresCluster) throws -> PostgresDatabase {
    let database = try cluster.database()
    let connection = try PostgresConnection.open(try PostgresAddress(database.address), as: .administrator)
    defer { connection.close() }
    _ = try PostgresLayout(connection).initialize()
    return database
  }

  /// Of a node: enough that calls run side by side, and few enough that tests do.
  package static let limits: PostgresPool.Limits = {
    var limits = PostgresPool.Limits()
    (limits.readers, limits.writers) = (4, 2)
    return limits
  }()
}
