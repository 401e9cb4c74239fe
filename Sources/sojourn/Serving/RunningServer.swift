import API
import Administration
import Attachments
import CommandLineTable
import Deployments
import Glibc
import HTTPServer
import People
import Storage
import StorageSQLite
import Webhooks
import Wire

/// A server that serves, with all that it is made of.
struct RunningServer {
  let data: ServedData
  /// Nil where nothing is served over https.
  let identity: ServedIdentity?
  private let monitoring: Monitoring
  private let webhooks: WebhookEngine
  private let server: HTTPServer
  private let socket: AdminSocket
  private let people: People
  private let mostConnections: Int
  /// What goes on beside the requests until the server stops.
  private let upkeep: [Task<Void, Never>]

  /// Puts the server together and starts it, from what monitors see to what sends by itself.
  init(_ command: ParsedCommand, log: ServerLog) async throws {
    var configuration = try ServeConfiguration.read(command)
    configuration.inherited = .ofThisProcess()
    let peopleSettings = try PeopleWiring.settings(command, configuration)
    monitoring = try Monitoring(command, log: log)
    let folder = try await WorkFolder.taken(by: command)
    configuration.temporaryDirectory = folder.spool
    let path = folder.path
    let files = try LocalIdentity.files(command, in: path)
    // Before they are read: what changes meanwhile is seen later.
    let stamps = files.stamps
    if configuration.listeners.contains(where: { $0.scheme == .https }) {
      configuration.identity = try LocalIdentity.load(files, command, in: path, log: log)
    }
    data = try await ServedData(command, in: folder, connections: configuration.limits.connections, log: log)
    var place = PagesWiring.Place(publicURL: ServeConfiguration.publicURL(command))
    place.home = try BrowserHost.read(command, publicURL: place.publicURL)
    place.hasGivenCertificate = !files.isOwn
    let publicURL = place.publicURL
    webhooks = try WebhookWiring(
      deployments: data.deployments, attachments: data.attachments, spool: data.spool, key: data.key,
      clock: data.clock
    ).sending(as: publicURL ?? ServeConfiguration.ownURL(configuration), log: log)
    people = try PeopleWiring.open(data.deployments, key: data.key, peopleSettings) { log.audit($0) }
    monitoring.health.serve(data.deployments)
    var administration = Administration(
      deployments: data.deployments, attachments: data.attachments, deletions: data.deletions, webhooks: webhooks,
      people: people)
    let services = Self.services(data, webhooks, monitoring, place, configuration.limits, log)
    let status = ServerStatus(command, data, webhooks, monitoring, configuration.limits)
    let pages = PagesWiring.site(data, people, administration, at: place, status, monitoring.requests, log: log)
    let server = try HTTPServer(
      configuration: configuration, sites: Sites(services, beside: [pages], root: PagesWiring.prefix))
    self.server = server
    mostConnections = configuration.limits.connections
    status.watch(server)
    monitoring.watch(data.deployments, webhooks, server)
    try await people.serve(
      at: PeopleWiring.baseURL(
        publicURL: place.pagesURL,
        server.addresses.map { Listener(scheme: $0.scheme, host: $0.host, port: $0.port) }))
    let identity =
      configuration.identity == nil
      ? nil
      : ServedIdentity(files, read: stamps, log: log) { shown throws(ServerError) in try server.show(shown) }
    self.identity = identity
    administration.facts = { [data, health = monitoring.health] in
      PlaceFacts.served(data, identity, health.report)
    }
    socket = try AdminSocket(
      path: DataDirectory.socket(in: data.path), administration: administration,
      log: { log.act($0.message, $0.members) })
    await Self.announce(data, webhooks, server, hasPublicURL: publicURL != nil, log)
    await PagesWiring.announce(people, log: log)
    upkeep = Self.upkeep(of: data, people, webhooks, identity, log)
  }

  private static func services(
    _ data: ServedData, _ webhooks: WebhookEngine, _ monitoring: Monitoring, _ place: PagesWiring.Place,
    _ limits: TransportLimits, _ log: ServerLog
  ) -> APIServices {
    var services = APIServices(
      deployments: data.deployments, attachments: data.attachments, spool: data.spool, clock: data.clock, log: log)
    services.publicURL = place.publicURL
    services.browserHost = place.home?.host
    services.limits = limits
    services.health = monitoring.health
    services.metrics = monitoring.requests
    services.webhookKey = { webhooks.publicKey(of: $0) }
    return services
  }

  /// Starts the webhooks, and says in the log what is served where.
  private static func announce(
    _ data: ServedData, _ webhooks: WebhookEngine, _ server: HTTPServer, hasPublicURL: Bool, _ log: ServerLog
  ) async {
    let count = data.count
    log.note("Sojourn \(Commands.version) serves \(count) deployment\(count == 1 ? "" : "s") out of \(data.words)")
    await webhooks.start(data.deployments.all.map(\.id))
    if !hasPublicURL { await WebhookWiring.warn(of: webhooks, data.deployments, log) }
    for address in server.addresses {
      log.note("Listening at \(address.scheme.rawValue)://\(address.host):\(address.port)")
    }
    if data.count == 0 {
      log.note("There is no deployment yet. `sojourn deployment create` makes one.")
    }
  }

  private static func upkeep(
    of data: ServedData, _ people: People, _ webhooks: WebhookEngine, _ identity: ServedIdentity?, _ log: ServerLog
  ) -> [Task<Void, Never>] {
    let deployments = data.deployments
    let sweeps = AttachmentTending(deployments: deployments, attachments: data.attachments, clock: data.clock) {
      log.warning($0)
    }
    return [
      Task {
        var rest = RestRule()
        while !Task.isCancelled {
          try? await Task.sleep(for: .seconds(60))
          if Task.isCancelled { break }
          await deployments.tend()
          if rest.look(calls: deployments.all.reduce(0) { $0 &+ $1.store.use.calls }) { Memory.letGo() }
        }
      },
      Task {
        while !Task.isCancelled {
          try? await Task.sleep(for: .seconds(60))
          if Task.isCancelled { break }
          do {
            try await people.tend()
          } catch {
            // It comes again in a minute.
            log.warning("Who was signed in when could not be written: \(error)")
          }
        }
      },
      Task { await deployments.follow(telling: { await webhooks.look(at: $0) }) },
      Task { await sweeps.run() },
      Task { await identity?.run() },
    ]
  }

  /// What it tells the service manager while it runs.
  func reports(to notifier: ServiceNotifier, _ watchdog: ServiceWatchdog?, log: ServerLog) -> ServiceReports {
    ServiceReports(
      notifier: notifier, watchdog: watchdog, log: log,
      words: { [data, server, health = monitoring.health] in
        let count = data.count
        let report = health.report
        let addresses = server.addresses.map { "\($0.scheme.rawValue)://\($0.host):\($0.port)" }
        return "Serves \(count) deployment\(count == 1 ? "" : "s") at \(addresses.joined(separator: ", "))."
          + (report.sentence == HealthReport(.serving).sentence ? "" : " \(report.sentence)")
      }, address: SelfRequest.address(server.addresses),
      isFull: { [server, mostConnections] in server.connectionCount >= mostConnections })
  }

  /// Takes the server apart, from what comes in by itself to the data. What runs may end within 30 seconds.
  func stop() async {
    for task in upkeep { task.cancel() }
    monitoring.health.drain()
    await webhooks.stop()
    data.deployments.endWaits()
    await server.shutdown(grace: 30)
    socket.close()
    await people.close()
    await data.deployments.close()
    await monitoring.close()
    data.attachments.close()
    unlink(DataDirectory.socket(in: data.path))
    data.folder.removeIfPassing()
  }
}

/// Sweeps the attachments of all deployments every hour, and looks for files that are no attachment's once a
/// day.
struct AttachmentTending: Sendable {
  let deployments: DeploymentRegistry
  let attachments: AttachmentService
  let clock: any WallClock
  let report: @Sendable (String) -> Void

  private static let hours = 24

  /// Until the task is cancelled.
  func run() async {
    var round = 0
    while !Task.isCancelled {
      try? await Task.sleep(for: .seconds(3600))
      round += 1
      for deployment in deployments.all where !Task.isCancelled {
        do {
          let sweep = AttachmentSweep(deployment.store, try deployment.blobs(in: attachments), at: clock.now)
          let isWhole = round % Self.hours == 1
          try await deployment.store.doingWhatIsDue {
            _ = try await sweep.run()
            if isWhole { try await sweep.orphans(isRemoving: true) }
          }
        } catch StorageError.leaseLost {
          // Another node does it.
        } catch {
          // It comes again in an hour.
          report("The attachments of deployment \(deployment.id) could not be swept: \(Sentence.of(error))")
        }
      }
    }
  }
}
