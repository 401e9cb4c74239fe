import DataModel
import PostgresUnderTest
import Storage
import StorageConformance
import StoragePostgres
import StorageUnderTest
import Synchronization
import Wire

/// A database of its own with one deployment, gone with the bed.
final class PostgresBed: StorageBed {
  static let deployment = "0123456789abcdef01234567"

  let database: PostgresDatabase
  /// Of all nodes that there were, to be closed after their stores.
  private let engines = Mutex<[PostgresEngine]>([])

  init() throws { database = try PreparedDatabase.copy() }

  deinit { database.drop() }

  func close() async {
    let all = engines.withLock { engines in
      defer { engines = [] }
      return engines
    }
    for engine in all { await engine.close() }
  }

  func node(clock: any WallClock, waitingWrites: Int? = nil) throws -> PostgresEngine {
    var options = PostgresOptions()
    if let waitingWrites { options.waitingWrites = waitingWrites }
    let engine = try PostgresEngine(
      try PostgresAddress(database.address), clock: clock, limits: PreparedDatabase.limits, options: options)
    engines.withLock { $0.append(engine) }
    return engine
  }

  func create(_ model: DataModel, clock: any WallClock, waitingWrites: Int?) async throws -> any ObjectStore {
    try await node(clock: clock, waitingWrites: waitingWrites).create(
      deployment: Self.deployment, model: model, by: Person(name: "Ada", email: nil))
  }

  func secondNode(clock: any WallClock) async throws -> any ObjectStore { try await reopen(clock: clock) }

  func reopen(clock: any WallClock) async throws -> any ObjectStore {
    try await node(clock: clock).open(deployment: Self.deployment)
  }
}
