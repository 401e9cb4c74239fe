import Metrics
import Storage
import Wire

/// How the stores of one node hear of what is committed, and tell the others.
package final class NodeFeeds: Sendable {
  let notifier: EntryNotifier
  let listener: EntryListener
  /// From commits of this node until its listener heard of them.
  let lag = Histogram(.time)

  init(
    _ pool: PostgresPool, _ threads: PostgresThreads, clock: any WallClock, report: @escaping @Sendable (String) -> Void
  ) {
    notifier = EntryNotifier(pool, on: threads.notifying)
    listener = EntryListener(pool, clock: clock, report: report)
  }

  func measure(_ page: inout MetricPage) {
    page.add(.postgresNotificationLag, [], lag.figures)
    if let ahead = listener.millisecondsAhead { page.add(.postgresClockSkew, [], Double(ahead) / 1000) }
  }

  /// After all stores were closed, before the threads and the pool are.
  func close() { listener.close() }
}
