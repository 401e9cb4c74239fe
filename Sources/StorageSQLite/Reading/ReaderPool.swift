import Storage
import Synchronization
import Threads

/// The reading connections of one deployment. They are opened when first needed; a few stay open.
///
/// `@unchecked Sendable` is safe: a reader is either in `idle`, under the lock, or with one borrower.
final class ReaderPool: @unchecked Sendable {
  private struct State {
    var idle: [Reader] = []
    var lent = 0
    /// How often one was lent to somebody who called.
    var calls = 0
    var isClosed = false
    /// Whether readers that come back let go of their snapshots.
    var isClearing = false
    /// Those who wait until the last reader of a closed pool is back.
    var closing: [CheckedContinuation<Void, Never>] = []
  }

  private let path: String
  private let cacheKiB: Int
  private let kept: Int
  private let commits: CommitCount
  private let state = Mutex(Unchecked(State()))

  /// Carries readers through the lock; see the pool's own note.
  private struct Unchecked: @unchecked Sendable {
    var value: State
    init(_ value: State) { self.value = value }
  }

  private let search: SearchIndex?
  private let uses: IndexUses?

  init(
    path: String, kept: Int, cacheKiB: Int, commits: CommitCount, search: SearchIndex? = nil, uses: IndexUses? = nil
  ) {
    self.search = search
    self.uses = uses
    self.path = path
    self.kept = kept
    self.cacheKiB = cacheKiB
    self.commits = commits
  }

  /// Runs `body` with an idle reader, or with one that is opened for this.
  /// - Throws: `StorageError.closed` after `close`, what opening throws, or what `body` throws.
  func lend<Result>(_ body: (Reader) throws -> Result) throws -> Result {
    let idle = try state.withLock { state -> Lent? in
      if state.value.isClosed { throw StorageError.closed }
      state.value.lent += 1
      state.value.calls &+= 1
      return state.value.idle.popLast().map(Lent.init)
    }
    return try run(idle, body)
  }

  /// Runs `body` with a reader that is idle now; nil where there is none. What nobody called for is no call.
  func lendIdle<Result>(isCall: Bool = true, _ body: (Reader) throws -> Result) throws -> Result? {
    let idle = state.withLock { state -> Lent? in
      guard !state.value.isClosed, let reader = state.value.idle.popLast() else { return nil }
      state.value.lent += 1
      if isCall { state.value.calls &+= 1 }
      return Lent(reader: reader)
    }
    guard let idle else { return nil }
    return try run(idle, body)
  }

  /// Readers at work and idle ones, now.
  var counts: (inUse: Int, idle: Int) { state.withLock { ($0.value.lent, $0.value.idle.count) } }

  /// How often one was lent to somebody who called.
  var calls: Int { state.withLock { $0.value.calls } }

  /// Closes the idle readers. Blocks: the last connection to go moves the log.
  func release() {
    let idle = state.withLock { state in
      defer { state.value.idle.removeAll() }
      return state.value.idle.map(Lent.init)
    }
    withExtendedLifetime(idle) {}
  }

  /// While it is on, no idle reader holds a snapshot: the log behind one can be moved, but not begin
  /// again.
  func clear(_ isOn: Bool) {
    state.withLock { state in
      state.value.isClearing = isOn
      if isOn { for reader in state.value.idle { reader.endSnapshot() } }
    }
  }

  /// Closes the idle readers, and waits until the others are closed too: as long as one is open, SQLite
  /// has work left at this file, and whoever removes the file must not meet it.
  func close() async {
    await withCheckedContinuation { closed in
      let areBack = state.withLock { state in
        state.value.isClosed = true
        state.value.idle.removeAll()
        if state.value.lent > 0 { state.value.closing.append(closed) }
        return state.value.lent == 0
      }
      if areBack { closed.resume() }
    }
  }

  private func run<Result>(_ idle: Lent?, _ body: (Reader) throws -> Result) throws -> Result {
    var isKept = false
    defer { if !isKept { leave() } }
    return try use(idle, isKept: &isKept, body)
  }

  // Never inlined: a reader that is not kept is closed when this returns, before it counts as back.
  @inline(never)
  private func use<Result>(
    _ idle: Lent?, isKept: inout Bool, _ body: (Reader) throws -> Result
  ) throws -> Result {
    let reader =
      try idle?.reader ?? Reader(path: path, cacheKiB: cacheKiB, commits: commits, search: search, uses: uses)
    defer { isKept = keep(reader) }
    return try body(reader)
  }

  /// Puts the reader back and counts it as such; false where it is one too many.
  private func keep(_ reader: Reader) -> Bool {
    guard reader.isFit else { return false }
    let lent = Lent(reader: reader)
    return state.withLock { state in
      guard !state.value.isClosed, state.value.idle.count < kept else { return false }
      if state.value.isClearing { lent.reader.endSnapshot() }
      state.value.idle.append(lent.reader)
      state.value.lent -= 1
      return true
    }
  }

  private func leave() {
    let closed = state.withLock { state in
      state.value.lent -= 1
      assert(state.value.lent >= 0, "a reader came back that was not lent")
      guard state.value.isClosed, state.value.lent == 0 else { return [CheckedContinuation<Void, Never>]() }
      defer { state.value.closing = [] }
      return state.value.closing
    }
    for one in closed { one.resume() }
  }

  /// A reader on its way between the pool and its one borrower.
  private struct Lent: @unchecked Sendable {
    let reader: Reader
  }
}
