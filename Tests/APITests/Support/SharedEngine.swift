import DataModel
import Storage
import StorageConformance
import StorageSQLite
import Synchronization
import Wire

/// One engine as several nodes see it: each node has an engine of its own, with one control store and one open
/// store of each deployment behind them all.
final class SharedEngine: StorageEngine {
  private let behind: SQLiteEngine
  private let stores = Mutex<[String: any ObjectStore]>([:])
  /// How often the control store was asked for its revision.
  let looks = Atomic(0)

  init(in path: String, clock: any WallClock) throws {
    behind = try SQLiteEngine(try DataDirectory(path), clock: clock)
  }

  /// Whether what happened in the control store cannot be read.
  let isUnreadable = Atomic(false)

  var people: any PeopleStore { behind.people }
  var control: any ControlStore { WatchedControl(inner: behind.control, engine: self) }
  var isShared: Bool { true }

  func open(deployment id: String) async throws -> any ObjectStore {
    if let open = stores.withLock({ $0[id] }) { return open }
    let store = try await behind.open(deployment: id)
    stores.withLock { $0[id] = store }
    return store
  }

  func create(deployment id: String, model: DataModel, by person: Person?) async throws -> any ObjectStore {
    let store = try await behind.create(deployment: id, model: model, by: person)
    stores.withLock { $0[id] = store }
    return store
  }

  func strays() async throws -> [String] { try await behind.strays() }

  func remove(deployment id: String) async throws {
    stores.withLock { $0[id] = nil }
    try behind.remove(deployment: id)
  }

  /// Other nodes go on.
  func close() async {}

  func closeForAll() { behind.close() }
}

private struct WatchedControl: WrappedControl {
  let inner: any ControlStore
  let engine: SharedEngine

  func revision() async throws -> Int64 {
    engine.looks.add(1, ordering: .relaxed)
    return try await inner.revision()
  }

  func changes(since revision: Int64) async throws -> ControlChanges {
    if engine.isUnreadable.load(ordering: .relaxed) { throw StorageError.unavailable("the disk is gone") }
    return try await inner.changes(since: revision)
  }
}
