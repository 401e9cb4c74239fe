import Threads
import Synchronization

/// What a deployment's readers and its `SearchFiller` share about the search index.
///
/// The index is a file beside the deployment's, `ID.search`: trigrams (FTS5) of what each object prints,
/// folded. It only ever names *candidates*; the objects themselves decide. It may be deleted at any time.
///
/// **What it says.** Its `last` is an oplog sequence, its `horizon` the highest next sequence of any snapshot
/// that its texts were read from; both change in the transaction that changes the texts. For every object
/// whose last write, seen from a snapshot at or above the horizon, is not above `last`, the index has the
/// text that this snapshot has.
///
/// Proof: the filler takes the object's last entry `w ≤ last` into deployment by reading the object from a
/// snapshot S that holds `w` (or a walk over the table, begun after `last` had passed `w`, did). S lies at
/// or below the horizon, so at or below the search's snapshot T. Nothing was written to the object between
/// `w` and T, so S and T hold the same.
///
/// **What a search does with it** (`SQLiteSnapshot+Search.swift`): it begins reading the index first and its own
/// snapshot T then, and uses the index only where
/// 1. T is at or above the horizon,
/// 2. T still holds the oplog entry `last`: then it holds all that came after it, whatever was trimmed; and
///    the file is not one of before a restore, since sequences are never given twice;
/// 3. the index knows all columns that the search looks into, read in the same way (`SearchColumns`).
/// To the index's candidates it adds every object that an oplog entry above `last` names, and asks the
/// objects. In all other cases it scans. So neither what the filler has not done yet, nor a crash, nor a
/// deploy can make an answer wrong.
final class SearchIndex: Sendable {
  let path: String
  let options: SearchOptions
  private let current = Atomic<Int>(0)
  private let suspicion = Atomic<Bool>(false)
  private let followed = Atomic<Int64>(-1)
  private let indexed = Atomic<Int>(0)
  private let scanned = Atomic<Int>(0)
  /// Rings when a search wants the index.
  let calls = WaitingQueue<Bool>(limit: 1)

  init(path: String, options: SearchOptions) {
    self.path = path
    self.options = options
  }

  /// The number of the file that may be read; nil while there is none that was checked. A file that takes
  /// another's place has another number.
  var generation: Int? {
    let number = current.load(ordering: .acquiring)
    return number == 0 ? nil : number
  }

  /// The index is wanted, and followed for a while.
  func call() { try? calls.push(true) }

  /// A reader found the file to contradict itself.
  func suspect() {
    current.store(0, ordering: .releasing)
    suspicion.store(true, ordering: .releasing)
    call()
  }

  // MARK: For the filler.

  func publish(_ generation: Int) { current.store(generation, ordering: .releasing) }
  func withdraw() { current.store(0, ordering: .releasing) }
  func takeSuspicion() -> Bool { suspicion.exchange(false, ordering: .acquiringAndReleasing) }

  // MARK: What came of it.

  /// The last oplog sequence that is in the index; −1 while it is not complete.
  var followedTo: Int64 {
    get { followed.load(ordering: .acquiring) }
    set { followed.store(newValue, ordering: .releasing) }
  }

  /// Searches that used the index, and those that scanned a large table.
  var counts: (indexed: Int, scanned: Int) {
    (indexed.load(ordering: .relaxed), scanned.load(ordering: .relaxed))
  }

  func note(usedIndex: Bool) {
    if usedIndex {
      indexed.add(1, ordering: .relaxed)
    } else {
      scanned.add(1, ordering: .relaxed)
    }
  }
}
