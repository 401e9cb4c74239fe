import Synchronization

/// How often the writer has committed, and which commit was the last to touch the objects of a model.
///
/// What always holds:
/// 1. The count rises before a commit is answered. A reader that finds it unchanged still sees everything that was
///    acknowledged, and may keep its snapshot.
/// 2. Between `announce` and `settle` nobody can say which state of those models a snapshot shows.
/// 3. A state version that is the same before and after a read holds for what was read.
///
/// ```
///   the writer                               a reader
///   announce([m])   m is under way
///                                            held = now (7)
///                                            stateVersion(m): nil, so nothing is remembered
///   COMMIT          the file shows it
///                                            BEGIN, first read: it may show the commit or not
///   settle([m])     now = 8, m was touched by 8
///                                            stateVersion(m): 8 > 7, nil: still nothing is remembered
///   answer
///                                            the next read finds now = 8, not 7: it begins a snapshot
///                                            stateVersion(m): 8, before and after
/// ```
final class CommitCount: Sendable {
  private struct Touched {
    /// By model number. `underWay` while a commit may be touching it.
    var models: [Int: Int] = [:]
    /// The last commit that may have touched anything.
    var all = 0

    var isUnderWay: Bool { all == CommitCount.underWay || models.values.contains(CommitCount.underWay) }
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
      assert(!touched.isUnderWay, "there is one writer, and it ends a commit before it begins another")
      guard let models else { return touched.all = Self.underWay }
      for model in models { touched.models[model] = Self.underWay }
    }
  }

  /// After that commit, whether it succeeded or not.
  func settle(_ models: Set<Int>?) {
    let now = count.add(1, ordering: .acquiringAndReleasing).newValue
    touched.withLock { touched in
      assert(
        models.map { $0.allSatisfy { touched.models[$0] == Self.underWay } } ?? (touched.all == Self.underWay),
        "what is settled was announced")
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
