import Storage
import Wire

/// How the stores of one node hear of what is committed, and tell the others.
package final class NodeFeeds: Sendable {
  let notifier: EntryNotifier
  let listener: EntryListener

  init(
    _ pool: PostgresPool, _ threads: PostgresThreads, clock: any WallClock, report: @escaping @Sendable (String) -> Void
  ) {
    notifier = EntryNotifier(pool, on: threads.notifying)
    listener = EntryListener(pool, clock: clock, report: report)
  }

  /// After all stores were closed, before the threads and the pool are.
  func close() { listener.close() }
}
