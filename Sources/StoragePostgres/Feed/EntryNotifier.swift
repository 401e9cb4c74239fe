import Storage
import Synchronization
import Threads

/// Tells all nodes of commits, on a connection of its own and never inside the commit: that cost writers a quarter.
///
/// What cannot be told is forgotten: whoever waits looks by itself each second.
final class EntryNotifier: Sendable {
  private let pool: PostgresPool
  private let threads: BlockingThreads
  private let gathering = Mutex(NewsGathering())

  private static let pause = Duration.milliseconds(10)

  init(_ pool: PostgresPool, on threads: BlockingThreads) {
    self.pool = pool
    self.threads = threads
  }

  /// Never waits.
  func tell(_ news: EntryNews) {
    guard gathering.withLock({ $0.add(news) }) else { return }
    Task { [self] in
      while true {
        let news = gathering.withLock { $0.take() }
        if news.isEmpty { return }
        try? await threads.run { [pool] in try Self.notify(news, by: pool) }
        try? await Task.sleep(for: Self.pause)
      }
    }
  }

  /// The same, and returns when it is told, or cannot be: who ends after it has told it all the same.
  func tellNow(_ news: EntryNews) async {
    try? await threads.run { [pool] in try Self.notify([news], by: pool) }
  }

  private static func notify(_ news: [EntryNews], by pool: PostgresPool) throws {
    try pool.lend(.notifier) { connection in
      _ = try connection.rows("SELECT pg_notify('\(EntryNews.channel)', n) FROM unnest($1) AS n") {
        $0.addArray(.text) { for one in news { $0.add(text: one.text) } }
      }
    }
  }
}
