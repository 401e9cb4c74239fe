/// Judges, once a second, whether a connection has taken too long (api.md section 2).
///
/// A head has a deadline from its first byte, a body a least rate over each window, so that neither one
/// byte every few seconds nor a fast start buys hours. Times are milliseconds of a monotonic clock.
struct ConnectionDeadline {
  /// What is known about a connection at one moment.
  struct Observation {
    var progress: ConnectionProgress
    /// Bytes that the kernel has received. Only needed between requests.
    var received: UInt64
    /// Bytes of the current body, as sent.
    var body: UInt64
  }

  /// How long a client may go on sending a body that has been answered.
  static let lingerMilliseconds: Int64 = 10_000

  private let opened: Int64
  private var seen: ConnectionProgress
  /// When the phase was first seen, and for a body when its window began.
  private var since: Int64
  /// Bytes received when the phase was first seen, and for a body at the window's begin.
  private var baseline: UInt64 = 0
  /// When the next head was seen to have begun.
  private var headSince: Int64?

  init(opened: Int64) {
    self.opened = opened
    since = opened
    seen = ConnectionProgress(phase: .fresh, requests: 0)
  }

  /// Whether the connection has to be closed.
  mutating func isOver(_ now: Int64, _ observation: Observation, limits: TransportLimits) -> Bool {
    // A connection may have opened after the round of looks read the clock.
    let now = max(now, opened)
    if observation.progress != seen {
      seen = observation.progress
      since = now
      headSince = nil
      baseline = seen.phase == .body ? observation.body : observation.received
    }
    assert(since <= now && headSince ?? now <= now, "the clock is monotonic")
    assert(seen.phase != .body || observation.body >= baseline, "the bytes of a body are counted up")
    switch seen.phase {
    case .fresh: return now - opened >= Int64(limits.headMilliseconds)
    case .idle:
      // Unknown is neither more nor less than before.
      guard observation.received != baseline, observation.received != .max else { return false }
      let first = headSince ?? now
      headSince = first
      return now - first >= Int64(limits.headMilliseconds)
    case .body:
      let elapsed = now - since
      guard elapsed >= Int64(limits.bodyWindowMilliseconds) else { return false }
      let arrived = Int64(clamping: observation.body &- baseline)
      since = now
      baseline = observation.body
      return arrived < elapsed * Int64(limits.bodyRate) / 1000
    case .answering: return false
    case .lingering: return now - since >= ConnectionDeadline.lingerMilliseconds
    }
  }
}
