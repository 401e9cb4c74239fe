import Crypto
import Synchronization

/// Which blobs are on their way into an attachment, and which are being removed: never both. So no sweep
/// takes bytes away between their arrival and the commit that needs them.
package final class BlobHolds: Sendable {
  private struct State {
    /// How many writes bring it.
    var held: [ContentHash: Int] = [:]
    var removing: Set<ContentHash> = []
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  package init() {}

  /// Keeps these bytes from being removed until `release`. Waits while they are just being removed.
  package func hold(_ hash: ContentHash) async {
    while true {
      let isHeld = state.withLock { state in
        if state.removing.contains(hash) { return false }
        state.held[hash, default: 0] += 1
        return true
      }
      if isHeld { return }
      await withCheckedContinuation { turn in
        let isFree = state.withLock { state in
          guard state.removing.contains(hash) else { return true }
          state.waiting.append(turn)
          return false
        }
        if isFree { turn.resume() }
      }
    }
  }

  package func release(_ hash: ContentHash) {
    state.withLock { state in
      guard let count = state.held[hash] else { return }
      state.held[hash] = count > 1 ? count - 1 : nil
    }
  }

  /// Runs `body` with those of the blobs that nothing holds; nothing takes hold of them meanwhile.
  package func removing<Result>(
    _ hashes: [ContentHash], _ body: ([ContentHash]) async throws -> Result
  ) async rethrows -> Result {
    let free = state.withLock { state in
      let free = hashes.filter { state.held[$0] == nil && !state.removing.contains($0) }
      state.removing.formUnion(free)
      return free
    }
    defer {
      let waiting = state.withLock { state in
        state.removing.subtract(free)
        defer { state.waiting = [] }
        return state.waiting
      }
      for turn in waiting { turn.resume() }
    }
    return try await body(free)
  }
}
