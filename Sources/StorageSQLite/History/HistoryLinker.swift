import Storage
import Synchronization
import Threads

/// Links the entries that a file has from before the chain (`LinkingProgress`), beside all else: it reads on reading
/// threads, a few thousand entries at a time, writes between two groups, and takes a tenth of the time while others
/// write. The building of the two indexes alone has the writer to itself: about a second for a million entries.
///
/// What it has done is kept with each step, and a pass that was cut off begins anew.
final class HistoryLinker: Sendable {
  private let writer: Writer
  private let shared: SharedState
  private let context: StoreContext
  private let task = OwnTask()

  /// Entries that are read in one go: a few milliseconds' work.
  private static let entriesInRead = 10_000
  /// Links that one transaction stores.
  private static let linksInWrite = 2000
  /// While others write, it rests for so many times as long as it worked.
  private static let restFactor = 9

  init(writer: Writer, _ shared: SharedState, _ context: StoreContext) {
    self.writer = writer
    self.shared = shared
    self.context = context
  }

  /// Whether entries are still to be linked, as far as is known.
  var isRunning: Bool { task.isRunning }

  /// Once.
  func start() { task.start { [self] in await run() } }

  /// Ends after the step that it is at; the next start goes on.
  func stop() async { await task.stop() }

  private func run() async {
    let work = OwnWork(report: context.options.report) {
      "Older entries of the oplog cannot be linked; it is tried again every \($1), and until then histories of objects "
        + "are not whole: \($0)"
    }
    var pass: LinkPass?
    await work.run {
      let (written, began) = (shared.metrics.microsecondsWriting, ContinuousClock.now)
      try await context.options.beforeLinking()
      let before = pass
      do {
        let (next, isDone) = try await context.threads.building.take { try await step(before) }
        pass = next
        if isDone { return true }
      } catch StorageError.busy {
        throw StorageError.busy
      } catch {
        // What was read may not be what is there now: the pass begins anew.
        pass = nil
        throw error
      }
      await rest(after: ContinuousClock.now - began, isBusy: shared.metrics.microsecondsWriting != written)
      return false
    }
  }

  private func rest(after work: Duration, isBusy: Bool) async {
    if isBusy { try? await Task.sleep(for: min(work * Self.restFactor, .seconds(1))) } else { await Task.yield() }
  }

  /// Does one thing.
  /// - Parameter pass: the pass that it is at; nil where the file is to be asked.
  /// - Returns: the pass to go on with, and whether nothing is left to do.
  private func step(_ pass: LinkPass?) async throws -> (LinkPass?, isDone: Bool) {
    guard let pass else { return try await begin() }
    let (read, hasMore) = try await reading { connection in
      var pass = pass
      let hasMore = try pass.read(Self.entriesInRead, from: connection)
      return (pass, hasMore)
    }
    if hasMore, read.links.count < Self.linksInWrite { return (read, false) }
    let progress = try await store(read, isWhole: !hasMore)
    guard hasMore else { return (nil, progress == .done) }
    var rest = read
    rest.forgetStored()
    return (rest, false)
  }

  /// The next pass, or the building of the indexes.
  private func begin() async throws -> (LinkPass?, isDone: Bool) {
    let (progress, through) = try await reading { connection in
      (try LinkingProgress(reading: connection), try MetaTable(connection: connection).integer(.linkingThrough) ?? 0)
    }
    switch progress {
    case .done: return (nil, true)
    case .passing(let done): return (LinkPass(done, through: through), false)
    case .indexing:
      try await writer.aside { connection in
        try connection.write {
          try connection.run(HistoryTables.indexes)
          let last = try connection.statement("SELECT coalesce(max(sequence), 0) FROM oplog")
          let through = try last.step() ? last.integer(0) : 0
          last.reset()
          try MetaTable(connection: connection).set(.linkingThrough, to: .integer(through))
          try progress.next.store(on: connection)
        }
      }
      return (nil, false)
    }
  }

  private func store(_ pass: LinkPass, isWhole: Bool) async throws -> LinkingProgress {
    try await writer.alone { [shared] connection in
      let progress = try connection.write {
        try pass.store(on: connection)
        let progress = LinkingProgress.passing(done: pass.number)
        guard isWhole else { return progress }
        try progress.next.store(on: connection)
        return progress.next
      }
      // The next step must not read a snapshot from before it.
      shared.commits.rise()
      return progress
    }
  }

  private func reading<Result: Sendable>(
    _ body: @Sendable @escaping (Connection) throws -> Result
  ) async throws -> Result {
    try await context.threads.reading.runForStorage { [shared, context] in
      try shared.readers.lend { reader in
        try reader.snapshot(withinSeconds: context.options.secondsPerRead) { _ in try body(reader.connection) }
      }
    }
  }
}
