import Storage
import StorageConformance
import StorageSQLite
import Wire

/// A data directory of its own, gone with the bed.
final class SQLiteEngineBed: EngineBed {
  private let folder: TemporaryDirectory
  private let directory: DataDirectory

  init() throws {
    folder = try TemporaryDirectory()
    directory = try DataDirectory(folder.path)
  }

  func engine(clock: any WallClock) async throws -> any StorageEngine { try SQLiteEngine(directory, clock: clock) }

  func secondNode(clock: any WallClock) async throws -> any StorageEngine {
    try SQLiteEngine(directory, clock: clock)
  }
}
