import Crypto
import Storage
import Synchronization
import Threads
import Wire

// One delivery
//
// A save of a flight fires the webhook `flight_status`, and the write path knows nothing of it.
//
// 1. The entry. `WebhookRunner.swift` waits for the oplog to go on (`waitForEntry`), reads a page of entries of
//    its model, and asks `FiringRule.swift` which of them fire. They become deliveries of `WebhookCursor.swift`,
//    and the position moves behind the page.
// 2. The turn. The cursor says what is due: the oldest delivery of each object, eight at a time. It is a value
//    without clock, disk and network; all rules of order, retries, parking and suspension stand in it and are
//    tested on a clock that stands still.
// 3. The body. `EntryRendering.swift` reads the entry again, renders it as the API would, and embeds related
//    objects as they are now. So ten thousand waiting deliveries cost their numbers and no bodies.
// 4. The request. `DeliveryJob.swift` signs; `EndpointSender.swift` looks the host up and holds its addresses
//    against `AddressGuard`; `EndpointTransfer.swift` goes to the address that was checked and to no other.
// 5. The end. A 2xx removes the delivery; all else puts it back. Twice a second what has changed is written
//    through the deployment's writer in one transaction: the position, what is new and unfinished, what is
//    finished. Most deliveries are over before they would be written at all. It reads on only when nothing is left
//    to try, and signs and sends on threads that give way: those who write come first.
//
// After a crash the kept position and the kept deliveries are enough: what is sent twice has the same
// `X-Sojourn-Delivery`. A `ready` webhook writes down that it has fired *before* it sends, so that an object keeps
// its one delivery even when the data model changes between the crash and the next start.

/// All webhooks of a server. What it is asked works on a server that runs and on a data directory that
/// nobody serves: in the first case the running webhook changes and keeps itself, else what is kept changes.
package final class WebhookEngine: Sendable {
  private struct State {
    var runners: [String: [String: WebhookRunner]] = [:]
    var keys: [String: SigningKey] = [:]
    /// By deployment and webhook. They outlive runners: counters must not go back.
    var gauges: [String: [String: WebhookGauge]] = [:]
    var isRunning = false
  }

  private let settings: WebhookSettings
  private let sender: any DeliverySender
  /// The deployment of this id, where it is served.
  let deployment: @Sendable (String) -> WebhookDeployment?
  private let signing: BlockingThreads
  private let state = Mutex(State())

  /// - Throws: `StorageError.unavailable` where the system has no thread left.
  package init(
    settings: WebhookSettings, sender: any DeliverySender,
    deployment: @escaping @Sendable (String) -> WebhookDeployment?
  ) throws {
    signing = try BlockingThreads.forStorage(count: 1, waiting: 100_000, named: "webhook-sign", givesWay: true)
    self.settings = settings
    self.sender = sender
    self.deployment = deployment
  }

  // MARK: Running.

  /// Begins to deliver for these deployments, and later for those that enable a webhook.
  package func start(_ deployments: [String]) async {
    state.withLock { $0.isRunning = true }
    for id in deployments {
      guard let deployment = deployment(id) else { continue }
      do {
        try await deployment.store.doingWhatIsDue { try await start(deployment) }
      } catch {
        settings.report("The webhooks of \(id) do not run: \(Sentence.of(error))")
      }
    }
  }

  private func start(_ deployment: WebhookDeployment) async throws {
    let webhooks = try await deployment.store.webhooks()
    if !webhooks.isEmpty { _ = try await signingKey(of: deployment) }
    for webhook in webhooks {
      if webhook.isEnabled {
        try await run(try await load(webhook, deployment), of: deployment)
      } else {
        let parked = try await deployment.store.deliveries(of: webhook.name).count(where: \.isParked)
        gauge(webhook.name, of: deployment.id).note(parked: parked)
      }
    }
  }

  private static let graceMilliseconds = 3000

  /// Ends all: what is under way has a moment to end.
  package func stop() async {
    let runners = state.withLock { state in
      defer { state.runners = [:] }
      state.isRunning = false
      return state.runners.values.flatMap(\.values)
    }
    await withTaskGroup(of: Void.self) { group in
      for runner in runners { group.addTask { await runner.stop(graceMilliseconds: Self.graceMilliseconds) } }
    }
  }

  /// A deployment is about to go.
  package func forget(_ id: String) async {
    let runners = state.withLock { state in
      state.keys[id] = nil
      state.gauges[id] = nil
      return state.runners.removeValue(forKey: id)
    }
    for runner in runners?.values ?? [:].values { await runner.stop(graceMilliseconds: 0) }
  }

  var isRunning: Bool { state.withLock { $0.isRunning } }

  /// The webhooks of a deployment that are run here, by name.
  func running(of id: String) -> [String: WebhookRunner] { state.withLock { $0.runners[id] ?? [:] } }

  /// Runs a webhook no longer.
  func end(_ name: String, of id: String) async {
    await state.withLock { $0.runners[id]?.removeValue(forKey: name) }?.stop(graceMilliseconds: 0)
  }

  /// Runs a webhook. Where somebody else began meanwhile, that one takes what is kept.
  func run(_ webhook: WebhookState, of deployment: WebhookDeployment) async throws {
    let key = try await signingKey(of: deployment)
    let runner = WebhookRunner(
      webhook, of: deployment, settings: settings, sender: sender, key: key, signing: signing,
      gauge: gauge(webhook.name, of: deployment.id))
    let (isNew, other) = state.withLock { state in
      guard state.isRunning else { return (false, WebhookRunner?.none) }
      if let other = state.runners[deployment.id]?[webhook.name] { return (false, other) }
      state.runners[deployment.id, default: [:]][webhook.name] = runner
      return (true, nil)
    }
    if isNew { await runner.start() }
    try await other?.refresh()
  }

  func load(_ record: WebhookRecord, _ deployment: WebhookDeployment) async throws -> WebhookState {
    try WebhookState(record, try await deployment.store.deliveries(of: record.name), sealing: settings.sealing)
  }

  // MARK: Figures.

  /// Those of a deployment that ever enabled a webhook. Quick: nobody is waited for.
  package func figures(of id: String) -> WebhookFigures? {
    guard let gauges = state.withLock({ $0.gauges[id] }) else { return nil }
    var figures = WebhookFigures()
    let now = settings.clock.milliseconds()
    for gauge in gauges.values { gauge.measure(&figures, at: now) }
    return figures
  }

  private func gauge(_ name: String, of id: String) -> WebhookGauge {
    state.withLock { state in
      if let known = state.gauges[id]?[name] { return known }
      let gauge = WebhookGauge()
      state.gauges[id, default: [:]][name] = gauge
      return gauge
    }
  }

  // MARK: Keys.

  /// The public key of a deployment that has ever enabled a webhook, as PEM.
  package func publicKey(of id: String) -> String? { state.withLock { $0.keys[id]?.publicPEM } }

  private func signingKey(of deployment: WebhookDeployment) async throws -> SigningKey {
    if let known = state.withLock({ $0.keys[deployment.id] }) { return known }
    let sealed: [UInt8]
    if let kept = try await deployment.store.sealedSigningKey() {
      sealed = kept
    } else {
      // Another node may be first; then all sign with that one's.
      let made = try await makeKey()
      sealed = try await deployment.store.keep(
        sealedSigningKey: SealedBox.seal(Array(made.privatePEM.utf8), under: settings.sealing))
    }
    guard let bytes = SealedBox.open(sealed, under: settings.sealing) else {
      throw WebhookFault(
        "The key that signs for the deployment \(deployment.id) cannot be opened: it was sealed under another secret.key. "
          + "Restore that file from a backup and start the server again.")
    }
    let key = try SigningKey(privatePEM: String(decoding: bytes, as: UTF8.self))
    state.withLock { $0.keys[deployment.id] = key }
    return key
  }

  /// On a thread of its own: it takes a while.
  private func makeKey() async throws -> SigningKey {
    try await withCheckedThrowingContinuation { [makeKey = settings.makeKey] continuation in
      do {
        _ = try OwnThread(named: "webhook-key") { continuation.resume(with: Result { try makeKey() }) }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  // MARK: Asking and changing.

  /// - Throws: `WebhookFault` where it is not served.
  func served(_ id: String) throws(WebhookFault) -> WebhookDeployment {
    guard let deployment = deployment(id) else {
      throw WebhookFault("There is no deployment \(CutText.cut(id)) here that can be used.")
    }
    return deployment
  }

  /// Changes a webhook that was enabled before; it is on disk, and told to other nodes, when this returns.
  /// - Throws: `WebhookFault`, `StorageError`, what `body` throws, and what `announce` throws.
  package func change<Result: Sendable>(
    _ name: String, of id: String, _ body: @escaping @Sendable (inout WebhookState) throws -> Result
  ) async throws -> Result {
    let result = try await keeping(name, of: id, body)
    try await served(id).announce()
    return result
  }

  /// The secrets that it signs with.
  package func secrets(of name: String, in id: String) async throws -> WebhookSecrets {
    try await keeping(name, of: id) { $0.secrets }
  }

  /// Changes a webhook, or only asks; what changed is on disk when this returns.
  private func keeping<Result: Sendable>(
    _ name: String, of id: String, _ body: @escaping @Sendable (inout WebhookState) throws -> Result
  ) async throws -> Result {
    let deployment = try served(id)
    if let runner = state.withLock({ $0.runners[id]?[name] }) { return try await runner.change(body) }
    var triesLeft = WebhookRunner.mostChanges
    while true {
      guard let record = try await deployment.store.webhooks().first(where: { $0.name == name }) else {
        throw WebhookFault(
          "The webhook \"\(CutText.cut(name))\" has not been enabled yet. `sojourn webhook enable` does, and "
            + "`sojourn webhook list` shows those there are.")
      }
      var webhook = try await load(record, deployment)
      let result = try body(&webhook)
      triesLeft -= 1
      do {
        if let change = webhook.takeChange() { try await deployment.store.change([change]) }
      } catch StorageError.webhookChanged where triesLeft > 0 {
        // The node that delivers has just kept how far it is.
        continue
      }
      gauge(name, of: id).note(parked: webhook.cursor.parkedCount)
      if webhook.isEnabled { try await run(webhook, of: deployment) }
      return result
    }
  }

  /// Enables a declared webhook, or gives an enabled one another endpoint. What is saved from now on fires it;
  /// one that was disabled goes on where it stood. What waits for another try is tried at once.
  package func enable(_ name: String, of id: String, url: String) async throws {
    let deployment = try served(id)
    _ = try Self.endpoint(url)
    guard DeclaredWebhook.named(name, in: deployment.store.dataModel) != nil else {
      let names = DeclaredWebhook.all(in: deployment.store.dataModel).map(\.name)
      throw WebhookFault(
        "The data model declares no webhook \"\(CutText.cut(name))\". "
          + (names.isEmpty
            ? "It declares none at all: add <webhook> to a model and deploy it."
            : "Those it declares are \(names.prefix(20).joined(separator: ", "))."))
    }
    _ = try await signingKey(of: deployment)
    if try await deployment.store.webhooks().contains(where: { $0.name == name }) {
      let now = settings.clock.milliseconds()
      return try await change(name, of: id) { $0.enable(url: url, at: now) }
    }
    let position = try await deployment.store.read { max(try $0.nextSequence(), 1) }
    var webhook = WebhookState(enabling: name, url: url, position: position, sealing: settings.sealing)
    if let change = webhook.takeChange() { try await deployment.store.change([change]) }
    try await run(webhook, of: deployment)
    try await deployment.announce()
  }

  private static func endpoint(_ url: String) throws(WebhookFault) -> Endpoint {
    do throws(Endpoint.Fault) {
      return try Endpoint(url)
    } catch {
      throw WebhookFault("The endpoint \(error).")
    }
  }

  /// Whether an endpoint could be sent to now: its host is looked up.
  /// - Throws: `WebhookFault` for what is no endpoint.
  package func verdict(on url: String, of id: String) async throws(WebhookFault) -> EndpointVerdict {
    let deployment = try served(id)
    return await sender.verdict(on: try Self.endpoint(url), permitted: deployment.permitted())
  }

  /// What a webhook posts for an entry.
  package func body(of name: String, in id: String, _ entry: RenderedEntry) throws(WebhookFault) -> [UInt8] {
    DeliveryBody.json(
      event: name, server: settings.server, deployment: id, appID: try served(id).appID, entry)
  }

  /// How each webhook of a deployment is, declared or not.
  package func webhooks(of id: String) async throws -> [WebhookStatus] {
    let deployment = try served(id)
    return try await counted(try await statuses(in: deployment), in: deployment)
  }

  /// How one is; nil where none of this name is declared or kept.
  package func webhook(_ name: String, of id: String) async throws -> WebhookStatus? {
    let deployment = try served(id)
    let one = try await statuses(in: deployment).filter { $0.name == name }
    return try await counted(one, in: deployment).first
  }

  /// Without what each has yet to look at.
  private func statuses(in deployment: WebhookDeployment) async throws -> [WebhookStatus] {
    let id = deployment.id
    let declared = DeclaredWebhook.all(in: deployment.store.dataModel)
    var states: [String: WebhookState] = [:]
    for record in try await deployment.store.webhooks() {
      if let known = await state.withLock({ $0.runners[id]?[record.name] })?.current {
        states[record.name] = known
      } else {
        states[record.name] = try await load(record, deployment)
      }
    }
    let now = settings.clock.milliseconds()
    let known = Set(declared.map(\.name))
    return
      declared.map { WebhookStatus(name: $0.name, declared: $0, state: states[$0.name], at: now) }
      + states.values.filter { !known.contains($0.name) }.sorted { $0.name < $1.name }
      .map { WebhookStatus(name: $0.name, declared: nil, state: $0, at: now) }
  }

  /// With what each has yet to look at.
  private func counted(_ webhooks: [WebhookStatus], in deployment: WebhookDeployment) async throws -> [WebhookStatus] {
    try await deployment.store.planning { model in
      try await deployment.store.read { snapshot in
        try webhooks.map { webhook in
          guard webhook.position > 0, let number = webhook.model.flatMap({ model[$0]?.number }) else { return webhook }
          var webhook = webhook
          let plan = OplogPlan(
            start: webhook.position, end: .max, limit: WebhookStatus.mostCounted, models: [number],
            examined: WebhookStatus.mostCounted)
          _ = try snapshot.oplog(plan, under: model) { page in
            webhook.behind += page.entries.count
            webhook.oldest = [webhook.oldest, page.entries.first?.sequence].compactMap { $0 }.min()
          }
          return webhook
        }
      }
    }
  }

  /// What a webhook has not delivered, and its last attempts.
  package func deliveries(
    of name: String, in id: String
  ) async throws -> (unfinished: [WebhookDelivery], attempts: [WebhookAttempt]) {
    let deployment = try served(id)
    // What is not on disk yet is written down first.
    let unfinished = try await keeping(name, of: id) { $0.cursor.all }
    return (unfinished, try await deployment.store.attempts(of: name))
  }

  /// Sends an entry once more, or all parked ones where no sequence is given.
  /// - Returns: how many.
  package func resend(_ name: String, of id: String, sequence: Int64?) async throws -> Int {
    let deployment = try served(id)
    let now = settings.clock.milliseconds()
    guard let sequence else {
      return try await change(name, of: id) { webhook in
        let parked = webhook.cursor.all.filter(\.isParked)
        for delivery in parked { webhook.cursor.resend(delivery.sequence, of: delivery.object, at: now) }
        return parked.count
      }
    }
    let model = DeclaredWebhook.named(name, in: deployment.store.dataModel)?.model
    let entry = try await deployment.store.read { try $0.oplog(from: sequence, limit: 1).first }
    guard let entry, entry.sequence == sequence, entry.operation != .delete, entry.model == model?.number else {
      throw WebhookFault(
        "The oplog has no entry \(sequence) that the webhook \(CutText.cut(name)) could send: it was removed, or is of "
          + "another model, or deletes an object.")
    }
    return try await change(name, of: id) { webhook in
      webhook.cursor.resend(sequence, of: entry.id, at: now)
      return 1
    }
  }

  /// Gives a delivery up that waits or is parked.
  package func skip(_ name: String, of id: String, sequence: Int64) async throws {
    try await change(name, of: id) { webhook in
      guard webhook.cursor.skip(sequence) else {
        throw WebhookFault(
          "The webhook \(CutText.cut(name)) has no delivery \(sequence) that waits or is parked: it was delivered or "
            + "skipped."
        )
      }
    }
  }

  /// Delivers once more what lies in the oplog from a sequence on; 0 is the oldest that is kept.
  package func replay(_ name: String, of id: String, from start: Int64) async throws {
    let deployment = try served(id)
    let kept = try await deployment.store.read { try $0.oplogBounds().kept }
    let start = start == 0 ? kept?.lowerBound ?? 0 : start
    if let kept, start < kept.lowerBound {
      throw WebhookFault("The oldest entry that is kept is \(kept.lowerBound); \(start) lies before it.")
    }
    try await change(name, of: id) { webhook in
      guard start <= webhook.cursor.reached else {
        throw WebhookFault("The webhook has come to \(webhook.cursor.reached) and not to \(start) yet.")
      }
      webhook.cursor.replay(from: start)
    }
  }
}
