import Storage
import Threads

/// The threads that all deployments of a process share: so many deployments, so few threads.
package struct StoreThreads: Sendable {
  /// For lists and other long reads.
  let reading: BlockingThreads
  /// For groups of writes: each waits for its own sync.
  let writing: LoopThreads
  /// For passes over logs (`LogMover`), beside the writers.
  let moving: LoopThreads
  /// For search indexes, at the lowest priority.
  let filling: LoopThreads
  /// Deployments that build an index at a time: building has a writing thread for itself, perhaps for minutes.
  let building = Turns(most: 2)

  /// - Throws: `StorageError.unavailable` where the system has no thread left.
  package init(reading: Int = 4, writing: Int = 16) throws(StorageError) {
    self.reading = try .forStorage(count: reading)
    do {
      self.writing = try LoopThreads(count: writing, named: "writer")
      moving = try LoopThreads(count: 4, named: "log-mover")
      filling = try LoopThreads(count: 2, named: "search", givingWay: 19)
    } catch {
      throw .unavailable(error.description)
    }
  }

  /// After all stores were closed.
  package func close() {
    for threads in [writing, moving, filling] { threads.close() }
    reading.close()
  }
}
