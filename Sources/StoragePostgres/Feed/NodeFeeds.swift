import Storage

/// How the stores of one node hear of what is committed, and tell the others.
package final class NodeFeeds: Sendable {
  let notifier: EntryNotifier
  let listener: EntryListener

  init(_ pool: PostgresPool, _ threads: PostgresThreads) {
    notifier = EntryNotifier(pool, on: threads.notifying)
    listener = EntryListener(pool)
  }

  /// After all stores were closed, before the threads and the pool are.
  func close() { listener.close() }
}
