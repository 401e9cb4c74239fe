import Metrics
import Synchronization

/// How long news of commits take to a node's listener: a node hears its own as it hears the others', so that one clock
/// measures it.
///
/// Of a deployment one commit is followed at a time, up to the news that tell of it, or of a later one.
final class NewsLag: Sendable {
  private struct Followed {
    let last: Int64
    let since: ContinuousClock.Instant
  }

  private let followed = Mutex<Followed?>(nil)

  /// Whether a commit is followed, so that somebody has to look where its news are lost.
  var isFollowing: Bool { followed.withLock { $0 != nil } }

  /// - Parameter last: the last sequence after a commit of this node.
  func noteCommit(last: Int64, at now: ContinuousClock.Instant) {
    followed.withLock { if $0 == nil { $0 = Followed(last: last, since: now) } }
  }

  /// - Returns: for how long the commit was not heard of that this ends.
  func noteHeard(last: Int64, at now: ContinuousClock.Instant) -> Duration? {
    followed.withLock { followed in
      guard let commit = followed, commit.last <= last else { return nil }
      followed = nil
      return now - commit.since
    }
  }

  /// What was followed is not there any more.
  func forget() { followed.withLock { $0 = nil } }
}
