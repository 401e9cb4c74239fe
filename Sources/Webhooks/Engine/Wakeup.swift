import Synchronization

/// Wakes one task that waits, or lets it go on at once when it was raised before.
final class Wakeup: Sendable {
  private struct State {
    var isRaised = false
    var number: UInt64 = 0
    var waiting: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  func raise() {
    let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if state.waiting == nil { state.isRaised = true }
      return state.waiting.take()
    }
    waiting?.resume()
  }

  /// Waits until it is raised, but no longer than so many milliseconds.
  func wait(milliseconds: Int64) async {
    guard milliseconds > 0 else {
      state.withLock { $0.isRaised = false }
      return await Task.yield()
    }
    let number = state.withLock { state in
      state.number += 1
      return state.number
    }
    let timer = Task {
      do { try await Task.sleep(for: .milliseconds(milliseconds)) } catch { return }
      raise(ofWait: number)
    }
    await withCheckedContinuation { continuation in
      let isRaised = state.withLock { state in
        if !state.isRaised { state.waiting = continuation }
        defer { state.isRaised = false }
        return state.isRaised
      }
      if isRaised { continuation.resume() }
    }
    timer.cancel()
  }

  /// Ends this wait, should it still be the one that waits.
  private func raise(ofWait number: UInt64) {
    state.withLock { $0.number == number ? $0.waiting.take() : nil }?.resume()
  }
}
