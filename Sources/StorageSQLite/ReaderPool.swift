import Storage
import Synchronization

/// The reading connections of one deployment. They are opened when first needed; a few stay open.
///
/// `@unchecked Sendable` is safe: a reader is either in `idle`, under the lock, or with one borrower.
final class ReaderPool: @unchecked Sendable {
  private struct State {
    var idle: [Reader] = []
    var lent = 0
    var isClosed = false
  }

  private let path: String
  private let cacheKiB: Int
  private let kept: Int
  private let state = Mutex(Unchecked(State()))
  /// Closed when the pool is and the last reader is back.
  private let allBack = WaitingQueue<Never>(limit: 0)

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

  /// Runs `body` with an idle reader, or with one that is opened for this.
  /// - Throws: `StorageError.closed` after `close`, what opening throws, or what `body` throws.
  func lend<Result>(_ body: (Reader) throws -> Result) throws -> Result {
    try enter()
    defer { leave() }
    return try withReader(body)
  }

  /// Runs `body` with a reader that is idle now; nil where there is none.
  func lendIdle<Result>(_ body: (Reader) throws -> Result) throws -> Result? {
    guard (try? enter()) != nil else { return nil }
    defer { leave() }
    return try withIdleReader(body)
  }

  /// Closes the idle readers, and waits until the others are closed too: as long as one is open, SQLite
  /// has work left at this file, and whoever removes the file must not meet it.
  func close() {
    let areBack = state.withLock {
      $0.value.isClosed = true
      $0.value.idle.removeAll()
      return $0.value.lent == 0
    }
    if !areBack { _ = allBack.take(upTo: 1) }
  }

  private func enter() throws {
    try state.withLock {
      if $0.value.isClosed { throw StorageError.closed }
      $0.value.lent += 1
    }
  }

  private func leave() {
    let isLast = state.withLock {
      $0.value.lent -= 1
      return $0.value.isClosed && $0.value.lent == 0
    }
    if isLast { allBack.close() }
  }

  // Never inlined: a reader that is not kept is closed when these return, before it counts as back.

  @inline(never)
  private func withReader<Result>(_ body: (Reader) throws -> Result) throws -> Result {
    let reader = try takeIdle() ?? Reader(path: path, cacheKiB: cacheKiB)
    defer { keep(reader) }
    return try body(reader)
  }

  @inline(never)
  private func withIdleReader<Result>(_ body: (Reader) throws -> Result) throws -> Result? {
    guard let reader = takeIdle() else { return nil }
    defer { keep(reader) }
    return try body(reader)
  }

  private func takeIdle() -> Reader? {
    state.withLock { $0.value.idle.popLast().map(Lent.init) }?.reader
  }

  private func keep(_ reader: Reader) {
    // One that could not end its transaction would refuse the next.
    if reader.connection.isInTransaction { return }
    let lent = Lent(reader: reader)
    state.withLock {
      if !$0.value.isClosed, $0.value.idle.count < kept { $0.value.idle.append(lent.reader) }
    }
  }

  /// A reader on its way between the pool and its one borrower.
  private struct Lent: @unchecked Sendable {
    let reader: Reader
  }
}
