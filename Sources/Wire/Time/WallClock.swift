/// What time it is. Everything that depends on the time of day is given one of these.
package protocol WallClock: Sendable {
  /// Milliseconds since 1970-01-01T00:00:00Z. May jump, also back, when the machine's clock is set.
  func milliseconds() -> Int64
}

extension WallClock {
  /// The present second.
  package var now: Instant { Instant(clampingMilliseconds: milliseconds()) }
}
