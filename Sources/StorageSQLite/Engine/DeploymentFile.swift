import Storage
import Synchronization
import Threads
import Wire

/// All that a process has once for a deployment's file, however many nodes it has on it: the connections, and what
/// works beside the calls.
///
/// 1. One thread at a time writes (`Writer`); groups commit at `synchronous=FULL`.
/// 2. Lists and other long reads run on the process's reading threads, point reads where they are asked.
/// 3. A mover beside the writer moves the log into the file, and the writer the last of it (`Checkpointer`).
/// 4. Between two calls nothing has to be open: `release` closes all connections, and each is opened again by whoever
///    needs it next. Nobody waits for the end of a release.
final class DeploymentFile: Sendable {
  let path: String
  let context: StoreContext
  let shared: SharedState
  let writer: Writer
  let uses: IndexUses
  let search: SearchIndex
  let indexBuilder: IndexBuilder
  let feed: FeedKeeper
  private let linker: HistoryLinker
  private let filler: SearchFiller
  /// As they were read last, for figures.
  let lastAttachmentTotals: Mutex<AttachmentTotals>
  let knownWebhooks: Mutex<KnownWebhooks>

  /// - Parameter model: what the file holds as the data model in force.
  init(path: String, model: StoredDataModel, _ context: StoreContext) throws {
    let (options, threads) = (context.options, context.threads)
    let commits = CommitCount()
    commits.note(deployed: model.version)
    let search = SearchIndex(path: Self.searchPath(besides: path), options: options.search)
    let uses = IndexUses(since: context.clock.now)
    let readers = ReaderPool(
      path: path, kept: options.readersKept, cacheKiB: options.readerCacheKiB, commits: commits, search: search,
      uses: uses)
    // One reader stays open until the file is released. With a connection open while it is used, the log and its
    // index stay where they are: nobody waits for the whole log to be folded in, and reads go on while a full disk has
    // no room for a new index.
    try readers.lend { _ in }
    var model = model
    if try Catalog(connection: Connection(path: path, role: .writer, cacheKiB: 256)).migrate() {
      // What the file knows of its columns now.
      model = try readers.lend { try Catalog(connection: $0.connection).opened() } ?? model
    }
    let feed = try FeedKeeper(path: path, report: options.report)
    let found = try readers.lend { [model] in try Found(reading: $0.connection, at: commits.now, model) }
    let shared = SharedState(
      commits: commits, readers: readers, waiters: EntryWaiters(last: feed.last, limit: options.waitingReaders),
      users: UserSharing(stored: found.userModel), metrics: WriterMetrics(), deployed: ModelCache(model))
    writer = Writer(path: path, context, shared, floor: feed.floor)
    indexBuilder = IndexBuilder(writer: writer, turns: threads.building, report: options.report) {
      shared.deployed.model
    }
    linker = HistoryLinker(writer: writer, shared, context)
    filler = SearchFiller(search, on: threads.filling, shared, secondsPerRead: options.secondsPerRead)
    lastAttachmentTotals = Mutex(found.attachments)
    knownWebhooks = Mutex(found.webhooks)
    self.path = path
    self.context = context
    self.shared = shared
    self.uses = uses
    self.search = search
    self.feed = feed
    // What the last process did not come to.
    if !found.areIndexesBuilt { indexBuilder.start() }
    if found.linking != .done { linker.start() }
  }

  /// What is read once when a file is opened: all that is asked of a deployment that is closed.
  private struct Found: Sendable {
    let userModel: String?
    let areIndexesBuilt: Bool
    let linking: LinkingProgress
    let webhooks: KnownWebhooks
    let attachments: AttachmentTotals

    init(reading connection: Connection, at commits: Int, _ model: StoredDataModel) throws {
      userModel = try MetaTable(connection: connection).text(.appUser)
      areIndexesBuilt = try Catalog(connection: connection).indexWork(for: model.models).isDone
      linking = try LinkingProgress(reading: connection)
      webhooks = try KnownWebhooks(reading: connection, at: commits)
      attachments = try AttachmentRows(connection: connection).totals()
    }
  }

  /// The file of the search index: `ID.search` beside `ID.db`.
  static func searchPath(besides path: String) -> String {
    (path.hasSuffix(".db") ? String(path.dropLast(3)) : path) + ".search"
  }

  /// Writes down how far the feed has come.
  /// - Throws: `StorageError`.
  func tend() async throws {
    let last = shared.waiters.last
    try await context.threads.reading.runForStorage { [feed] in try feed.mark(last) }
  }

  var use: StoreUse {
    let (inUse, idle) = shared.readers.counts
    return StoreUse(
      calls: shared.readers.calls &+ shared.commits.now,
      isBusy: inUse > 0 || writer.waitingCount > 0 || !shared.metrics.isFit || filler.isFilling
        || indexBuilder.isRunning || linker.isRunning,
      isOpen: inUse + idle > 0 || writer.isConnected)
  }

  /// Closes what nobody uses at the moment; see `ObjectStore.release`.
  func release() async {
    if filler.isOpen { filler.release() }
    await writer.release()
    try? await tend()
    // The last connection to be closed moves the log, which blocks.
    try? await context.threads.reading.run { [shared] in shared.readers.release() }
  }

  func close() async {
    indexBuilder.stop()
    await linker.stop()
    await filler.close()
    await writer.close()
    // One that cannot be written leaves the older one, which is still true.
    try? await tend()
    await shared.readers.close()
  }
}
