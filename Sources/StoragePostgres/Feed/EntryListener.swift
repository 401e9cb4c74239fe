import Crypto
import Glibc
import Storage
import Synchronization
import Threads
import Wire

/// A node's one ear for what other nodes commit.
///
/// 1. What is notified is passed on to the store at once.
/// 2. Each second it looks by itself at the deployments that somebody waits at or has used since: a notification may
///    be lost, and then costs that second.
/// 3. Where it hears of a data model that the node does not know, or finds one, the node catches up with it.
/// 4. Where it finds less than the node knew of, commits were lost in a failover: it renews the feed.
/// 5. Where it does not reach the database it says so, and the node's stores are not fit.
final class EntryListener: Sendable {
  private struct State {
    var stores: [ObjectID: PostgresDeployment] = [:]
    var thread: OwnThread?
    var isClosed = false
    var reach = DatabaseReach()
    var millisecondsAhead: Int64?
  }

  private let pool: PostgresPool
  private let clock: any WallClock
  private let report: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// How long closing may have to wait.
  private static let turnMilliseconds = 100
  private static let lookPause = Duration.seconds(1)

  init(_ pool: PostgresPool, clock: any WallClock, report: @escaping @Sendable (String) -> Void) {
    self.pool = pool
    self.clock = clock
    self.report = report
  }

  /// Listens for this store from now on, until it leaves.
  /// - Returns: what it leaves by.
  func join(_ store: PostgresDeployment) throws(StorageError) -> ObjectID {
    var random = SystemRandom()
    let key = ObjectID.random(using: &random)
    do {
      try state.withLock { state in
        if state.thread == nil, !state.isClosed {
          state.thread = try OwnThread(named: "listener") { [self] in run() }
        }
        state.stores[key] = store
      }
    } catch {
      throw .unavailable("\(error)")
    }
    return key
  }

  func leave(_ key: ObjectID) { state.withLock { $0.stores[key] = nil } }

  /// Blocks until its thread has ended.
  func close() {
    let thread = state.withLock { state in
      state.isClosed = true
      return state.thread.take()
    }
    thread?.join()
  }

  /// Whether the node has not reached its database for a while.
  var isCutOff: Bool { state.withLock { $0.reach.isCutOff } }

  /// By which the node's clock is before the database's, as was measured last; nil before that.
  var millisecondsAhead: Int64? { state.withLock { $0.millisecondsAhead } }

  private var isClosed: Bool { state.withLock { $0.isClosed } }
  private var stores: [PostgresDeployment] { state.withLock { Array($0.stores.values) } }

  // MARK: On its thread.

  private func run() {
    var skew = ClockSkew()
    while !isClosed {
      do {
        try pool.lend(.listener) { try listen(on: $0, &skew) }
      } catch {
        note { $0.failed(Sentence.of(error)) }
      }
      for _ in 0..<5 where !isClosed { usleep(UInt32(Self.turnMilliseconds) * 1000) }
    }
  }

  private func note(_ change: (inout DatabaseReach) -> String?) {
    let sentence = state.withLock { $0.isClosed ? nil : change(&$0.reach) }
    if let sentence { report(sentence) }
  }

  private func listen(on connection: PostgresConnection, _ skew: inout ClockSkew) throws {
    _ = try connection.perform { $0.addOnce("LISTEN \(EntryNews.channel)") }
    note { $0.answered() }
    // What was told while nobody listened.
    try look(at: stores, on: connection)
    var nextLook = ContinuousClock.now + Self.lookPause
    var nextMeasure = ContinuousClock.now
    while !isClosed {
      if ContinuousClock.now >= nextMeasure {
        let ahead = try ClockSkew.measure(clock, on: connection)
        state.withLock { $0.millisecondsAhead = ahead }
        if let sentence = skew.note(ahead: ahead) { report(sentence) }
        nextMeasure = ContinuousClock.now + ClockSkew.lookPause
      }
      var outdated: [PostgresDeployment] = []
      for notification in try connection.notifications(withinMilliseconds: Self.turnMilliseconds)
      where notification.channel == EntryNews.channel {
        if let news = EntryNews(notification.text) { outdated += pass(news) }
      }
      for store in outdated { try store.catchUp(on: connection) }
      if ContinuousClock.now >= nextLook {
        try look(at: stores.filter { $0.takeInUse() }, on: connection)
        pool.closeRested()
        nextLook = ContinuousClock.now + Self.lookPause
      }
    }
  }

  /// - Returns: the stores that do not know the data model.
  private func pass(_ news: EntryNews) -> [PostgresDeployment] {
    let told = stores.filter { $0.schema == news.schema }
    for store in told {
      if news.endsSessions { store.users.noteEndedSessions() }
      store.feed.note(last: news.last)
      store.waiters.note(last: news.last)
      store.noteHeard(last: news.last)
    }
    return told.filter { $0.current.model.version < news.version }
  }

  /// One round trip for all, unless one of them is gone.
  private func look(at stores: [PostgresDeployment], on connection: PostgresConnection) throws {
    if stores.isEmpty { return }
    let known = stores.map(\.feed.known)
    let results: [PostgresResult]
    do {
      results = try connection.perform { pipeline in for store in stores { DeploymentLook.add(store, to: &pipeline) } }
    } catch let fault as PostgresFault where fault.kind == .refused {
      guard stores.count > 1 else { return }
      for store in stores { try look(at: [store], on: connection) }
      return
    }
    for (index, store) in stores.enumerated() {
      let look = try DeploymentLook(results[index])
      try look.tell(store, knowing: known[index])
      if look.version > store.current.model.version { try store.catchUp(on: connection) }
    }
  }
}

/// What the newest rows of a deployment say to a node that has it open.
struct DeploymentLook {
  private let standing: FeedStanding
  private let endedSessions: Int64
  /// Of the data model in force.
  let version: Int

  static func add(_ store: PostgresDeployment, to pipeline: inout PostgresPipeline) {
    let name = store.schema.name
    pipeline.add(
      """
      SELECT feed, last_sequence, (SELECT value::bigint FROM \(name).facts WHERE key = $1),
        (SELECT max(version) FROM \(name).deploys)
      FROM \(name).commits ORDER BY number DESC LIMIT 1
      """
    ) { $0.add(text: DeploymentFact.endedSessions.rawValue) }
  }

  init(_ result: PostgresResult) throws {
    standing = try FeedStanding(result)
    endedSessions = try result[0].integerIfAny(2) ?? 0
    version = Int(try result[0].integer(3))
  }

  /// - Parameter known: what the node knew before it asked.
  func tell(_ store: PostgresDeployment, knowing known: FeedStanding) throws {
    if store.endedSessions.rise(to: endedSessions) { store.users.noteEndedSessions() }
    if standing.last < known.last { return try store.renewFeed(over: known) }
    store.feed.note(standing)
    store.waiters.note(last: standing.last)
    store.noteHeard(last: standing.last)
  }
}
