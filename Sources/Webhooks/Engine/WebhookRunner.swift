import DataModel
import Storage
import Threads
import Wire

/// Runs one enabled webhook: reads on in the oplog, sends what is due, keeps how far it is. The rules are
/// those of `WebhookState`; this is its shell.
///
/// One node runs a webhook at a time: it holds the lease of its deliveries, and each of its writes says so. A node that
/// does not hold it neither reads on nor sends, and asks for it now and then.
///
/// What is on disk may lag behind by `keepPause`: after a crash what was delivered meanwhile is delivered
/// again, under the same name. A `ready` webhook keeps that it has fired before it sends, so that an object
/// has one delivery for ever, whatever is deployed between a crash and the next start.
actor WebhookRunner {
  nonisolated let deployment: WebhookDeployment
  private let settings: WebhookSettings
  private let sender: any DeliverySender
  private let key: SigningKey
  private let signing: BlockingThreads
  private let gauge: WebhookGauge
  private(set) var state: WebhookState

  private let wakeup = Wakeup()
  private var loop: Task<Void, Never>?
  private var keeping: Task<Bool, Never>?
  private var lease: DeliveryLease
  private var isStopping = false
  /// What was to be kept was made from what was not the last any more.
  private var wasOutdated = false
  /// Entries may lie ahead that were not looked at.
  private var mayReadOn = true
  private var isWatching = false
  /// Nothing is sent before what was read is on disk.
  private var mustKeepFirst = false
  private var lastKept: Int64 = 0
  private var bytesInFlight = 0
  private var lastReport: Int64 = 0
  private var pressure = WritingPressure()
  /// Nothing is sent before.
  private var nextSend: Int64 = 0
  private var lastLookForOldest: Int64 = 0

  private static let keepPause: Int64 = 500
  /// Whoever delivers keeps how far it is twice a second, between which a change has its time.
  static let mostChanges = 5
  private static let entriesPerRead = 256
  /// It looks at all that waits.
  private static let pauseBetweenLooksForOldest: Int64 = 100
  /// Bodies in memory, of one webhook at a time; one larger goes alone.
  private static let mostBytesInFlight = 16 << 20

  init(
    _ state: WebhookState, of deployment: WebhookDeployment, settings: WebhookSettings, sender: any DeliverySender,
    key: SigningKey,
    signing: BlockingThreads, gauge: WebhookGauge
  ) {
    self.signing = signing
    self.gauge = gauge
    self.state = state
    lease = DeliveryLease(milliseconds: deployment.store.leaseHolder.milliseconds)
    self.deployment = deployment
    self.settings = settings
    self.sender = sender
    self.key = key
  }

  func start() {
    if loop != nil { return }
    // Where no entry has come since, a deployment that is closed is not opened to look for one.
    mayReadOn = false
    watch(from: state.cursor.position)
    loop = Task { await run() }
  }

  /// What is under way may end within the grace; then all is kept that can be.
  func stop(graceMilliseconds: Int) async {
    isStopping = true
    wakeup.raise()
    await loop?.value
    for _ in 0..<(graceMilliseconds / 10) where state.cursor.inFlightCount > 0 {
      try? await Task.sleep(for: .milliseconds(10))
    }
    _ = await keep()
    if let hold = lease.hold, !deployment.store.leaseHolder.holdsForGood { try? await deployment.store.giveUp(hold) }
  }

  /// As it is, where this node knows: where it has the lease.
  var current: WebhookState? { lease.hold == nil ? nil : state }

  /// Changes the webhook and returns when that is on disk.
  func change<Result: Sendable>(_ body: @Sendable (inout WebhookState) throws -> Result) async throws -> Result {
    for _ in 0..<Self.mostChanges {
      if lease.hold == nil { await loadAnew() }
      wasOutdated = false
      let result = try body(&state)
      mayReadOn = true
      wakeup.raise()
      if await keep() { return result }
      // What another node keeps meanwhile is taken then, and the change is made to that.
      guard wasOutdated else { break }
    }
    throw StorageError.unavailable("the change of the webhook could not be written")
  }

  /// Takes what another node or a command has kept, and tries at once what waits: whoever changes a webhook may have
  /// mended something. What this one is writing down is no news to it.
  /// - Throws: `StorageError`, `WebhookFault`.
  func refresh() async throws {
    if try await loadAnew(where: { $0 > $1 }) { state.cursor.hasten(at: settings.clock.milliseconds()) }
    wakeup.raise()
  }

  // MARK: The loop.

  private func run() async {
    while !isStopping {
      let stored = deployment.store.dataModel
      let webhook = state.isEnabled ? DeclaredWebhook.named(state.name, in: stored) : nil
      if let webhook {
        state.promoteIfDue(at: settings.clock.now)
        if mustKeepFirst { mustKeepFirst = await !keep() }
        if !mustKeepFirst, await holdsLease() {
          await sendDue(webhook)
          await readOn(webhook, under: stored)
          if mustKeepFirst { mustKeepFirst = await !keep() }
        }
      }
      let now = settings.clock.milliseconds()
      show(isActive: webhook != nil && lease.hold != nil, at: now)
      // A clock that was set back must not keep anything from being kept.
      if state.isTouched, now - lastKept >= Self.keepPause || now < lastKept { _ = await keep() }
      await wakeup.wait(milliseconds: pause(isActive: webhook != nil))
    }
  }

  /// For who monitors the server.
  private func show(isActive: Bool, at now: Int64) {
    gauge.note(parked: state.cursor.parkedCount)
    if !isActive || state.cursor.waitingCount == 0 { return gauge.note(oldest: nil) }
    guard now - lastLookForOldest >= Self.pauseBetweenLooksForOldest || now < lastLookForOldest else { return }
    lastLookForOldest = now
    gauge.note(oldest: state.cursor.oldest)
  }

  private func pause(isActive: Bool) -> Int64 {
    let now = settings.clock.milliseconds()
    var next = now + 2000
    if state.isTouched { next = min(next, lastKept + Self.keepPause) }
    guard isActive, lease.hold != nil else { return max(next - now, 1) }
    if mustKeepFirst { return 200 }
    // Until then there is nothing that it may do.
    let asking = lease.isInForce(at: now) ? now : max(now, lease.nextAsking)
    if mayReadOn, wantsMore { return max(min(next, asking) - now, 0) }
    if let due = state.cursor.nextDue(at: now), bytesInFlight < Self.mostBytesInFlight {
      next = min(next, max(asking, isHeldBack(at: now) ? max(due, nextSend) : due))
    }
    return max(next - now, 0)
  }

  private var wantsMore: Bool {
    state.cursor.wantsMore(Self.entriesPerRead, at: settings.clock.milliseconds())
  }

  // MARK: The lease.

  /// Whether this node is to deliver now. It asks where there may be something to do.
  private func holdsLease() async -> Bool {
    let now = settings.clock.milliseconds()
    let isDue = mayReadOn || state.cursor.nextDue(at: now).map { $0 <= now } ?? false
    guard isDue, lease.isToAsk(at: now) else { return lease.isInForce(at: now) }
    do {
      let hold = try await deployment.store.hold(LeaseName.deliveries(of: state.name))
      let isAnother = lease.took(hold, at: now)
      // Somebody else may have delivered until now.
      if isAnother { await loadAnew() }
    } catch StorageError.leaseLost {
      lease.lost(at: now)
    } catch {
      report("cannot take its lease", error)
      lease.failed(at: now)
    }
    return lease.isInForce(at: settings.clock.milliseconds())
  }

  // MARK: Reading on.

  private func readOn(_ webhook: DeclaredWebhook, under stored: StoredDataModel) async {
    guard mayReadOn, wantsMore else { return }
    do {
      let start = state.cursor.position
      let found = try await Self.read(from: start, webhook, under: stored, in: deployment.store)
      // Conditions are those of the data model in force: a snapshot of a later one is refused.
      guard state.cursor.position == start else { return }
      var entries = found.entries
      if webhook.declaration.kind == .ready, !entries.isEmpty {
        let fired = try await deployment.store.fired(state.name, among: entries.map(\.object))
        guard state.cursor.position == start else { return }
        entries = ReadyRule.firings(among: entries, fired: fired)
        state.note(fired: entries)
        mustKeepFirst = !entries.isEmpty
      }
      state.cursor.advance(to: found.next, delivering: entries, at: settings.clock.milliseconds())
      mayReadOn = found.hasMore
      if !found.hasMore { watch(from: found.next) }
    } catch StorageError.replan {
      // The loop goes on under the one that was deployed meanwhile.
    } catch {
      report("cannot read the oplog", error)
      mayReadOn = false
      Task {
        try? await Task.sleep(for: .seconds(1))
        mayReadOn = true
        wakeup.raise()
      }
    }
  }

  private struct Found: Sendable {
    var entries: [(sequence: Int64, object: ObjectID)] = []
    var next: Int64
    var hasMore = false
  }

  private static func read(
    from start: Int64, _ webhook: DeclaredWebhook, under stored: StoredDataModel, in store: any ObjectStore
  ) async throws -> Found {
    let rule = FiringRule(webhook)
    let number = webhook.model.number
    return try await store.read { snapshot in
      var found = Found(next: start)
      let plan = OplogPlan(start: start, limit: entriesPerRead, models: [number])
      let reach = try snapshot.oplog(plan, under: stored) { page in
        for entry in page.entries {
          let rows = page.groups[entry.group].rows.view
          let fires = try rule.fires(for: entry.operation, rows, entry.row) { id in
            guard let record = try snapshot.attachments([id])[id] else { return false }
            return record.hash != nil && !record.isLost
          }
          if fires {
            found.entries.append((entry.sequence, rows.id(entry.row, RowPage.Lead.id)))
          }
        }
        withExtendedLifetime(page) {}
      }
      if let last = reach.last { found.next = last + 1 }
      found.hasMore = reach.hasMore
      return found
    }
  }

  private static let longestWatch = Duration.seconds(30)
  /// Commits that come together are looked at together.
  private static let gathering = Duration.milliseconds(5)

  private func watch(from position: Int64) {
    guard !isWatching else { return }
    isWatching = true
    Task { [store = deployment.store] in
      let end = try? await store.waitForEntry(from: position, until: .now + Self.longestWatch)
      try? await Task.sleep(for: end == .entry ? Self.gathering : .milliseconds(200))
      isWatching = false
      // Where nothing came, there is nothing to read, and no reason to open a deployment that is closed.
      if end == .over || end == .look, !isStopping { return watch(from: position) }
      mayReadOn = true
      wakeup.raise()
    }
  }

  // MARK: Sending.

  private func sendDue(_ webhook: DeclaredWebhook) async {
    let now = settings.clock.milliseconds()
    pressure.look(at: now) { deployment.store.microsecondsWriting }
    guard bytesInFlight < Self.mostBytesInFlight, !isHeldBack(at: now) else { return }
    let tries = state.cursor.takeDue(at: now)
    guard !tries.isEmpty else { return }
    if pressure.isHigh { nextSend = now + WritingPressure.pause }
    do {
      let found = try await deployment.render(
        EntriesWanted(
          sequences: tries.map(\.delivery.sequence), model: webhook.model.name, embedded: webhook.embedded,
          bytes: Self.mostBytesInFlight - bytesInFlight))
      let rendered = Dictionary(found.entries.map { ($0.sequence, $0) }, uniquingKeysWith: { first, _ in first })
      let now = settings.clock.milliseconds()
      for one in tries {
        if let entry = rendered[one.delivery.sequence] {
          launch(one, entry)
        } else if found.gone.contains(one.delivery.sequence) {
          state.noteGone(one, at: now)
        } else {
          state.cursor.release(one, until: now + 20)
        }
      }
    } catch {
      report("cannot read what it is to send", error)
      for one in tries { state.cursor.release(one, until: settings.clock.milliseconds() + 1000) }
    }
  }

  /// Whether writes come so thick that it is not its turn yet. A clock that was set back holds nothing up.
  private func isHeldBack(at now: Int64) -> Bool {
    pressure.isHigh && now < nextSend && nextSend - now <= WritingPressure.pause
  }

  private func launch(_ one: DeliveryTry, _ entry: RenderedEntry) {
    bytesInFlight += entry.object.count
    let job = DeliveryJob(
      one: one, entry: entry, event: state.name, url: state.record.url, secrets: state.secrets, key: key,
      deployment: deployment, settings: settings)
    // Off this actor: it is work.
    Task.detached { [self, sender, signing] in
      let result = await job.run(over: sender, signing: signing)
      await finish(one, result, bytes: entry.object.count)
    }
  }

  private func finish(_ one: DeliveryTry, _ result: DeliveryResult, bytes: Int) {
    bytesInFlight -= bytes
    assert(bytesInFlight >= 0, "a job ends once")
    gauge.note(isSuccess: result.isSuccess)
    let wasSuspended = state.cursor.isSuspended
    state.note(one, result, at: settings.clock.milliseconds(), jitter: settings.jitter())
    if state.cursor.isSuspended != wasSuspended {
      settings.report(
        wasSuspended
          ? "The webhook \(state.name) of \(deployment.id) reaches its endpoint again."
          : "The webhook \(state.name) of \(deployment.id) has failed \(WebhookCursor.failuresUntilSuspension) times in a row "
            + "and is suspended: it tries once a minute. Last: \(result.problem ?? "")")
    }
    wakeup.raise()
  }

  // MARK: Keeping.

  /// One after the other, so that what is on disk is never older than what was there. False where it failed.
  private func keep() async -> Bool {
    while let running = keeping { _ = await running.value }
    assert(keeping == nil, "one after the other")
    guard let change = state.takeChange() else { return true }
    lastKept = settings.clock.milliseconds()
    let task = Task { [store = deployment.store, hold = lease.hold] in
      do {
        try await store.change([change], under: hold)
        keeping = nil
        return true
      } catch {
        state.giveBack(change)
        await learn(from: error)
        keeping = nil
        report("cannot write down how far it is", error)
        return false
      }
    }
    keeping = task
    return await task.value
  }

  private func learn(from error: any Error) async {
    switch error {
    case StorageError.leaseLost:
      lease.lost(at: settings.clock.milliseconds())
      await loadAnew()
    case StorageError.webhookChanged:
      wasOutdated = true
      await loadAnew()
    default: break
    }
  }

  /// Somebody else may have changed the webhook: then their word counts. What was sent since is sent again, under the
  /// same id.
  private func loadAnew() async {
    do {
      _ = try await loadAnew { $0 != $1 }
    } catch {
      report("cannot be read anew", error)
    }
  }

  /// True where it was loaded.
  /// - Parameter isNews: of the revision that is kept and the one that is here.
  private func loadAnew(where isNews: (Int64, Int64) -> Bool) async throws -> Bool {
    guard let record = try await deployment.store.webhooks().first(where: { $0.name == state.name }),
      isNews(record.revision, state.record.revision)
    else { return false }
    let deliveries = try await deployment.store.deliveries(of: record.name)
    // Meanwhile something may have been written here, which was refused or is later.
    guard isNews(record.revision, state.record.revision) else { return false }
    state = try WebhookState(record, deliveries, sealing: settings.sealing)
    mayReadOn = true
    return true
  }

  /// At most one in a minute.
  private func report(_ what: String, _ error: any Error) {
    if case StorageError.closed = error { return }
    if case StorageError.busy = error { return }
    let now = settings.clock.milliseconds()
    guard now - lastReport >= 60_000 || now < lastReport else { return }
    lastReport = now
    settings.report("The webhook \(state.name) of \(deployment.id) \(what): \(Sentence.of(error))")
  }
}
