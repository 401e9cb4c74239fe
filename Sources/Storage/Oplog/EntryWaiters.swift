import Synchronization

/// How a wait for the oplog to go on ended.
package enum EntryWait: Sendable, Equatable {
  /// There is an entry.
  case entry
  /// Who waits is to look whether they may still; then they may wait on.
  case look
  /// Nothing came: the time is over, the task was cancelled, or waits were ended.
  case over
}

/// Tasks that wait for the oplog to go on, and the writer's word to them. A waiting task holds no thread,
/// no reader and no snapshot.
package final class EntryWaiters: Sendable {
  private struct State {
    var last: Int64
    var waiting: [UInt64: (position: Int64, answer: CheckedContinuation<EntryWait, any Error>)] = [:]
    var given: UInt64 = 0
    /// How often everyone was woken to look.
    var wakes = 0
    var isEnded = false
  }

  private let state: Mutex<State>
  private let limit: Int

  /// `last` is the last sequence so far; `limit` bounds the tasks that wait.
  package init(last: Int64, limit: Int) {
    state = Mutex(State(last: last))
    self.limit = limit
  }

  /// The last sequence that is committed.
  package var last: Int64 { state.withLock { $0.last } }

  /// How many wait now.
  package var count: Int { state.withLock { $0.waiting.count } }

  /// Wakes those who wait for what was committed now. On the writer's thread, after the commit.
  package func note(last: Int64) {
    let woken = state.withLock { state -> [CheckedContinuation<EntryWait, any Error>] in
      guard last > state.last else { return [] }
      state.last = last
      if state.waiting.isEmpty { return [] }
      let keys = state.waiting.filter { $0.value.position <= last }.map(\.key)
      return keys.compactMap { state.waiting.removeValue(forKey: $0)?.answer }
    }
    for answer in woken { answer.resume(returning: .entry) }
  }

  /// Says that less is there than was noted: after a failover that has lost commits. Wakes everyone to look.
  package func goBack(to last: Int64) {
    state.withLock { $0.last = last }
    wake()
  }

  /// How often everyone was woken to look.
  package var wakes: Int { state.withLock { $0.wakes } }

  /// Wakes everyone to look whether they may still wait.
  package func wake() {
    let all = state.withLock { state in
      state.wakes += 1
      defer { state.waiting = [:] }
      return state.waiting.values.map(\.answer)
    }
    for answer in all { answer.resume(returning: .look) }
  }

  /// Waits until an entry from `position` on is committed, until the deadline or `end`, until the task is
  /// cancelled, or until everyone is woken another time than the first `wakes`: who looked before that and then
  /// comes here misses nothing.
  /// - Throws: `StorageError.busy` when as many wait as may.
  package func wait(
    from position: Int64, until deadline: ContinuousClock.Instant, since wakes: Int
  ) async throws -> EntryWait {
    // No entry has the sequence 0, which is the last one of an empty oplog.
    let position = max(position, 1)
    let key = state.withLock { state in
      state.given &+= 1
      return state.given
    }
    let timer = Task { [self] in
      try? await Task.sleep(until: deadline, clock: .continuous)
      wake(key)
    }
    defer { timer.cancel() }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { answer in
        let outcome = state.withLock { state -> Result<EntryWait, any Error>? in
          // Who was to be woken before being here finds the reason now.
          if state.isEnded { return .success(.over) }
          if state.last >= position { return .success(.entry) }
          if state.wakes != wakes { return .success(.look) }
          if Task.isCancelled || ContinuousClock.now >= deadline { return .success(.over) }
          if state.waiting.count >= limit { return .failure(StorageError.busy) }
          state.waiting[key] = (position, answer)
          return nil
        }
        if let outcome { answer.resume(with: outcome) }
      }
    } onCancel: {
      wake(key)
    }
  }

  private func wake(_ key: UInt64) {
    state.withLock { $0.waiting.removeValue(forKey: key) }?.answer.resume(returning: .over)
  }

  /// Sends everyone home, and whoever comes after.
  package func end() {
    let all = state.withLock { state in
      state.isEnded = true
      defer { state.waiting = [:] }
      return state.waiting.values.map(\.answer)
    }
    for answer in all { answer.resume(returning: .over) }
  }
}
