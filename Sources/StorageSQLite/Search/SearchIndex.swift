import Synchronization
import Threads

// One search
//
// `POST /api/v4/{id}/objects/flight/search.json` with `{"query": "n14228"}` is a list whose predicate is a
// `Predicate.search`: `TextSearch+Reading.swift` folds the text and works out which columns can hold it as they
// print, and which keys have labels that do. That predicate alone is the meaning, and scanning by it is always
// right.
//
// What makes it fast is a file beside the deployment's, `ID.search` (`StorageSQLite/Search`), which names
// candidates: trigrams of all that an object prints, in FTS5 without texts and positions.
//
// 1. `SearchFiller` fills it beside all else: first by walking the tables, then by following the oplog. It
//    enters the objects as a snapshot has them, with the oplog sequence that it has come to, in one transaction.
// 2. `SQLiteSnapshot+Search.swift` asks it for candidates, adds every object that a later oplog entry names, and
//    lets the exact predicate decide on those. Keys whose labels match are found by their own predicate, since
//    labels change with each deploy.
// 3. Texts of one or two characters, more than 10,000 candidates or unfollowed changes, an index that is being
//    filled, is ahead of the snapshot or knows other columns than the data model in force: the objects are
//    scanned.
//
// Why no object can be missing stands as a proof at `SearchIndex.swift`; `SearchIndexTests.swift` leads it through
// every state in which it could be wrong, and the conformance kit holds random searches to what objects print.
//
// Choices in it: the index is made by the first search and followed only while there are searches, so that writes
// pay nothing where nobody searches. The filler takes from the oplog only *which* objects changed and reads them
// from the table, under the data model in force: retyped fields need no rules of their own. An object that changed is entered again and what it held before stays (this SQLite cannot delete from
// an index without its texts); a table is made anew when it holds more of that than of what is. Its transactions
// are synced when pages move into the file and not at each commit: after a power cut the index may have gone back
// a little, together with its sequence.

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
  private let wanted = Atomic<Bool>(false)
  /// Of the filler.
  private let loop = Mutex<ThreadLoop?>(nil)

  init(path: String, options: SearchOptions) {
    self.path = path
    self.options = options
  }

  /// The number of the file that may be read; nil while there is none that was checked. A file made
  /// anew has another number.
  var generation: Int? {
    let number = current.load(ordering: .acquiring)
    return number == 0 ? nil : number
  }

  /// The index is wanted, and followed for a while.
  func call() {
    wanted.store(true, ordering: .releasing)
    loop.withLock { $0 }?.call()
  }

  /// A reader found the file to contradict itself.
  func suspect() {
    current.store(0, ordering: .releasing)
    suspicion.store(true, ordering: .releasing)
    call()
  }

  // MARK: For the filler.

  /// From now on the filler hears when the index is wanted.
  func wake(_ loop: ThreadLoop) { self.loop.withLock { $0 = loop } }

  /// Whether the index was wanted since the last time that this was asked.
  func takeCall() -> Bool { wanted.exchange(false, ordering: .acquiringAndReleasing) }

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
