import DataModel
import Wire

/// The objects of one deployment: what both storage engines promise.
///
/// 1. *Acknowledged means on disk.* When `write` returns, its successful steps survive a power cut.
/// 2. *The oplog is complete and in commit order.* Each step that changes an object has one entry,
///    written in the same transaction; once an entry can be read, none with a smaller sequence appears.
/// 3. *A read sees one snapshot*, knows its sequence, and never waits for a writer.
/// 4. *A failed step leaves no trace*, whatever the others do.
/// 5. *A plan made under another version of the data model is refused*, nothing of it done: `StorageError.replan`
///    says which version is in force, and by then `dataModel` is of that version or a later one. A snapshot
///    refuses models of another version than its own in the same way.
/// 6. *What a store does by itself it does once*, however many nodes have it open: it builds indexes, and does what
///    `tend` finds due. How is the engine's own business. Where several processes share a store, one of them holds a
///    lease for it (`LeaseName`); where one process has it, nobody is there to hold it against.
package protocol ObjectStore: UserStore, AttachmentKeeping, WebhookStore {
  /// The data model in force, as far as this node has heard. Cheap: a load of a reference. Two of the same version
  /// are the same data model, whichever objects they are.
  var dataModel: StoredDataModel { get }

  /// Runs `body` on a snapshot, on a thread of the store's own.
  /// - Throws: `StorageError`, or what `body` throws; `replan` where `body` asks for a model of another version of
  ///   the data model than the snapshot's.
  func read<Result: Sendable>(
    _ body: @Sendable @escaping (any Snapshot) throws -> Result
  ) async throws -> Result

  /// The same for a body whose first call is `snapshot.object` with what `first` says, and which makes few others: an
  /// engine for which each call is a round trip answers the first one of several bodies at once.
  func read<Result: Sendable>(
    beginningWith first: ObjectLookup, _ body: @Sendable @escaping (any Snapshot) throws -> Result
  ) async throws -> Result

  /// Runs `body` on a snapshot at once on this thread, for point reads alone; nil where no reader is
  /// free, and then `read` is the way.
  func readAtOnce<Result: Sendable>(_ body: (any Snapshot) throws -> Result) throws -> Result?

  /// Makes a data model current, in one transaction; what it needs that is empty may be made before, in others.
  /// What it no longer declares keeps its values, and a field that changes its type is read as `ValueConversion`
  /// says. Indexes over many objects are built after it, while the store is in use.
  /// - Throws: `StorageError`; `unusable` with a sentence for people where the data model does not fit what
  ///   is stored; `replan`, with nothing done, where another version is in force than the terms say.
  func deploy(_ model: DataModel, _ terms: DeployTerms) async throws -> StoredDataModel

  /// What `deploy` would have to build for this data model, and how long writes would wait. Nothing is changed,
  /// and no write waits for it.
  /// - Throws: what `deploy` throws.
  func rehearse(_ model: DataModel) async throws -> DeployRehearsal

  /// What is still to be built for the data model in force.
  func pendingIndexes() async throws -> [IndexBuilding]

  /// All deploys, the latest first.
  func deploys() async throws -> [DeployRecord]

  /// The XML of a deploy, byte for byte; nil where there was none of this version.
  func document(ofDeploy version: Int) async throws -> [UInt8]?

  /// The indexes that the data model in force wants, per model in its order: `ready` where it is there,
  /// `pending` where it is still to be built.
  func indexes() async throws -> [(model: String, indexes: [StoredIndex])]

  /// The id of the feed: another one when what was served before is not all here any more, and readers
  /// must load anew (api.md section 11). It stays as long as the store is open, and over any crash.
  var feedID: String { get }

  /// Waits until an oplog entry from `position` on is committed, at most until the deadline. It holds no
  /// thread and no snapshot meanwhile. `wakes` is `waitWakes` from before the caller looked whether it may wait.
  /// - Throws: `StorageError.busy` when too many wait.
  func waitForEntry(
    from position: Int64, until deadline: ContinuousClock.Instant, since wakes: Int
  ) async throws -> EntryWait

  /// Ends all waits for entries with `EntryWait.look`.
  func wakeWaits()

  /// How often `wakeWaits` was called.
  var waitWakes: Int { get }

  /// Ends all waits for entries at once, and those to come: the server is going down.
  func endWaits()

  /// Does what is due now and then, beside all writing: about once a minute, at each node.
  /// - Throws: `StorageError`.
  func tend() async throws

  /// Whether writes succeed, as far as is known: false from one that the disk did not take to the next that
  /// it does. A store that is not fit tries by itself, every few seconds.
  var isFit: Bool { get }

  /// How many microseconds there were transactions of writes since the store was opened; a load of numbers.
  var microsecondsWriting: UInt64 { get }

  /// What was counted since the store was opened. Quick, and never waits for a write.
  var figures: StoreFigures { get }

  /// How it is used now. Quick, and no use itself.
  var use: StoreUse { get }

  /// Gives back what it holds of the system, such as open files, until the next call takes it again: that costs the
  /// call a few milliseconds. What runs meanwhile goes on, waits for entries too, and what the store says without
  /// reading stays the same.
  func release() async

  /// Waits for what runs, then closes for good.
  func close() async
}

extension ObjectStore {
  /// Over whatever is in force.
  package func deploy(_ model: DataModel, by person: Person?) async throws -> StoredDataModel {
    try await deploy(model, DeployTerms(by: person))
  }

  /// For engines of which a snapshot's calls cost no round trip.
  package func read<Result: Sendable>(
    beginningWith first: ObjectLookup, _ body: @Sendable @escaping (any Snapshot) throws -> Result
  ) async throws -> Result { try await read(body) }

  /// Holds nothing open: for engines of which no store does.
  package var use: StoreUse { StoreUse(calls: 0, isBusy: false, isOpen: false) }
  package func release() async {}

  /// Does what is due by itself, and leaves the store as closed as it was.
  package func doingWhatIsDue<Result: Sendable>(_ body: () async throws -> Result) async rethrows -> Result {
    let wasOpen = use.isOpen
    let result = try await body()
    if !wasOpen, !use.isBusy { await release() }
    return result
  }

  /// The same for who may wait whatever happens.
  package func waitForEntry(
    from position: Int64, until deadline: ContinuousClock.Instant
  ) async throws -> EntryWait {
    try await waitForEntry(from: position, until: deadline, since: waitWakes)
  }

  /// Removes the oldest of the oplog's entries that may go, so few of them that writes hardly wait; to be
  /// called until it is done. What an enabled webhook has not delivered stays, unless `isForced`.
  /// - Throws: `StorageError`.
  package func trimOplog(
    _ cut: OplogCut, evenIfNeeded isForced: Bool = false, under hold: LeaseHold? = nil
  ) async throws -> OplogTrim {
    guard case .trimmed(let trim) = try await write(.trim(cut, evenIfNeeded: isForced), under: hold) else {
      throw StorageError.broken("a trimming came back as something else")
    }
    return trim
  }
}

/// The objects of a deployment as they were after one commit. Not to be kept beyond the closure that it was given to.
///
/// Who asks for a model of another version of the data model than the snapshot's gets `StorageError.replan`.
package protocol Snapshot: UserSnapshot {
  /// Its sequence, and the version of the data model that it shows.
  func revision() throws -> Revision

  /// Every oplog entry below it is contained here, none from it on. 0 while there never was one: a reader
  /// may follow from it, where a position below the first entry would be taken for one that was trimmed.
  func nextSequence() throws -> Int64

  /// Which state of the model's objects the snapshot shows: where two snapshots say the same number, they show
  /// the same objects of it. Asked before a read and after it, the same number says that what was read is of
  /// that state. Nil where it cannot be said, as while objects of the model are being written.
  func stateVersion(of model: StoredModel) -> Int?

  /// The object as a page of one row with all columns; nil where there is none.
  func object(_ model: StoredModel, _ id: ObjectID) throws -> RowPage?

  /// The object with what says of which state it is; nil where there is none. One call, also over a network.
  func object(_ model: StoredModel, _ id: ObjectID, versionsOf models: [StoredModel]) throws -> ReadObject?

  /// All that is wanted, in one call: what the displays or the embedded objects of one level need, of all models.
  /// - Parameter attachments: ids of attachments that are wanted too.
  func fetch(_ wants: [Want], attachments: [ObjectID]) throws -> Fetched

  /// Reads a list with all columns, handing out pages of bounded size in order, each with the state versions that were
  /// wanted; they are final for the snapshot. One call as long as there is one page. With a limit of 0 it only counts.
  func list(_ want: ListWant, page: (RowPage, [Int?]) throws -> Void) throws -> ReadList

  /// Reads a list with all columns, handing out pages of bounded size in order.
  func list(_ plan: ReadPlan, page: (RowPage) throws -> Void) throws

  /// How many objects match: without a predicate from a maintained count, in constant time.
  func count(_ model: StoredModel, _ predicate: Predicate) throws -> Int

  /// The same for who would rather know less than wait: stops behind `most`, and where `limit` is over. Without a
  /// predicate the count is exact whatever the bounds.
  /// - Throws: `StorageError.timeLimit` only where the snapshot's own time is up.
  func count(
    _ model: StoredModel, _ predicate: Predicate, upTo most: Int, within limit: Duration
  ) throws -> BoundedCount

  /// Runs `body`; nil where a read in it was still running when `limit` was over. The snapshot goes on.
  /// - Throws: what `body` throws; `StorageError.timeLimit` only where the snapshot's own time is up.
  func limited<Result>(to limit: Duration, _ body: () throws -> Result) throws -> Result?

  /// Runs `body`, and tells what the lists in it that start at their beginning have cost; nil where the engine does not
  /// count. Each row costs a little more than without. What is counted or fetched in it is not told.
  func examined<Result>(_ body: () throws -> Result) throws -> (result: Result, cost: ReadCost?)

  /// Oplog entries from `start` on, in order.
  func oplog(from start: Int64, limit: Int) throws -> [OplogEntry]

  /// Reads a part of the oplog under this data model, handing out pages of bounded size in order.
  func oplog(_ plan: OplogPlan, under model: StoredDataModel, page: (OplogPage) throws -> Void) throws -> OplogReach

  /// Entries of the oplog without their states, from either end of a range on.
  func changes(_ plan: ChangePlan) throws -> ChangePage

  /// Entries of one object, newest first, also of one that was deleted and came again. It costs as much as the page has
  /// entries, among millions of objects as among ten.
  func history(_ plan: HistoryPlan) throws -> HistoryPage

  /// The last entries of objects that were deleted and are still gone, newest first.
  func deletions(_ plan: DeletionPlan) throws -> DeletionPage

  /// How far the oplog reaches.
  func oplogBounds() throws -> OplogBounds

  /// The attachments with these ids that there are, by id.
  func attachments(_ ids: [ObjectID]) throws -> [ObjectID: AttachmentRecord]

  /// The names of all models that ever had objects here, by number; many may no longer be deployed.
  func modelNames() throws -> [Int: String]
}

extension Snapshot {
  /// The objects with these ids that exist, in any order, with these columns by position: all of them at once, so for
  /// few.
  package func objects(_ model: StoredModel, ids: [ObjectID], columns: [Int]) throws -> [RowPage] {
    var pages: [RowPage] = []
    var rest = [Want(number: 0, model: model, ids: ids, columns: columns)]
    while !rest.isEmpty {
      let fetched = try fetch(rest, attachments: [])
      pages += fetched.pages
      rest = fetched.rest
    }
    return pages
  }
}

/// An index that the engine keeps.
package struct StoredIndex: Sendable, Equatable {
  package enum Kind: String, Sendable { case `internal`, schema, adhoc }
  package enum Status: String, Sendable { case ready, pending }

  /// How many queries of clients it has served since the store was opened.
  package struct Usage: Sendable, Equatable {
    package var queries: Int
    package var since: Instant

    package init(queries: Int, since: Instant) {
      self.queries = queries
      self.since = since
    }
  }

  package var name: String
  /// Names as in filters (`airline_id`), with their direction.
  package var keys: [(name: String, descending: Bool)]
  package var kind: Kind
  package var status: Status
  /// Nil while it is pending, and where the engine does not count.
  package var usage: Usage?

  package init(name: String, keys: [(name: String, descending: Bool)], kind: Kind, status: Status) {
    self.name = name
    self.keys = keys
    self.kind = kind
    self.status = status
  }

  /// Usage aside, which changes with each query.
  package static func == (left: StoredIndex, right: StoredIndex) -> Bool {
    left.name == right.name && left.kind == right.kind && left.status == right.status
      && left.keys.elementsEqual(right.keys, by: ==)
  }
}
