import Storage
import Synchronization

/// The reading connections of one deployment. They are opened when first needed; a few stay open.
///
/// `@unchecked Sendable` is safe: a reader is either in `idle`, under the lock, or with one borrower.
final class ReaderPool: @unchecked Sendable {
  private struct State {
    var idle: [Reader] = []
    var isClosed = false
  }

  private let path: String
  private let cacheKiB: Int
  private let kept: Int
  private let state = Mutex(Unchecked(State()))

  /// Carries readers through the lock; see the pool's own note.
  private struct Unchecked: @unchecked Sendable {
    var value: State
    init(_ value: State) { self.value = value }
  }

  init(path: String, kept: Int, cacheKiB: Int) {
    self.path = path
    self.kept = kept
    self.cacheKiB = cacheKiB
  }

  /// A reader that is idle now, if there is one.
  func borrowIdle() -> Reader? {
    state.withLock { $0.value.idle.popLast().map(Lent.init) }?.reader
  }

  /// An idle reader, or one that is opened for this.
  func borrow() throws -> Reader {
    if let idle = borrowIdle() { return idle }
    if state.withLock({ $0.value.isClosed }) { throw StorageError.closed }
    return try Reader(path: path, cacheKiB: cacheKiB)
  }

  func giveBack(_ reader: Reader) {
    let lent = Lent(reader: reader)
    state.withLock {
      if !$0.value.isClosed, $0.value.idle.count < kept { $0.value.idle.append(lent.reader) }
    }
  }

  /// Closes the idle ones now and the others when they come back.
  func close() {
    state.withLock {
      $0.value.isClosed = true
      $0.value.idle.removeAll()
    }
  }

  /// A reader on its way between the pool and its one borrower.
  private struct Lent: @unchecked Sendable {
    let reader: Reader
  }
}
