import Glibc
import Synchronization

/// Something that has happened or not yet, for cases that lead threads and tasks past each other.
final class Signal: Sendable {
  private let isGiven = Atomic(false)

  /// Far beyond what any engine needs; it ends a case that would hang.
  private static let patience = 30_000

  func give() { isGiven.store(true, ordering: .releasing) }

  var hasCome: Bool { isGiven.load(ordering: .acquiring) }

  /// Waits on a thread that may block.
  func block() throws(ConformanceFailure) {
    for _ in 0..<Self.patience {
      if hasCome { return }
      usleep(1000)
    }
    throw ConformanceFailure("what a thread waited for never happened")
  }

  /// Waits in a task.
  func wait() async throws {
    for _ in 0..<Self.patience {
      if hasCome { return }
      try await Task.sleep(for: .milliseconds(1))
    }
    throw ConformanceFailure("what a task waited for never happened")
  }
}
