import Metrics
import Synchronization
import Storage

/// The connections of one role: how many may be lent, those that rest, and who waits, in order.
///
/// Where the database has no connection left, there may be fewer than the limit for a while (`StockLimit`): then who
/// borrows waits for one that is there, and those that are too many are closed as they come back.
///
/// `@unchecked Sendable` is safe: a connection either rests in the state, under the lock, or is with one borrower.
final class ConnectionStock: @unchecked Sendable {
  fileprivate struct State {
    var idle: [PostgresConnection] = []
    /// Rights to borrow that were given, with or without a connection yet.
    var lent = 0
    /// Connections that are open or being opened, lent or resting.
    var open = 0
    var limit: StockLimit
    var waiting: [LoanWaiter] = []
    var isClosed = false
    var figures = PostgresFigures.Part()
  }

  /// How a request for a right to borrow ended.
  enum Entry { case granted, refused, closed }

  private let waitDuration = Histogram(.time)
  private let state: Mutex<Unchecked>

  /// More than threads of the store could be there.
  private static let mostWaiting = 1024

  /// Carries connections through the lock; see the stock's own note.
  private struct Unchecked: @unchecked Sendable {
    var value: State
    init(_ value: State) { self.value = value }
  }

  init(limit: Int) { state = Mutex(Unchecked(State(limit: StockLimit(most: limit)))) }

  /// Takes the right to borrow one, waiting for it up to `patience`; zero is not at all.
  func enter(_ patience: Duration) -> Entry {
    let first = state.withLock { begin(&$0.value, mayWait: patience > .zero) }
    guard case .wait(let waiter) = first else { return first.entry }
    let began = ContinuousClock.now
    defer { waitDuration.record(UInt64(clamping: (ContinuousClock.now - began).microseconds)) }
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
    if state.lent < state.limit.count(at: .now) {
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

  /// Who has a right begins to open one.
  func noteOpening() { state.withLock { $0.value.open += 1 } }

  /// One was closed that was taken from here, or could not be opened.
  func noteClosed() { state.withLock { $0.value.closed() } }

  /// Gives the right back, and the connection where it is to be kept.
  func leave(_ connection: PostgresConnection?) {
    let lent = connection.map(Lent.init)
    let surplus = state.withLock { state -> Lent? in
      assert(state.value.lent > 0, "a connection came back that was not lent")
      state.value.lent -= 1
      let now = ContinuousClock.now
      var surplus: Lent?
      if let lent {
        if state.value.isClosed || state.value.open > state.value.limit.count(at: now) {
          state.value.closed()
          surplus = lent
        } else {
          lent.connection.restsSince = now
          state.value.idle.append(lent.connection)
        }
      }
      state.value.grant(now)
      return surplus
    }
    surplus?.connection.close()
  }

  // MARK: Too few.

  /// The database has no connection left: for a while there are no more than are open now, less so many.
  func narrow(by fewer: Int) {
    state.withLock { state in
      state.value.limit.narrow(to: state.value.open - fewer, .now)
    }
  }

  /// Closes one that rests, or some that have rested for longer than this; how many.
  func closeResting(most: Int = .max, longerThan rest: Duration = .zero) -> Int {
    let resting = state.withLock { state -> [Lent] in
      // Those that worked last lie at the end.
      let start = ContinuousClock.now - rest
      let count = min(state.value.idle.prefix { $0.restsSince <= start }.count, most)
      let taken = state.value.idle.prefix(count).map(Lent.init)
      state.value.idle.removeFirst(count)
      for _ in taken { state.value.closed() }
      return taken
    }
    for lent in resting { lent.connection.close() }
    return resting.count
  }

  func note(_ change: (inout PostgresFigures.Part) -> Void) { state.withLock { change(&$0.value.figures) } }

  var figures: PostgresFigures.Part {
    let waitDuration = waitDuration.figures
    return state.withLock { state in
      var figures = state.value.figures
      figures.waitDuration = waitDuration
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
      state.value.open -= state.value.idle.count
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

extension ConnectionStock.State {
  fileprivate mutating func closed() {
    open -= 1
    assert(open >= 0, "a connection was closed that was not open")
  }

  /// Rights go to who waits longest.
  fileprivate mutating func grant(_ now: ContinuousClock.Instant) {
    while lent < limit.count(at: now), !waiting.isEmpty {
      lent += 1
      figures.loans += 1
      waiting.removeFirst().wake(with: true)
    }
  }
}

/// How many connections of a role there may be, as a value: fewer for a minute after the database had none left.
struct StockLimit {
  private static let pause = Duration.seconds(60)

  private let most: Int
  private var narrowed: (count: Int, end: ContinuousClock.Instant)?

  init(most: Int) { self.most = most }

  func count(at now: ContinuousClock.Instant) -> Int {
    guard let narrowed, now < narrowed.end else { return most }
    return narrowed.count
  }

  /// To one at least, without which nothing would ever come back.
  mutating func narrow(to count: Int, _ now: ContinuousClock.Instant) {
    narrowed = (max(1, min(count, self.count(at: now))), now + Self.pause)
  }
}
