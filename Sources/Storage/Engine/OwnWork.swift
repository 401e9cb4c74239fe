/// What a store does by itself, step after step. What fails is told of once, and tried again until it works.
package struct OwnWork: Sendable {
  let report: @Sendable (String) -> Void
  /// Of a failure and of how often it is tried again.
  let words: @Sendable (_ failure: String, _ pause: String) -> String

  /// After a failure, such as of a full disk.
  private static let pause = Duration.seconds(30)
  /// While too many writes wait.
  private static let shortPause = Duration.milliseconds(200)

  package init(
    report: @escaping @Sendable (String) -> Void,
    words: @escaping @Sendable (_ failure: String, _ pause: String) -> String
  ) {
    self.report = report
    self.words = words
  }

  /// Returns when a step says that nothing is left to do, when the store is closed, or when the task is cancelled.
  package func run(_ step: () async throws -> Bool) async {
    var lastFailure: String?
    while !Task.isCancelled {
      do {
        if try await step() { return }
        lastFailure = nil
      } catch StorageError.closed {
        return
      } catch StorageError.busy {
        try? await Task.sleep(for: Self.shortPause)
      } catch is CancellationError {
        return
      } catch {
        let failure = "\(error)"
        if failure != lastFailure { report(words(failure, "\(Self.pause.components.seconds) seconds")) }
        lastFailure = failure
        try? await Task.sleep(for: Self.pause)
      }
    }
  }
}
