import Synchronization

/// How often the writer has committed. It rises before a commit is answered, so that a reader who finds
/// it unchanged still has everything that was acknowledged.
final class CommitCount: Sendable {
  private let count = Atomic<Int>(0)

  var now: Int { count.load(ordering: .acquiring) }

  func rise() { count.add(1, ordering: .releasing) }
}
