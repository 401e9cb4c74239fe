import Synchronization

/// Lets tasks do something one after the other, in the order in which they come.
final class Turns: Sendable {
  private struct State {
    var isTaken = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  /// Runs `body` when everyone who came before has ended.
  func take<Result>(_ body: () async throws -> Result) async rethrows -> Result {
    await begin()
    defer { end() }
    return try await body()
  }

  private func begin() async {
    await withCheckedContinuation { turn in
      let isFree = state.withLock { state in
        if state.isTaken {
          state.waiting.append(turn)
          return false
        }
        state.isTaken = true
        return true
      }
      if isFree { turn.resume() }
    }
  }

  private func end() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      assert(state.isTaken, "a turn ended that nobody had")
      if state.waiting.isEmpty {
        state.isTaken = false
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}
