import Storage
import Synchronization

/// Which calls of a store run, so that closing it waits for them and lets no other in.
final class CallGate: Sendable {
  private struct State {
    var running = 0
    var isClosed = false
    /// Those who wait for the last call to end.
    var closing: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  /// - Throws: `StorageError.closed`, or what `body` throws.
  func pass<Result>(_ body: () throws -> Result) throws -> Result {
    try enter()
    defer { leave() }
    return try body()
  }

  func pass<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
    try enter()
    defer { leave() }
    return try await body()
  }

  /// Returns when nothing runs any more.
  func close() async {
    await withCheckedContinuation { answer in
      let isOver = state.withLock { state in
        state.isClosed = true
        if state.running > 0 { state.closing.append(answer) }
        return state.running == 0
      }
      if isOver { answer.resume() }
    }
  }

  private func enter() throws(StorageError) {
    let isClosed = state.withLock { state in
      if !state.isClosed { state.running += 1 }
      return state.isClosed
    }
    if isClosed { throw .closed }
  }

  private func leave() {
    let closing = state.withLock { state in
      assert(state.running > 0, "a call ends that did not begin")
      state.running -= 1
      guard state.isClosed, state.running == 0 else { return [CheckedContinuation<Void, Never>]() }
      defer { state.closing = [] }
      return state.closing
    }
    for answer in closing { answer.resume() }
  }
}
