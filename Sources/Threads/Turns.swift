import Synchronization

/// Lets tasks do something one after the other, or some at a time, in the order in which they come.
package final class Turns: Sendable {
  private struct State {
    var taken = 0
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())
  private let most: Int

  /// - Parameter most: how many may have theirs at a time.
  package init(most: Int = 1) { self.most = most }

  /// Runs `body` when it is its turn.
  package func take<Result>(_ body: () async throws -> Result) async rethrows -> Result {
    await begin()
    defer { end() }
    return try await body()
  }

  private func begin() async {
    await withCheckedContinuation { turn in
      let isFree = state.withLock { state in
        if state.taken == most {
          state.waiting.append(turn)
          return false
        }
        state.taken += 1
        return true
      }
      if isFree { turn.resume() }
    }
  }

  private func end() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      assert(state.taken > 0, "a turn ended that nobody had")
      if state.waiting.isEmpty {
        state.taken -= 1
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}
