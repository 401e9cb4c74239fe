import Synchronization

/// The connections of one role: how many may be lent, those that rest, and who waits, in order.
///
/// `@unchecked Sendable` is safe: a connection either rests in the state, under the lock, or is with one borrower.
final class ConnectionStock: @unchecked Sendable {
  private struct State {
    var idle: [PostgresConnection] = []
    var lent = 0
    var waiting: [LoanWaiter] = []
    var isClosed = false
    var figures = PostgresFigures.Part()
  }

  /// How a request for a right to borrow ended.
  enum Entry { case granted, refused, closed }

  let limit: Int
  private let state = Mutex(Unchecked(State()))

  /// More than threads of the store could be there.
  private static let mostWaiting = 1024

  /// Carries connections through the lock; see the stock's own note.
  private struct Unchecked: @unchecked Sendable {
    var value: State
    init(_ value: State) { self.value = value }
  }

  init(limit: Int) { self.limit = limit }

  /// Takes the right to borrow one, waiting for it up to `patience`; zero is not at all.
  func enter(_ patience: Duration) -> Entry {
    let first = state.withLock { begin(&$0.value, mayWait: patience > .zero) }
    guard case .wait(let waiter) = first else { return first.entry }
    if let right = waiter.wait(patience) { return right ? .granted : .closed }
    return state.withLock { state in
      // It may have come in the last moment: then it is taken.
      guard let index = state.value.waiting.firstIndex(where: { $0 === waiter }) else {
        return waiter.wait(.zero) == true ? .granted : .closed
      }
      state.value.waiting.remove(at: index)
      state.value.figures.refusals += 1
      return .refused
    }
  }

  private enum Beginning {
    case over(Entry)
    case wait(LoanWaiter)

    var entry: Entry { if case .over(let entry) = self { entry } else { .refused } }
  }

  private func begin(_ state: inout State, mayWait: Bool) -> Beginning {
    if state.isClosed { return .over(.closed) }
    if state.lent < limit {
      state.lent += 1
      state.figures.loans += 1
      return .over(.granted)
    }
    guard mayWait, state.waiting.count < Self.mostWaiting else {
      if mayWait { state.figures.refusals += 1 }
      return .over(.refused)
    }
    let waiter = LoanWaiter()
    state.waiting.append(waiter)
    state.figures.waits += 1
    return .wait(waiter)
  }

  /// One that rests, the last that worked; only for who has the right.
  func takeIdle() -> PostgresConnection? {
    state.withLock { state in state.value.idle.popLast().map(Lent.init) }?.connection
  }

  /// Gives the right back, and the connection where it is to be kept.
  func leave(_ connection: PostgresConnection?) {
    let lent = connection.map(Lent.init)
    state.withLock { state in
      assert(state.value.lent > 0, "a connection came back that was not lent")
      if let lent, !state.value.isClosed { state.value.idle.append(lent.connection) }
      guard state.value.waiting.isEmpty else {
        // The right goes on to who waits longest.
        state.value.figures.loans += 1
        state.value.waiting.removeFirst().wake(with: true)
        return
      }
      state.value.lent -= 1
    }
  }

  func note(_ change: (inout PostgresFigures.Part) -> Void) { state.withLock { change(&$0.value.figures) } }

  var figures: PostgresFigures.Part {
    state.withLock { state in
      var figures = state.value.figures
      figures.inUse = state.value.lent
      figures.idle = state.value.idle.count
      figures.waiting = state.value.waiting.count
      return figures
    }
  }

  /// Closes those that rest, and sends away who waits. Those that are lent are closed when they come back.
  func close() {
    let idle = state.withLock { state in
      state.value.isClosed = true
      for waiter in state.value.waiting { waiter.wake(with: false) }
      state.value.waiting = []
      defer { state.value.idle = [] }
      return state.value.idle.map(Lent.init)
    }
    withExtendedLifetime(idle) {}
  }

  /// A connection on its way between the stock and its one borrower.
  private struct Lent: @unchecked Sendable {
    let connection: PostgresConnection
  }
}
