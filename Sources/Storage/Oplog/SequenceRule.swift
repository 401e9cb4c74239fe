import Wire

/// How positions in the oplog are given out (api.md section 11), and which time a write has.
package enum SequenceRule {
  /// The next position: above the last one, and at least the time, so that after an older copy was
  /// restored the numbers go on above those handed out before.
  package static func next(after last: Int64, milliseconds: Int64) -> Int64 {
    max(last + 1, max(milliseconds, 0) << 10)
  }

  /// The time of the next write, in milliseconds since 1970, for its sequence and for `updated_at`: the clock's, and
  /// never before the last write's. Where one node's clock is behind another's, who polls by `_updated_at` then
  /// misses no change.
  package static func time(after last: Int64, clock milliseconds: Int64) -> Int64 {
    max(milliseconds, self.milliseconds(of: last))
  }

  /// When the entry with this position was written, at the latest, in milliseconds since 1970.
  package static func milliseconds(of sequence: Int64) -> Int64 { sequence >> 10 }
}

extension Instant {
  /// When the entry with this position was written, at the latest.
  package init(ofSequence sequence: Int64) {
    self.init(clampingMilliseconds: SequenceRule.milliseconds(of: sequence))
  }
}
