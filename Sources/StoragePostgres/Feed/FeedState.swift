import Crypto
import Storage
import Synchronization

/// Which feed a deployment has: the id under which entries are served, and how far it has come.
struct FeedStanding: Sendable, Equatable {
  var feed: String
  /// The last sequence that was given out with it.
  var last: Int64

  /// As the newest row of `commits` says.
  static func newest(in schema: DeploymentSchema) -> String {
    "SELECT feed, last_sequence FROM \(schema.name).commits ORDER BY number DESC LIMIT 1"
  }

  init(feed: String, last: Int64) {
    self.feed = feed
    self.last = last
  }

  init(_ result: PostgresResult) throws(StorageError) {
    guard let row = result.first else { throw .broken("a deployment without commits") }
    self.init(feed: try row.text(0), last: try row.integer(1))
  }

  static func newFeed() -> String { Hex.encode(Secret.random(bytes: 16)) }
}

/// The feed as this node knows it: what it has acknowledged, or has seen. By it a node notices that a failover has lost
/// commits, which those who follow the feed must be told.
///
/// | the newest row of `commits` | the feed |
/// |---|---|
/// | is as far as what was known before it was asked for, or further | goes on, under the id that the row says |
/// | is behind, with the id that was known | gets a new id under the lock; sequences go on above what was known |
/// | is behind, with another id | has been renewed by another node; sequences go on above what was known |
final class FeedState: Sendable {
  private struct State {
    var known: FeedStanding
    /// Whether the deployment was used since it was last looked at.
    var isUsed = false
  }

  private let state: Mutex<State>

  init(_ standing: FeedStanding) { state = Mutex(State(known: standing)) }

  /// The id of the feed, for answers.
  var feedID: String {
    state.withLock {
      $0.isUsed = true
      return $0.known.feed
    }
  }

  var known: FeedStanding { state.withLock { $0.known } }

  /// Somebody goes by what this node knows.
  func noteUse() { state.withLock { $0.isUsed = true } }

  /// Whether somebody did since this was last called.
  func takeUse() -> Bool {
    state.withLock { state in
      defer { state.isUsed = false }
      return state.isUsed
    }
  }

  /// What a group goes on with that holds the lock and has found this: its row of `commits` has this feed, and its
  /// sequences are above `last`.
  func continued(from found: FeedStanding) -> FeedStanding {
    let known = known
    if found.last >= known.last { return found }
    return FeedStanding(feed: found.feed == known.feed ? FeedStanding.newFeed() : found.feed, last: known.last)
  }

  /// Takes in what was committed or seen. What is behind is an older look.
  func note(_ found: FeedStanding) {
    state.withLock { if found.last >= $0.known.last { $0.known = found } }
  }

  /// The same of what another node says.
  func note(last: Int64) {
    state.withLock { $0.known.last = max($0.known.last, last) }
  }

  /// Takes in what holds after commits were lost, as was found under the lock.
  func goBack(to found: FeedStanding) { state.withLock { $0.known = found } }
}
