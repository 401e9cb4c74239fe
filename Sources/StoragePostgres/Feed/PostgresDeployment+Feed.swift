import Metrics
import Storage
import Synchronization
import Wire

/// A number that only rises.
final class RisingNumber: Sendable {
  private let value: Atomic<Int64>

  init(_ value: Int64) { self.value = Atomic(value) }

  /// Whether it was lower before.
  func rise(to number: Int64) -> Bool { value.max(number, ordering: .relaxed).oldValue < number }
}

extension PostgresDeployment {
  /// After a commit of this node's, when those who wrote have their answers: tells who waits here, and all other nodes.
  /// - Parameters:
  ///   - standing: as the group's row of `commits` says.
  ///   - endsSessions: whether the group may have ended sessions.
  func noteCommit(_ standing: FeedStanding, endsSessions: Bool) {
    let hasEntries = standing.last > waiters.last
    feed.note(standing)
    waiters.note(last: standing.last)
    guard hasEntries || endsSessions else { return }
    if hasEntries { newsLag.noteCommit(last: standing.last, at: .now) }
    context.feeds.notifier.tell(
      EntryNews(of: schema, last: standing.last, endsSessions: endsSessions, version: current.model.version))
  }

  /// The listener has heard, or found, that the deployment has come so far.
  func noteHeard(last: Int64) {
    guard let lag = newsLag.noteHeard(last: last, at: .now) else { return }
    context.feeds.lag.record(UInt64(clamping: lag.microseconds))
  }

  /// Whether anybody waits here, or has used it since this was last called.
  func takeInUse() -> Bool {
    let isUsed = feed.takeUse()
    return isUsed || waiters.count > 0 || newsLag.isFollowing
  }

  /// Commits that this node knew of are not there. Waits that stand before what was lost look anew.
  func renewFeed(over known: FeedStanding) throws {
    let now = context.clock.milliseconds()
    let standing = try context.pool.lend(.writer) {
      try FeedRenewal(schema: schema).perform(on: $0, over: known, milliseconds: now)
    }
    if standing.last >= known.last { return feed.note(standing) }
    feed.goBack(to: standing)
    waiters.goBack(to: standing.last)
    newsLag.forget()
    groupMetrics.noteRenewal()
    context.options.report(
      "The feed of deployment \(schema.deployment) has a new id, because the database ends at \(standing.last), before "
        + "what was served: programs that mirror it will load it anew. Sequences go on above \(known.last).")
  }
}
