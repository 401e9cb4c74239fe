import DataModel
import Glibc
import Storage
import StorageConformance
import StorageSQLite
import Synchronization
import Threads
import Wire

/// A data directory of its own, gone with the bed.
final class SQLiteBed: StorageBed {
  static let deployment = "0123456789abcdef01234567"

  let directory: TemporaryDirectory
  private let threads: StoreThreads
  /// The store that was made or opened last.
  private let last = Mutex<SQLiteObjectStore?>(nil)

  init() throws {
    directory = try TemporaryDirectory()
    threads = try StoreThreads(reading: 2)
  }

  deinit { threads.close() }

  var path: String { directory.path + "/\(Self.deployment).db" }

  func create(
    _ model: DataModel, clock: any WallClock, waitingWrites: Int?
  ) async throws -> any ObjectStore {
    var options = Self.options
    if let waitingWrites { options.waitingWrites = waitingWrites }
    return remembered(try create(model, clock: clock, options: options))
  }

  func create(
    _ model: DataModel, clock: any WallClock, options: SQLiteObjectStore.Options
  ) throws -> SQLiteObjectStore {
    try SQLiteObjectStore(
      creating: path, model: model, by: Person(name: "Ada", email: nil),
      StoreContext(threads: threads, clock: clock, options: options))
  }

  /// Searches use their index from the first object on, and it follows at once.
  static var options: SQLiteObjectStore.Options {
    var options = SQLiteObjectStore.Options()
    options.search.leastObjects = 0
    options.search.pollMilliseconds = 2
    return options
  }

  func reopen(clock: any WallClock, options: SQLiteObjectStore.Options) throws -> SQLiteObjectStore {
    try SQLiteObjectStore(path: path, StoreContext(threads: threads, clock: clock, options: options))
  }

  func reopen(clock: any WallClock) async throws -> any ObjectStore {
    remembered(try reopen(clock: clock, options: Self.options))
  }

  private func remembered(_ store: SQLiteObjectStore) -> SQLiteObjectStore {
    last.withLock { $0 = store }
    return store
  }

  func secondNode(clock: any WallClock) async throws -> any ObjectStore {
    // Both share one writer, and with it its clock.
    guard let first = last.withLock({ $0 }) else { throw StorageError.closed }
    return SQLiteObjectStore(besides: first)
  }
}
