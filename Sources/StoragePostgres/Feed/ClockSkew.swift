import Storage
import Wire

/// How far this node's clock is from the database's: told once when it is too far, and once when it is near again.
/// Sequences and times of writes never go back, whatever clocks say; a node that is ahead pulls them all along.
struct ClockSkew {
  /// Milliseconds.
  static let tolerated: Int64 = 5000
  static let lookPause = Duration.seconds(60)

  private(set) var isTooFar = false

  /// What is to be told, in a sentence; nil for nothing.
  /// - Parameter ahead: milliseconds by which the node's clock is before the database's.
  mutating func note(ahead: Int64) -> String? {
    let isFar = ahead.magnitude > Self.tolerated.magnitude
    defer { isTooFar = isFar }
    if isFar == isTooFar { return nil }
    guard isFar else { return "The clocks of this node and of the database agree again." }
    let seconds = Int64(ahead.magnitude) / 1000
    return "The clock of this node is \(seconds) seconds \(ahead > 0 ? "ahead of" : "behind") the database's. Let both "
      + "follow one time server."
  }

  /// Milliseconds by which `clock` is before the database's: half of the round trip is the way there.
  static func measure(_ clock: any WallClock, on connection: PostgresConnection) throws -> Int64 {
    let before = clock.milliseconds()
    let rows = try connection.rows("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
    let there = try rows[0].integer(0)
    return before + (clock.milliseconds() - before) / 2 - there
  }
}
