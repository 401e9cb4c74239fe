/// Where a loop stands that borrows a thread whenever there is something to do, as a value.
///
/// | state | `call` | `begin` | `end` | `close` |
/// |---|---|---|---|---|
/// | idle | → queued | | | → queued, for a last turn |
/// | queued | stays | → running | | stays, closing |
/// | running | stays, called | | → queued where there is more to do, else idle; closed where it is closing | stays, closing |
/// | closed | stays | | | |
///
/// Whoever brings work calls afterwards, and a turn that was called while it ran is followed by another: so nothing
/// that was brought is left lying.
struct LoopState: Equatable {
  enum Phase: Equatable { case idle, queued, running, closed }

  /// What is to be done for a change of state.
  enum Action: Equatable {
    case none
    /// The loop waits for a thread now.
    case queue
    /// It was closed, and has nothing left to do.
    case finish
  }

  private(set) var phase = Phase.idle
  private(set) var isClosing = false
  /// Called during the turn that goes on.
  private var isCalled = false

  /// There may be something to do.
  mutating func call() -> Action {
    switch phase {
    case .idle:
      phase = .queued
      return .queue
    case .running:
      isCalled = true
      return .none
    case .queued, .closed: return .none
    }
  }

  /// A thread begins a turn.
  mutating func begin() {
    assert(phase == .queued, "a turn begins of a loop that did not wait for a thread: \(phase)")
    phase = .running
    isCalled = false
  }

  /// The turn is over.
  mutating func end(hasMore: Bool) -> Action {
    assert(phase == .running, "a turn ends that did not begin: \(phase)")
    if hasMore || isCalled {
      phase = .queued
      return .queue
    }
    phase = isClosing ? .closed : .idle
    return isClosing ? .finish : .none
  }

  /// It ends when nothing is left to do. A second time changes nothing.
  mutating func close() -> Action {
    if isClosing { return .none }
    isClosing = true
    guard phase == .idle else { return .none }
    phase = .queued
    return .queue
  }
}
