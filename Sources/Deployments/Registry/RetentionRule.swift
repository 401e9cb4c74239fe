import Storage

/// When the oldest entries of an oplog may go, as a value. It spares a deployment that is closed from being opened for
/// every look.
struct RetentionRule: Sendable, Equatable {
  /// Between two tries where a webhook keeps what is old, in milliseconds.
  static let pauseWhileHeld: Int64 = 600_000

  /// When the entry was written that has to become old next, in milliseconds since 1970; nil before the first look.
  private var writtenAt: Int64?
  /// Not before this time, in milliseconds since 1970.
  private var earliest: Int64 = 0

  /// Whether to trim now, at this time, what is older than so many milliseconds.
  func isDue(at now: Int64, keeping retention: Int64) -> Bool {
    guard let writtenAt else { return true }
    // A clock that was set back holds up no longer than it must.
    let isHeld = now < earliest && earliest - now <= Self.pauseWhileHeld
    return !isHeld && now - retention > writtenAt
  }

  /// After a trimming at this time.
  mutating func note(_ trim: OplogTrim, at now: Int64) {
    guard trim.isDone else {
      self = RetentionRule()
      return
    }
    // Where there is no such entry yet, it is written from now on.
    writtenAt = trim.next.map { SequenceRule.milliseconds(of: $0) } ?? now
    earliest = trim.heldBy == nil ? 0 : now + Self.pauseWhileHeld
  }
}
