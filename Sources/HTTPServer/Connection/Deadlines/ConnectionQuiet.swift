/// Judges, at shutdown, whether a connection is without a request that can still be answered. Times are in
/// milliseconds.
struct ConnectionQuiet {
  /// What lies in a connection's socket, not yet read by libmicrohttpd.
  enum Incoming { case nothing, bytes, end }

  /// How long nothing must have changed: by far more than from the reading of a request to its beginning.
  static let milliseconds: Int64 = 50
  /// How long no more of a body must have come from a client that has ended its sending side. libmicrohttpd
  /// does not always hear of that end (0.9.75: not when it comes with the bytes before it), and would wait
  /// for the body until its deadline.
  static let brokenMilliseconds: Int64 = 500

  private struct Sight: Equatable {
    let progress: ConnectionProgress
    let received: UInt64
    let body: UInt64
  }

  private var seen: Sight?
  private var since: Int64 = 0

  mutating func isQuiet(_ now: Int64, _ observation: ConnectionDeadline.Observation, _ incoming: Incoming) -> Bool {
    let needed: Int64
    switch (observation.progress.phase, incoming) {
    case (.lingering, _): return true
    case (.fresh, .nothing), (.fresh, .end), (.idle, .nothing), (.idle, .end): needed = Self.milliseconds
    case (.body, .end): needed = Self.brokenMilliseconds
    case (.fresh, .bytes), (.idle, .bytes), (.body, _), (.answering, _):
      seen = nil
      return false
    }
    let sight = Sight(progress: observation.progress, received: observation.received, body: observation.body)
    if sight == seen { return now - since >= needed }
    seen = sight
    since = now
    return false
  }
}
