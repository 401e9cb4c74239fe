import Synchronization

/// State versions of this node: a commit's number, and which of the feeds that the node has met it belongs to. Where a
/// database has lost commits, their numbers come again under another feed, and a later feed's versions are above those
/// of the one before: so nothing that was remembered of the lost ones is taken for what came after.
final class FeedEpochs: Sendable {
  private static let numberBits = 40

  /// In the order in which they were met.
  private let feeds = Mutex<[String]>([])

  /// 0 of a model of which nothing was ever written, in any feed.
  func stateVersion(of number: Int, in feed: String) -> Int {
    assert(number < 1 << Self.numberBits, "a commit's number has \(Self.numberBits) bits")
    if number == 0 { return 0 }
    let epoch = feeds.withLock { feeds in
      if let known = feeds.lastIndex(of: feed) { return known }
      feeds.append(feed)
      return feeds.count - 1
    }
    return epoch << Self.numberBits | number
  }

  /// The commit's number.
  static func number(of stateVersion: Int) -> Int { stateVersion & (1 << numberBits - 1) }
}
