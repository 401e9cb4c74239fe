import Synchronization

/// Work that comes up again and again, must never run twice at a time, and may block: the writing of a deployment,
/// its reads of single objects, the filling of its search index. It is done in *turns*, each on a thread that it
/// borrows; between them it costs no thread.
package final class ThreadLoop: Sendable {
  /// How a turn ended.
  package enum Next: Sendable, Equatable {
    /// There is more to do, behind others that wait for a thread.
    case again
    /// There is nothing to do until somebody calls, or this time is over.
    case later(milliseconds: Int)
    /// There is nothing to do until somebody calls.
    case whenCalled
  }

  private let threads: LoopThreads
  private let turn: @Sendable () -> Next
  private let finish: @Sendable () -> Void
  private let state = Mutex(State())

  private struct State {
    var loop = LoopState()
    /// Those who wait for its end.
    var waiting: [CheckedContinuation<Void, Never>] = []
    /// It has done its last turn, and `finish` goes on.
    var isFinishing = false
    /// Of the last turn that asked to be called later.
    var timer: Task<Void, Never>?
  }

  /// - Parameter finish: is done once, on a borrowed thread, after the last turn.
  package init(
    on threads: LoopThreads, turn: @escaping @Sendable () -> Next, finish: @escaping @Sendable () -> Void = {}
  ) {
    self.threads = threads
    self.turn = turn
    self.finish = finish
  }

  /// There is something to do: a turn begins after this. Cheap; it never waits.
  package func call() {
    if state.withLock({ $0.loop.call() }) == .queue { threads.queue(self) }
  }

  /// Whether it is to end: a turn with much to do may stop early.
  package var isClosing: Bool { state.withLock { $0.loop.isClosing } }

  /// Lets it end when nothing is left to do, and waits for that.
  package func close() async {
    await withCheckedContinuation { continuation in
      let (isOver, action) = state.withLock { state in
        let action = state.loop.close()
        if state.loop.phase == .closed, !state.isFinishing { return (true, action) }
        state.waiting.append(continuation)
        return (false, action)
      }
      if action == .queue { threads.queue(self) }
      if isOver { continuation.resume() }
    }
  }

  /// On a borrowed thread.
  func run() {
    let timer = state.withLock { state in
      state.loop.begin()
      return state.timer.take()
    }
    timer?.cancel()
    let next = turn()
    if case .later(let milliseconds) = next { call(inMilliseconds: milliseconds) }
    let action = state.withLock { state in
      let action = state.loop.end(hasMore: next == .again)
      if action == .finish { state.isFinishing = true }
      return action
    }
    switch action {
    case .none: return
    case .queue: threads.queue(self)
    case .finish: end()
    }
  }

  private func call(inMilliseconds milliseconds: Int) {
    let timer = Task { [weak self] in
      do { try await Task.sleep(for: .milliseconds(milliseconds)) } catch { return }
      self?.call()
    }
    state.withLock { $0.timer = timer }
  }

  private func end() {
    finish()
    let (waiting, timer) = state.withLock { state in
      state.isFinishing = false
      defer { state.waiting = [] }
      return (state.waiting, state.timer.take())
    }
    timer?.cancel()
    for one in waiting { one.resume() }
  }
}
