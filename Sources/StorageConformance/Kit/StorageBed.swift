import DataModel
import Storage
import Wire

/// Where a case finds its stores: a deployment of its own.
package protocol StorageBed: Sendable {
  /// A new store with its first data model. Once for each bed.
  /// - Parameter waitingWrites: how many plans may wait for the writer; nil leaves it to the engine.
  func create(_ model: DataModel, clock: any WallClock, waitingWrites: Int?) async throws -> any ObjectStore
  /// Another node on the store that was made or opened last: another face of the engine, with a cache of the data
  /// model, waiters and a lease identity of its own. It is closed before that store.
  /// - Parameter clock: the node's own, which may be behind.
  func secondNode(clock: any WallClock) async throws -> any ObjectStore
  /// The same store again, after `close`.
  func reopen(clock: any WallClock) async throws -> any ObjectStore
}
