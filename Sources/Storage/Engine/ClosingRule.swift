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
/// Waits for the oplog to go on hold nothing open, and neither do deliveries that are to be tried later: what a wait is
/// woken by, and a try when it is due, are calls.
package struct ClosingRule: Sendable, Equatable {
  package enum Decision: Sendable, Equatable {
    case close
    /// It is not to be closed before this time, in milliseconds.
    case lookAgain(at: Int64)
  }

  /// Milliseconds for which it must not have been used.
  package let period: Int64
  private var calls: Int?
  /// The first look that found it unused since the one before.
  private var unusedSince: Int64 = 0

  package init(period: Int64 = 300_000) { self.period = period }

  /// Decides at `now`, in milliseconds.
  package mutating func look(at now: Int64, _ use: StoreUse) -> Decision {
    // A clock that was set back must keep nothing open for longer than the period.
    if use.isBusy || use.calls != calls || !use.isOpen || now < unusedSince { unusedSince = now }
    calls = use.calls
    guard use.isOpen, !use.isBusy, now - unusedSince >= period else { return .lookAgain(at: unusedSince + period) }
    return .close
  }
}
