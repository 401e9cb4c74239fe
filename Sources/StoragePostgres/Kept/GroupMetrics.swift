import Metrics
import Storage

/// What groups of writes of one deployment meet on PostgreSQL alone. The writer's thread notes, and so does the listener;
/// anybody reads.
final class GroupMetrics: Sendable {
  private let lockWait = Histogram(.time)
  private let counts = CounterBank(Count.allCases.count)

  private enum Count: Int, CaseIterable { case done, void, unknown, renewals }

  /// A group waited for the lock of `head` for so long, whether it got it or gave up.
  func noteLock(microseconds: Int64) { lockWait.record(UInt64(clamping: microseconds)) }

  /// A commit was not confirmed, and this was found out about it.
  func note(_ verdict: DoubtfulGroup.Verdict) {
    let count: Count =
      switch verdict {
      case .done: .done
      case .void: .void
      case .unknown: .unknown
      }
    counts.add(1, to: count.rawValue)
  }

  /// The database had less than this node had served.
  func noteRenewal() { counts.add(1, to: Count.renewals.rawValue) }

  var figures: [EngineFigure] {
    [
      EngineFigure(.postgresLockWait, lockWait.figures),
      figure(.postgresDoubts, .done, word: "done"), figure(.postgresDoubts, .void, word: "void"),
      figure(.postgresDoubts, .unknown, word: "unknown"), figure(.feedRenewals, .renewals),
    ]
  }

  private func figure(_ metric: Metric, _ count: Count, word: String? = nil) -> EngineFigure {
    EngineFigure(metric, Int(clamping: counts.value(count.rawValue)), word: word)
  }
}
