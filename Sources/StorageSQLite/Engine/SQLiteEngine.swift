import CSQLite
import CSQLiteMemory
import DataModel
import Glibc
import Storage
import Synchronization
import Wire

/// A data directory on local disk: `control.db`, and `deployments/ID.db` for each deployment.
package final class SQLiteEngine: StorageEngine {
  package var control: any ControlStore { controlStore }
  package var people: any PeopleStore { controlStore }
  private let controlStore: SQLiteControlStore
  /// One process writes a data directory.
  package var isShared: Bool { false }
  private let directory: DataDirectory
  private let context: StoreContext
  /// Files that the process needs beside those of deployments.
  private let otherFiles: Int
  /// How few of them do for a start.
  private let leastOtherFiles: Int
  /// Deployments that were opened or made; it never falls.
  private let opened = Atomic(0)
  /// Those that are being opened.
  private let opening = Atomic(0)

  /// - Throws: `StorageError.unusable` where the directory cannot be used.
  package init(
    _ directory: DataDirectory, clock: any WallClock, readingThreads: Int = 4, otherFiles: Int = 512,
    leastOtherFiles: Int = 16, options: SQLiteObjectStore.Options = .init()
  ) throws {
    _ = Self.isConfigured
    self.directory = directory
    self.otherFiles = otherFiles
    self.leastOtherFiles = leastOtherFiles
    context = StoreContext(threads: try StoreThreads(reading: readingThreads), clock: clock, options: options)
    let controlFile = directory.path + "/control.db"
    // A control file comes before any deployment. Where deployments lie without one, a new one would
    // hide them all.
    let isFirst = directory.deploymentFiles.isEmpty
    guard isFirst || Self.size(of: controlFile) ?? 0 > 0 else {
      throw StorageError.unusable(
        "The file \(controlFile), which says what deployments there are and whose credentials are good, is "
          + "missing or empty, while \(directory.deployments) holds data. Restore it from a backup.")
    }
    self.controlStore = try SQLiteControlStore(path: controlFile, create: isFirst)
  }

  /// Files that a deployment has open at most, each connection with its database and its log: the readers that stay
  /// open, writer, mover, index builder and search.
  private static let filesPerDeployment = 24

  /// Files that the process needs for `deployments` of them.
  package func filesWanted(for deployments: Int) -> Int { otherFiles + deployments * Self.filesPerDeployment }

  /// What a deployment has open while it is opened, and a little more.
  private static let filesToOpen = 8
  /// Of a connection: the database, its log, and its part of the log's index.
  private static let filesPerConnection = 3

  /// Opens one deployment more, with the limit on open files raised for it.
  /// - Throws: `StorageError.tooManyFiles` where it would leave too few for all else, or what `open` throws.
  private func makingRoomForFiles<Result: Sendable>(
    _ open: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    OpenFileLimit.raise(to: filesWanted(for: opened.add(1, ordering: .relaxed).newValue))
    let count = opening.add(1, ordering: .relaxed).newValue
    defer { opening.subtract(1, ordering: .relaxed) }
    let needed =
      Connection.openCount * Self.filesPerConnection + count * Self.filesToOpen + leastOtherFiles
    guard needed <= OpenFileLimit.now.soft else { throw StorageError.tooManyFiles }
    return try await context.threads.reading.runForStorage(open)
  }

  package var deploymentsDirectory: String { directory.deployments }

  /// Files of deployments that the control file does not know, in order. A creation that was cut off
  /// leaves one, and so does a control file that is an older copy.
  package func strayFiles() async throws -> [String] {
    let known = Set(try await control.deployments().map { "\($0.id).db" })
    return directory.deploymentFiles.filter { !known.contains($0) }.sorted()
  }

  package func strays() async throws -> [String] { try await strayFiles().map { String($0.dropLast(3)) } }

  /// In bytes; nil where there is no such file.
  private static func size(of path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// SQLite's own counting of its memory takes a lock at each allocation, and its small blocks are taken over and over;
  /// both must be set before first use.
  private static let isConfigured = sojourn_sqlite_memory_use() == SQLITE_OK

  package func open(deployment id: String) async throws -> any ObjectStore {
    let path = path(of: id)
    guard let size = Self.size(of: path) else {
      throw StorageError.unusable(
        "The data of deployment \(id) is missing: \(path) is not there. Restore it from a backup.")
    }
    // SQLite would make a new database of an empty file.
    guard size > 0 else { throw Connection.damaged(path, "it is empty and holds no deployed data model") }
    return try await makingRoomForFiles { [context] in try SQLiteObjectStore(path: path, context) }
  }

  package func create(
    deployment id: String, model: DataModel, by person: Person?
  ) async throws -> any ObjectStore {
    // What lies there under an id that is not registered was left by a creation that was cut off; with
    // objects in it, it is a deployment that the control file has lost.
    guard Self.size(of: path(of: id)) ?? 0 == 0 || !holdsObjects(deployment: id) else {
      throw StorageError.unusable(
        "The file \(path(of: id)) holds objects, though the control file knows no deployment \(id). Restore the "
          + "control file from a backup, or move that file away.")
    }
    try remove(deployment: id)
    do {
      return try await makingRoomForFiles { [path = path(of: id), context] in
        try SQLiteObjectStore(creating: path, model: model, by: person, context)
      }
    } catch {
      try? remove(deployment: id)
      throw error
    }
  }

  private func holdsObjects(deployment id: String) -> Bool {
    guard let connection = try? Connection(path: path(of: id), role: .reader, cacheKiB: 64),
      let found = try? connection.statement("SELECT 1 FROM oplog LIMIT 1")
    else { return false }
    defer { found.reset() }
    return (try? found.step()) ?? false
  }

  package func remove(deployment id: String) throws {
    let path = path(of: id)
    let marker = MarkerFile(of: path)
    // The marker goes first: an older file that is put there later must not meet it.
    let files = [marker.path, marker.temporaryPath] + ["", "-wal", "-shm", "-journal"].map { path + $0 }
    for file in files where unlink(file) != 0 && errno != ENOENT {
      throw StorageError.unavailable("\(file) cannot be removed: \(String(cString: strerror(errno)))")
    }
    try SearchFile.remove(DeploymentFile.searchPath(besides: path))
  }

  package func close() {
    controlStore.close()
    context.threads.close()
  }

  private func path(of id: String) -> String { "\(directory.deployments)/\(id).db" }
}
