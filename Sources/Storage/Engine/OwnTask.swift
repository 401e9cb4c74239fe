import Synchronization

/// What a store does by itself beside its calls, one run at a time (`OwnWork`): who starts it again ends the run before.
package final class OwnTask: Sendable {
  private let running = Mutex<Task<Void, Never>?>(nil)
  private let runs = Atomic(0)

  package init() {}

  /// Whether a run has not ended yet.
  package var isRunning: Bool { runs.load(ordering: .relaxed) > 0 }

  /// Begins a run, once the one before has ended, which is cancelled.
  package func start(_ body: @escaping @Sendable () async -> Void) {
    runs.add(1, ordering: .relaxed)
    running.withLock { running in
      let before = running
      before?.cancel()
      running = Task { [self] in
        await before?.value
        await body()
        runs.subtract(1, ordering: .relaxed)
      }
    }
  }

  /// Ends the run after the step that it is at, and does not wait for that.
  package func cancel() { running.withLock { $0?.cancel() } }

  /// The same, and returns when it has ended.
  package func stop() async {
    cancel()
    await running.withLock { $0 }?.value
  }
}
