import Synchronization

/// How often the writer has committed, and which commit was the last to touch the objects of a model.
///
/// The count rises before a commit is answered, so that a reader who finds it unchanged still has everything
/// that was acknowledged. A commit says beforehand what it touches, and afterwards that it has: in between,
/// nobody can say which state of it a snapshot shows.
final class CommitCount: Sendable {
  private struct Touched {
    /// By model number. `underWay` while a commit may be touching it.
    var models: [Int: Int] = [:]
    /// The last commit that may have touched anything.
    var all = 0
  }

  private static let underWay = Int.max

  private let count = Atomic<Int>(0)
  private let touched = Mutex(Touched())
  private let version = Atomic<Int>(0)

  var now: Int { count.load(ordering: .acquiring) }

  func rise() { count.add(1, ordering: .releasing) }

  /// Before a commit that touches the objects of these models; nil: perhaps of all.
  func announce(_ models: Set<Int>?) {
    touched.withLock { touched in
      guard let models else { return touched.all = Self.underWay }
      for model in models { touched.models[model] = Self.underWay }
    }
  }

  /// After that commit, whether it succeeded or not.
  func settle(_ models: Set<Int>?) {
    let now = count.add(1, ordering: .acquiringAndReleasing).newValue
    touched.withLock { touched in
      guard let models else { return touched.all = now }
      for model in models { touched.models[model] = now }
    }
  }

  /// The commit that last touched the model's objects, if a snapshot shows just their state after it: one
  /// that is still open, has been read from or is read from later, and began when the count was `held`.
  /// Asked again after reading, the same answer says that what was read is of that state.
  func stateVersion(of model: Int, heldSince held: Int) -> Int? {
    let last = touched.withLock { max($0.all, $0.models[model] ?? 0) }
    return last <= held ? last : nil
  }

  /// The version of the data model in force, or of one whose deploy is about to be committed: a reader that
  /// finds it unchanged after its read has met no later data model.
  var deployed: Int { version.load(ordering: .acquiring) }

  /// To be called before a deploy commits, and again when it did not.
  func note(deployed: Int) { version.store(deployed, ordering: .releasing) }
}
