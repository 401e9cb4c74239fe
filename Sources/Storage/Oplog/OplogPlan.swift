/// A part of the oplog to be read: which entries, and how much work at most.
package struct OplogPlan: Sendable {
  /// The first sequence of the range.
  package var start: Int64
  /// The first sequence behind the range.
  package var end: Int64
  /// Entries that are handed out.
  package var limit: Int
  /// The numbers of the models whose entries are handed out; nil for all.
  package var models: Set<Int>?
  /// Entries that are looked at, handed out or not.
  package var examined: Int
  /// The last `limit` entries of the range instead of the first ones, in ascending order all the same.
  package var isTail: Bool
  /// Whether the entries say who made the change.
  package var hasOrigins: Bool

  /// What one call looks at (api.md section 11).
  package static let mostExamined = 100_000

  package init(
    start: Int64 = 0, end: Int64 = .max, limit: Int, models: Set<Int>? = nil,
    examined: Int = OplogPlan.mostExamined, isTail: Bool = false, hasOrigins: Bool = false
  ) {
    self.start = start
    self.end = end
    self.limit = limit
    self.models = models
    self.examined = examined
    self.isTail = isTail
    self.hasOrigins = hasOrigins
  }
}

/// How far a reading of the oplog came.
package struct OplogReach: Sendable, Equatable {
  /// The last entry that was looked at, handed out or not; nil where there was none.
  package var last: Int64?
  /// Whether entries remain in the range.
  package var hasMore: Bool
  /// Entries that were looked at.
  package var examined: Int

  package init(last: Int64?, hasMore: Bool, examined: Int) {
    self.last = last
    self.hasMore = hasMore
    self.examined = examined
  }
}

/// How far the oplog reaches.
package struct OplogBounds: Sendable, Equatable {
  /// The first and the last entry that are kept; nil where there never was one, since the last one is
  /// never trimmed.
  package var kept: ClosedRange<Int64>?
  /// The last entry that was trimmed; 0 where none was.
  package var trimmed: Int64

  package init(kept: ClosedRange<Int64>?, trimmed: Int64) {
    self.kept = kept
    self.trimmed = trimmed
  }
}
