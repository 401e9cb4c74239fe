import Storage
import Threads

/// The threads of a node that wait for its database: as many as connections that may block them, and some more for reads
/// of single objects.
package struct PostgresThreads: Sendable {
  /// For reads of every length.
  let reading: BlockingThreads
  /// For reads of single objects, which go together: they wait for no thread behind long ones. They are fewer than
  /// readers' connections, so that some of these are left to long reads whatever is locked.
  let looking: LoopThreads
  /// For groups of writes.
  let writing: LoopThreads
  /// For what stores do by themselves, and for opening, making and removing them.
  let working: BlockingThreads
  /// For telling other nodes of commits.
  let notifying: BlockingThreads
  /// For changes of the control store.
  let control: BlockingThreads

  /// - Parameter besideDatabase: whether the database takes its time from the same processors.
  /// - Throws: `StorageError.unavailable` where the system has no thread left.
  package init(
    for limits: PostgresPool.Limits = .standard, besideDatabase: Bool = false
  ) throws(StorageError) {
    // A read goes to and fro between its thread and its session: two of each for a processor keep all of them busy.
    reading = try .forStorage(count: limits.readers, eager: besideDatabase ? 2 * OwnThread.processors : nil)
    working = try .forStorage(count: 2, waiting: 256, named: "storage-work")
    notifying = try .forStorage(count: 1, waiting: 16, named: "notifier")
    control = try .forStorage(count: 1, waiting: 256, named: "control")
    do {
      looking = try LoopThreads(count: max(limits.readers * 3 / 4, 1), named: "look-up")
      writing = try LoopThreads(count: limits.writers, named: "writer")
    } catch {
      throw .unavailable(error.description)
    }
  }

  /// After all stores were closed.
  package func close() {
    writing.close()
    looking.close()
    for threads in [working, notifying, control, reading] { threads.close() }
  }
}
