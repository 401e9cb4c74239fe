import DataModel
import Storage
import StorageConformance
import StorageUnderTest
import Synchronization
import Wire

/// Storage as several nodes see it. On PostgreSQL each has an engine of its own. SQLite's is one process's alone: there
/// each node has a face of the same one, with one control store and one open store of each deployment behind them all.
final class SharedStorage: Sendable {
  private let place: StoragePlace
  private let clock: any WallClock
  private let engines: Mutex<[any StorageEngine]>
  private let stores = Mutex<[String: any ObjectStore]>([:])
  /// How often nodes asked the control store for its revision.
  let looks = Atomic(0)
  /// Whether what happened in the control store cannot be read.
  let isUnreadable = Atomic(false)
  /// Whether stores cannot be opened, as where the database is gone for a moment.
  let isUnopenable = Atomic(false)

  init(in path: String, clock: any WallClock) throws {
    place = try StoragePlace(in: path)
    self.clock = clock
    engines = Mutex([try place.engine(clock: clock)])
  }

  var control: any ControlStore { engines.withLock { $0[0] }.control }

  func node() throws -> any StorageEngine {
    guard place.isShared else {
      return SharedNode(inner: engines.withLock { $0[0] }, storage: self, sharesStores: true)
    }
    let engine = try place.engine(clock: clock)
    engines.withLock { $0.append(engine) }
    return SharedNode(inner: engine, storage: self, sharesStores: false)
  }

  func close() async { for engine in engines.withLock({ $0 }) { await engine.close() } }

  fileprivate func store(of deployment: String) -> (any ObjectStore)? { stores.withLock { $0[deployment] } }
  fileprivate func note(_ store: (any ObjectStore)?, of deployment: String) {
    stores.withLock { $0[deployment] = store }
  }
}

private struct SharedNode: WrappedEngine {
  let inner: any StorageEngine
  let storage: SharedStorage
  let sharesStores: Bool

  var control: any ControlStore { WatchedControl(inner: inner.control, storage: storage) }
  var isShared: Bool { true }

  func open(deployment id: String) async throws -> any ObjectStore {
    if storage.isUnopenable.load(ordering: .relaxed) { throw StorageError.unavailable("the database is gone") }
    if sharesStores, let open = storage.store(of: id) { return open }
    let store = try await inner.open(deployment: id)
    if sharesStores { storage.note(store, of: id) }
    return store
  }

  func create(deployment id: String, model: DataModel, by person: Person?) async throws -> any ObjectStore {
    let store = try await inner.create(deployment: id, model: model, by: person)
    if sharesStores { storage.note(store, of: id) }
    return store
  }

  func remove(deployment id: String) async throws {
    storage.note(nil, of: id)
    try await inner.remove(deployment: id)
  }

  /// Other nodes go on.
  func close() async {}
}

private struct WatchedControl: WrappedControl {
  let inner: any ControlStore
  let storage: SharedStorage

  func revision() async throws -> Int64 {
    storage.looks.add(1, ordering: .relaxed)
    return try await inner.revision()
  }

  func changes(since revision: Int64) async throws -> ControlChanges {
    if storage.isUnreadable.load(ordering: .relaxed) { throw StorageError.unavailable("the disk is gone") }
    return try await inner.changes(since: revision)
  }
}
