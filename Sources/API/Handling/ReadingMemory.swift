import Synchronization

/// The memory that reading bodies may take in all. A legal body of 50 MB costs several times its size while
/// it is read: those that do not fit beside the others wait their turn, and after a while are told to come
/// back.
///
/// Waiting is in order of arrival, except that a small body never waits behind a large one that does not
/// fit yet. The bodies themselves are bounded before, by the server's budget for bodies.
final class ReadingMemory: Sendable {
  /// Bytes that reading a body takes at its worst, beside the body: its tokens (4 a byte), its values and
  /// keys (16 each, at most `JSONLimits.nodes` of them, and half as much again while their room grows), and
  /// its strings without escapes (1 a byte).
  static func cost(ofBody bytes: Int) -> Int {
    let bytes = min(max(bytes, 0), 1 << 40)
    return bytes * 5 + min(bytes * 12, 192_000_000)
  }

  /// Bodies up to this size do not wait behind others.
  private static let smallBody = 1 << 20

  private struct Waiter {
    let number: UInt64
    let cost: Int
    let turn: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var free: Int
    var waiting: [Waiter] = []
    var lastNumber: UInt64 = 0
  }

  private let state: Mutex<State>
  private let limit: Int
  private let patience: Duration

  /// `limit` is in bytes; a body that costs more than all of it is read alone. `patience` is how long one
  /// waits for its turn.
  init(limit: Int, patience: Duration = .seconds(10)) {
    self.limit = limit
    self.patience = patience
    state = Mutex(State(free: limit))
  }

  /// Runs `body` when there is room for what reading so many bytes takes, and keeps it until the end.
  /// - Throws: `APIError` (503) when the turn does not come in time; and what `body` throws.
  func reading<Result>(_ bytes: Int, _ body: () async throws -> Result) async throws -> Result {
    guard bytes > 0 else { return try await body() }
    let cost = min(Self.cost(ofBody: bytes), limit)
    if !takeAtOnce(cost, isSmall: bytes <= Self.smallBody) {
      guard await waitsForTurn(cost) else {
        throw APIError(
          .unavailable, "Too many large bodies are being read at the moment. Try again in a few seconds.", retryAfter: 5
        )
      }
    }
    defer { giveBack(cost) }
    return try await body()
  }

  /// How many wait.
  var waitingCount: Int { state.withLock { $0.waiting.count } }

  private func takeAtOnce(_ cost: Int, isSmall: Bool) -> Bool {
    state.withLock { state in
      guard isSmall || state.waiting.isEmpty, state.free >= cost else { return false }
      state.free -= cost
      return true
    }
  }

  /// True when the room was taken, false when the time was over before.
  private func waitsForTurn(_ cost: Int) async -> Bool {
    let number = state.withLock { state in
      state.lastNumber += 1
      return state.lastNumber
    }
    var timer: Task<Void, Never>?
    defer { timer?.cancel() }
    return await withCheckedContinuation { turn in
      state.withLock { $0.waiting.append(Waiter(number: number, cost: cost, turn: turn)) }
      timer = Task { [self] in
        do { try await Task.sleep(for: patience) } catch { return }
        leave(number)
      }
      admit()
    }
  }

  private func leave(_ number: UInt64) {
    let waiter = state.withLock { state -> Waiter? in
      guard let index = state.waiting.firstIndex(where: { $0.number == number }) else { return nil }
      return state.waiting.remove(at: index)
    }
    waiter?.turn.resume(returning: false)
    // Whoever waited behind it may fit.
    admit()
  }

  private func giveBack(_ cost: Int) {
    state.withLock { $0.free += cost }
    admit()
  }

  /// Lets in from the front whoever fits.
  private func admit() {
    let admitted = state.withLock { state -> [Waiter] in
      var admitted: [Waiter] = []
      while let first = state.waiting.first, state.free >= first.cost {
        state.free -= first.cost
        admitted.append(state.waiting.removeFirst())
      }
      return admitted
    }
    for waiter in admitted { waiter.turn.resume(returning: true) }
  }
}
