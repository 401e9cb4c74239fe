import PostgresUnderTest
import Storage
import StorageConformance
import StoragePostgres
import StorageUnderTest
import Wire

/// A database of its own, gone with the bed.
final class PostgresEngineBed: EngineBed {
  let database: PostgresDatabase

  init() throws { database = try PreparedDatabase.copy() }

  deinit { database.drop() }

  func node(clock: any WallClock) throws -> PostgresEngine {
    try PostgresEngine(try PostgresAddress(database.address), clock: clock, limits: PreparedDatabase.limits)
  }

  func engine(clock: any WallClock) async throws -> any StorageEngine { try node(clock: clock) }
  func secondNode(clock: any WallClock) async throws -> any StorageEngine { try node(clock: clock) }
}
