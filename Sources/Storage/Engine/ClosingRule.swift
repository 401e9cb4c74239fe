/// How a store is used, as far as it decides whether what it holds open may be closed.
package struct StoreUse: Sendable, Equatable {
  /// Another number whenever it was called.
  package var calls: Int
  /// Calls that run now, or work of its own, such as an index that is being built.
  package var isBusy: Bool
  /// Whether it holds anything that `ObjectStore.release` gives back.
  package var isOpen: Bool

  package init(calls: Int, isBusy: Bool, isOpen: Bool) {
    self.calls = calls
    self.isBusy = isBusy
    self.isOpen = isOpen
  }
}

/// When a deployment that nobody uses is closed, as a value: once no look at it has found it used for the period.
///
/// | state | used or busy | unused for less than the period | unused for the period | holds nothing open |
/// |---|---|---|---|---|
/// | open | stays, counting anew | stays | → closing, `close` | → closed |
/// | closing | → open, counting anew | | stays, `close` once more | → closed |
/// | closed | → open, counting | → open, counting | → open, counting | stays |
///
/// Waits for the oplog to go on hold nothing open, and neither do deliveries that are to be tried later: what a wait is
/// woken by, and a try when it is due, are calls.
package struct ClosingRule: Sendable, Equatable {
  package enum State: Sendable, Equatable {
    /// With the first look that found it unused since the one before, in milliseconds.
    case open(unusedSince: Int64)
    /// It was to be closed, and no look has found yet that it is.
    case closing(unusedSince: Int64)
    case closed
  }

  package enum Decision: Sendable, Equatable { case keep, close }

  /// Milliseconds for which it must not have been used.
  package let period: Int64
  package private(set) var state = State.closed
  /// Of the last look.
  private var calls: Int?

  package init(period: Int64 = 300_000) { self.period = period }

  /// Decides at `now`, in milliseconds.
  package mutating func look(at now: Int64, _ use: StoreUse) -> Decision {
    let isUsed = use.isBusy || use.calls != calls
    calls = use.calls
    guard use.isOpen || use.isBusy else {
      state = .closed
      return .keep
    }
    // A clock that was set back must keep nothing open for longer than the period.
    guard !isUsed, let since = unusedSince, since <= now else {
      state = .open(unusedSince: now)
      return .keep
    }
    if now - since < period { return .keep }
    state = .closing(unusedSince: since)
    return .close
  }

  private var unusedSince: Int64? {
    switch state {
    case .open(let since), .closing(let since): since
    case .closed: nil
    }
  }
}
