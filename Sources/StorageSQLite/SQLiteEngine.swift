import CSQLite
import DataModel
import Glibc
import Storage
import Wire

/// A data directory on local disk: `control.db`, and `deployments/ID.db` for each deployment.
package final class SQLiteEngine: StorageEngine {
  package let control: any ControlStore
  package let spoolDirectory: String
  private let directory: DataDirectory
  private let threads: ReadingThreads
  private let clock: any WallClock
  private let options: SQLiteObjectStore.Options

  /// - Throws: `StorageError.unusable` where the directory cannot be used.
  package init(
    _ directory: DataDirectory, clock: any WallClock, readingThreads: Int = 4,
    options: SQLiteObjectStore.Options = .init()
  ) throws {
    _ = Self.isConfigured
    self.directory = directory
    self.spoolDirectory = directory.spool
    self.clock = clock
    self.options = options
    self.threads = try ReadingThreads(count: readingThreads)
    self.control = try SQLiteControlStore(path: directory.path + "/control.db")
  }

  /// SQLite's counting of its memory takes a lock at each allocation; it must be off before first use.
  private static let isConfigured = sojourn_sqlite_disable_memory_statistics() == SQLITE_OK

  package func open(deployment id: String) throws -> any ObjectStore {
    let path = path(of: id)
    guard access(path, F_OK) == 0 else {
      throw StorageError.unusable(
        "The data of deployment \(id) is missing: \(path) is not there. Restore it from a backup, or "
          + "delete the deployment.")
    }
    return try SQLiteObjectStore(path: path, threads: threads, clock: clock, options: options)
  }

  package func create(
    deployment id: String, model: DataModel, by person: Person?
  ) throws -> any ObjectStore {
    // What lies there under an id that is not registered was left by a creation that was cut off.
    try remove(deployment: id)
    return try SQLiteObjectStore(
      creating: path(of: id), model: model, by: person, threads: threads, clock: clock, options: options)
  }

  package func remove(deployment id: String) throws {
    for suffix in ["", "-wal", "-shm"] where unlink(path(of: id) + suffix) != 0 && errno != ENOENT {
      throw StorageError.unavailable(
        "\(path(of: id))\(suffix) cannot be removed: \(String(cString: strerror(errno)))")
    }
  }

  package func close() { threads.close() }

  private func path(of id: String) -> String { "\(directory.deployments)/\(id).db" }
}
