import Synchronization

/// How often the writer has committed. It rises before a commit is answered, so that a reader who finds
/// it unchanged still has everything that was acknowledged.
final class CommitCount: Sendable {
  private let count = Atomic<Int>(0)

  var now: Int { count.load(ordering: .acquiring) }

  func rise() { count.add(1, ordering: .releasing) }

  private let version = Atomic<Int>(0)

  /// The version of the data model in force, or of one whose deploy is about to be committed: a reader that
  /// finds it unchanged after its read has met no later data model.
  var deployed: Int { version.load(ordering: .acquiring) }

  /// To be called before a deploy commits, and again when it did not.
  func note(deployed: Int) { version.store(deployed, ordering: .releasing) }
}
