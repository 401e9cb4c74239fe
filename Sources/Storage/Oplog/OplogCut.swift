/// Which entries of the oplog may go. The last one never does: it is where sequences go on.
package enum OplogCut: Sendable, Equatable {
  /// Those below this sequence.
  case before(Int64)
  /// Those from before this moment, in milliseconds since 1970. The youngest of them stays: whoever has
  /// read the feed since then stands behind it, and is never refused.
  case olderThan(milliseconds: Int64)
}

/// What one part of a trimming did.
package struct OplogTrim: Sendable, Equatable {
  package var removed: Int
  /// Whether nothing is left that may go.
  package var isDone: Bool
  /// The webhook that keeps more from going: it has not delivered what lies there.
  package var heldBy: String?
  /// The entry that has to become old for more to go; nil where there is none yet, and while it is not done.
  package var next: Int64?

  package init(removed: Int, isDone: Bool, heldBy: String? = nil, next: Int64? = nil) {
    self.removed = removed
    self.isDone = isDone
    self.heldBy = heldBy
    self.next = next
  }
}

/// The oldest entries of the oplog that one step removes.
package struct OplogPart: Sendable, Equatable {
  /// The last of them.
  package var last: Int64
  package var count: Int
  /// Whether more entries lie below the end that was asked for.
  package var hasMore: Bool
  /// The second entry behind them: the youngest of what becomes old stays.
  package var next: Int64?

  package init(last: Int64, count: Int, hasMore: Bool, next: Int64?) {
    self.last = last
    self.count = count
    self.hasMore = hasMore
    self.next = next
  }
}

/// An enabled webhook needs the oplog from an entry on.
package struct NeededEntries: Sendable, Equatable {
  package var sequence: Int64
  package var webhook: String

  package init(sequence: Int64, webhook: String) {
    self.sequence = sequence
    self.webhook = webhook
  }
}
