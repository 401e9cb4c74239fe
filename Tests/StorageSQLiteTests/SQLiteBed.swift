import DataModel
import Glibc
import Storage
import StorageConformance
import StorageSQLite
import Wire

/// A data directory of its own, gone with the bed.
final class SQLiteBed: StorageBed {
  static let deployment = "0123456789abcdef01234567"

  let directory: TemporaryDirectory
  private let threads: BlockingThreads

  init() throws {
    directory = try TemporaryDirectory()
    threads = try BlockingThreads(count: 2)
  }

  deinit { threads.close() }

  var path: String { directory.path + "/\(Self.deployment).db" }

  func create(
    _ model: DataModel, clock: any WallClock, waitingWrites: Int?
  ) async throws -> any ObjectStore {
    var options = SQLiteObjectStore.Options()
    if let waitingWrites { options.waitingWrites = waitingWrites }
    return try create(model, clock: clock, options: options)
  }

  func create(
    _ model: DataModel, clock: any WallClock, options: SQLiteObjectStore.Options
  ) throws -> SQLiteObjectStore {
    try SQLiteObjectStore(
      creating: path, model: model, by: Person(name: "Ada", email: nil), threads: threads, clock: clock,
      options: options)
  }

  func reopen(clock: any WallClock) async throws -> any ObjectStore {
    try SQLiteObjectStore(path: path, threads: threads, clock: clock)
  }
}
