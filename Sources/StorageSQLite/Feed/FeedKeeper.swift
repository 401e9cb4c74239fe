import Crypto
import Storage
import Synchronization
import Wire

/// A deployment's feed id, and the marker that tells later whether it still holds.
///
/// Opening decides by `FeedContinuity`; from then on the id stands. The marker is written when the store
/// is opened and closed and now and then in between, never while a write waits.
final class FeedKeeper: Sendable {
  let feedID: String
  /// New sequences are above it.
  let floor: Int64
  /// The last sequence of the file when it was opened.
  let last: Int64
  private let file: MarkerFile
  /// The sequence in the marker; nil where none could be written yet.
  private let marked: Mutex<Int64?>

  /// Settles which feed the file at `path` goes on with, and writes that down. `report` is told in a
  /// sentence when readers will have to load anew.
  ///
  /// A disk that takes nothing does not keep the store from being read: what is settled then holds until
  /// it is closed, and is settled again at the next start.
  /// - Throws: `StorageError`.
  init(path: String, report: (String) -> Void) throws {
    file = MarkerFile(of: path)
    let connection = try Connection(path: path, role: .writer, cacheKiB: 256)
    let meta = MetaTable(connection: connection)
    let sequence = try connection.statement("SELECT coalesce(max(sequence), 0) FROM oplog")
    last = try sequence.step() ? sequence.integer(0) : 0
    sequence.reset()
    let known = try meta.text(.feed)
    let isMarked = try meta.integer(.marked) != nil
    let found = file.read()
    let continuity = FeedContinuity(.init(feedID: known, isMarked: isMarked, last: last), found)
    floor = max(try meta.integer(.floor) ?? 0, continuity.floor)
    if let known, continuity.renewal == nil {
      feedID = known
    } else {
      feedID = Hex.encode(Secret.random(bytes: 16))
    }
    if let clause = continuity.renewal?.clause {
      report(
        "The feed of \(path) has a new id, because \(clause): programs that mirror it will load it anew. "
          + "Sequences go on above \(max(floor, last)).")
    }
    marked = Mutex(nil)
    do {
      if continuity.renewal != nil {
        try connection.write {
          try meta.set(.feed, to: .text(feedID))
          if floor > 0 { try meta.set(.floor, to: .integer(floor)) }
        }
      }
      // One that says the same already is left alone.
      if case .marker(let marker, _) = found, continuity.renewal == nil, marker.sequence == last {
        marked.withLock { $0 = last }
      } else {
        try mark(last)
      }
      if !isMarked { try meta.set(.marked, to: .integer(1)) }
    } catch StorageError.unavailable(let reason) {
      report("What tells a restored copy of \(path) from it cannot be written down now: \(reason)")
    }
  }

  /// Writes the marker anew where something was committed since. Blocks for a disk sync.
  /// - Throws: `StorageError.unavailable`.
  func mark(_ sequence: Int64) throws(StorageError) {
    // One at a time: they write to the same file.
    try marked.withLock { marked throws(StorageError) in
      if let marked, marked >= sequence { return }
      try file.write(feedID: feedID, sequence: sequence)
      marked = sequence
    }
  }
}
