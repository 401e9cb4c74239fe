/// When a writer whose disk took nothing tries again by itself, as a value. Whoever was told that writes fail is told
/// when they do not any more, though no client dares to try.
package struct ProbingRule: Equatable {
  package enum Step: Equatable {
    /// There is nothing to try.
    case none
    case probe
    case later(milliseconds: Int)
  }

  package static let pause = Duration.milliseconds(2000)

  /// When the next try is due; nil while none is.
  private var next: ContinuousClock.Instant?

  package init() {}

  /// What to do at `now`, where nothing else waits.
  package mutating func step(isNeeded: Bool, at now: ContinuousClock.Instant) -> Step {
    guard isNeeded else {
      next = nil
      return .none
    }
    let due = next ?? now + Self.pause
    guard due > now else {
      next = nil
      return .probe
    }
    next = due
    // Rounded up: a call that came too early would find it not due yet.
    return .later(milliseconds: Int((due - now).microseconds / 1000) + 1)
  }
}
