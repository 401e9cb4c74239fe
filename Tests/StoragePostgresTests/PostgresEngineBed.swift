import PostgresUnderTest
import Storage
import StorageConformance
import StoragePostgres
import Wire

/// A database of its own, gone with the bed.
final class PostgresEngineBed: EngineBed {
  let database: PostgresDatabase

  init() throws { database = try PreparedDatabase.copy() }

  deinit { database.drop() }

  /// Of a node: enough that calls run side by side, and few enough that tests do.
  static let limits: PostgresPool.Limits = {
    var limits = PostgresPool.Limits()
    (limits.readers, limits.writers) = (4, 2)
    return limits
  }()

  func node(clock: any WallClock) throws -> PostgresEngine {
    try PostgresEngine(try PostgresAddress(database.address), clock: clock, limits: Self.limits)
  }

  func engine(clock: any WallClock) async throws -> any StorageEngine { try node(clock: clock) }
  func secondNode(clock: any WallClock) async throws -> any StorageEngine { try node(clock: clock) }
}
