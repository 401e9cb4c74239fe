/// Judges, at shutdown, whether a connection is without a request. Times are in milliseconds.
struct ConnectionQuiet {
  /// How long nothing must have changed: by far more than from the reading of a request to its beginning.
  static let milliseconds: Int64 = 50

  private var seen: (progress: ConnectionProgress, received: UInt64)?
  private var since: Int64 = 0

  mutating func isQuiet(_ now: Int64, _ observation: ConnectionDeadline.Observation, unread: Bool) -> Bool {
    switch observation.progress.phase {
    case .body, .answering:
      seen = nil
      return false
    case .lingering: return true
    case .fresh, .idle: break
    }
    if let seen, seen == (observation.progress, observation.received), !unread {
      return now - since >= ConnectionQuiet.milliseconds
    }
    seen = (observation.progress, observation.received)
    since = now
    return false
  }
}
