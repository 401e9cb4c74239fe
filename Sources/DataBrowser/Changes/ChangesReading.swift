import Storage
import Wire

/// Looks for entries of the oplog until a page is full, so many were looked at, or the time is over: a filter that fits
/// few of many entries holds nobody up.
struct ChangesReading {
  /// Entries that are looked at before the clock is.
  private static let entriesAtOnce = 4000
  private static let time = Duration.milliseconds(300)

  struct Found: Sendable {
    /// The newest first, whichever way it was read.
    var changes: [ChangePage.Change] = []
    /// The last entry that was looked at; nil where there was none.
    var last: Int64?
    /// Whether entries remain.
    var hasMore = false
    /// Whether the page is not full.
    var isStopped = false
  }

  let snapshot: any Snapshot
  var most = OplogPlan.mostExamined
  var time = Self.time

  func read(_ wanted: ChangePlan) throws -> Found {
    let deadline = ContinuousClock.now + time
    var (plan, left) = (wanted, most)
    var found = Found()
    while true {
      plan.limit = wanted.limit - found.changes.count
      plan.examined = min(Self.entriesAtOnce, left)
      let page = try snapshot.changes(plan)
      found.changes += page.changes
      left -= page.reach.examined
      guard let last = page.reach.last else { break }
      found.last = last
      found.hasMore = page.reach.hasMore
      let isFull = found.changes.count >= wanted.limit
      if !found.hasMore || isFull { break }
      if left <= 0 || ContinuousClock.now >= deadline {
        found.isStopped = true
        break
      }
      if plan.isNewestFirst { plan.end = last } else { plan.start = last + 1 }
    }
    if !wanted.isNewestFirst { found.changes.reverse() }
    return found
  }
}
