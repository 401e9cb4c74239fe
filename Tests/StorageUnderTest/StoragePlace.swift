import Foundation
import PostgresUnderTest
import Storage
import StoragePostgres
import StorageSQLite
import Wire

/// Where the engines of a test keep what they keep: a data directory or a database of its own. A database goes with the
/// place; a directory is in the test's own folder, and goes with that.
package final class StoragePlace: Sendable {
  /// Of an engine, in the words of none.
  package struct Options: Sendable {
    /// A read that runs longer is stopped; nil leaves it to the engine.
    package var secondsPerRead: Int?
    /// Called inside each writing transaction before its commit.
    package var beforeCommit: (@Sendable () -> Void)?

    package init() {}
  }

  private enum Ground {
    case directory(DataDirectory)
    case database(PostgresDatabase)
  }

  private let ground: Ground

  /// - Parameter path: the test's folder.
  package init(_ storage: TestStorage = .chosen, in path: String) throws {
    ground =
      switch storage {
      case .sqlite: .directory(try DataDirectory(path))
      case .postgresql: .database(try PreparedDatabase.copy())
      }
    // What the test itself keeps there goes into the same folder on every engine; large answers into its part `tmp`,
    // which a data directory has.
    try FileManager.default.createDirectory(atPath: path + "/tmp", withIntermediateDirectories: true)
  }

  deinit { if case .database(let database) = ground { database.drop() } }

  /// Whether each node needs an engine of its own; otherwise all nodes have one, which is one process's alone.
  package var isShared: Bool {
    if case .database = ground { true } else { false }
  }

  package func engine(clock: any WallClock, options: Options = .init()) throws -> any StorageEngine {
    switch ground {
    case .directory(let directory):
      var own = SQLiteObjectStore.Options()
      if let seconds = options.secondsPerRead { own.secondsPerRead = seconds }
      own.beforeCommit = options.beforeCommit
      return try SQLiteEngine(directory, clock: clock, options: own)
    case .database(let database):
      var own = PostgresOptions()
      if let seconds = options.secondsPerRead { own.secondsPerRead = seconds }
      own.beforeCommit = options.beforeCommit
      return try PostgresEngine(
        try PostgresAddress(database.address), clock: clock, limits: PreparedDatabase.limits, options: own)
    }
  }
}
