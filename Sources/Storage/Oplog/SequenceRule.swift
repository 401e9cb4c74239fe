/// How positions in the oplog are given out (api.md section 11).
package enum SequenceRule {
  /// The next position: above the last one, and at least the time, so that after an older copy was
  /// restored the numbers go on above those handed out before.
  package static func next(after last: Int64, milliseconds: Int64) -> Int64 {
    max(last + 1, max(milliseconds, 0) << 10)
  }
}
