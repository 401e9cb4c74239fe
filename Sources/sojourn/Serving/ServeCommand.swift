import Administration
import Webhooks
import API
import Deployments
import Attachments
import CommandLineTable
import Glibc
import HTTPServer
import Objects
import Storage
import StorageSQLite
import Wire

/// `sojourn serve`: puts the server together, runs it until a signal, and takes it apart in order.
enum ServeCommand {
  static let command = Command(
    "serve", summary: "Serves the deployments of a data directory.",
    discussion: [
      "Without --listen it listens at https://127.0.0.1:8443. Without a certificate it makes one for this machine, "
        + "keeps it in the data directory and says how to trust it. SIGTERM and SIGINT let running requests finish, "
        + "then end it. SIGHUP reads certificate and key again, which also happens soon after their files change."
    ],
    options: [
      Commands.dataDirectory,
      CommandOption(
        "require-existing", .flag, environment: "SOJOURN_REQUIRE_EXISTING", key: "require-existing",
        help: "Does not start where there is no data directory yet, such as on a volume that is not mounted."),
      CommandOption(
        "listen", .listen, placeholder: "URL", repeated: true, environment: "SOJOURN_LISTEN", key: "listen",
        default: "https://127.0.0.1:8443",
        help: "Where to listen. Plain http only on a loopback address, or with --trusted-proxy."),
      CommandOption(
        "tls-cert", .path, placeholder: "F", environment: "SOJOURN_TLS_CERT", key: "tls-cert",
        help: "The certificate with its chain (PEM)."),
      CommandOption(
        "tls-key", .path, placeholder: "F", environment: "SOJOURN_TLS_KEY", key: "tls-key",
        help: "The certificate's private key (PEM)."),
      CommandOption(
        "public-url", .webAddress, placeholder: "URL", environment: "SOJOURN_PUBLIC_URL", key: "public-url",
        help: "How clients reach the server, where that is not what they ask for: begins every printed URL."),
      CommandOption(
        "trusted-proxy", .text, placeholder: "CIDR", repeated: true, environment: "SOJOURN_TRUSTED_PROXY",
        key: "trusted-proxy", help: "Peers whose X-Forwarded-For, -Proto and -Host are believed."),
      CommandOption(
        "body-limit", .size(1024...2_000_000_000), environment: "SOJOURN_BODY_LIMIT", key: "body-limit",
        default: "50 MB",
        help: "The largest request body, decompressed."),
      CommandOption(
        "attachment-limit", .size(1024...(16 << 40)), environment: "SOJOURN_ATTACHMENT_LIMIT", key: "attachment-limit",
        default: "5 GiB",
        help: "The largest attachment that is uploaded by itself."),
      CommandOption(
        "answer-memory", .size(0...(1 << 40)), environment: "SOJOURN_ANSWER_MEMORY", key: "answer-memory",
        default: "64 MiB",
        help: "What large answers may take of memory, all together, while the disk takes no temporary files."),
      CommandOption(
        "head-limit", .size(1024...98_304), environment: "SOJOURN_HEAD_LIMIT", key: "head-limit", default: "64 KiB",
        help: "The largest block of request headers; at most 96 KiB."),
      CommandOption(
        "request-line-limit", .size(512...32_768), environment: "SOJOURN_REQUEST_LINE_LIMIT", key: "request-line-limit",
        default: "16 KiB", help: "The longest request line; at most 32 KiB."),
      CommandOption(
        "idle-timeout", .duration(1...86_400), environment: "SOJOURN_IDLE_TIMEOUT", key: "idle-timeout", default: "75s",
        help: "How long a connection may rest."),
      CommandOption(
        "connections", .integer(16...100_000), environment: "SOJOURN_CONNECTIONS", key: "connections",
        default: "4096", help: "Connections at a time; more wait."),
      CommandOption(
        "read-limit", .duration(1...3600), environment: "SOJOURN_READ_LIMIT", key: "read-limit", default: "20s",
        help: "How long one read of storage may take before it is answered with 503."),
      CommandOption(
        "admin-listen", .listen, placeholder: "URL", environment: "SOJOURN_ADMIN_LISTEN", key: "admin-listen",
        help:
          "Where /metrics and /health are answered for monitors, such as http://127.0.0.1:9464; nowhere without it."),
      CommandOption(
        "admin-network", .text, placeholder: "CIDR", repeated: true, environment: "SOJOURN_ADMIN_NETWORK",
        key: "admin-network",
        help: "Peers that may ask there, beside this machine; needed where it is no loopback address."),
    ] + S3Options.options,
    examples: [
      CommandExample("sojourn serve --data-dir data", "on this machine, with a certificate of its own"),
      CommandExample(
        "sojourn serve --data-dir data --listen https://0.0.0.0:443 --tls-cert chain.pem --tls-key key.pem",
        "for everyone"),
    ])

  static func run(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    let log = ServerLog(isText: isatty(2) == 1, style: Terminal.style(of: 2), clock: SystemClock())
    let signals = SignalWatch(hasTerminal: isatty(2) == 1)
    do {
      return try await serve(command, log: log, signals: signals)
    } catch let error as UsageError {
      throw error
    } catch let fault as ServeFault {
      log.error(fault.sentence)
      return 1
    } catch let error as ServerError {
      log.error(error.description)
      return 1
    } catch let error as StorageError {
      log.error(error.sentence)
      return 1
    } catch let fault as DeploymentFault {
      log.error(fault.sentence)
      return 1
    } catch let fault as BlobFault {
      log.error(fault.sentence)
      return 1
    } catch {
      log.error("The server could not start: \(error)")
      return 1
    }
  }

  struct ServeFault: Error {
    let sentence: String
  }

  private static func serve(_ command: ParsedCommand, log: ServerLog, signals: SignalWatch) async throws
    -> Int32
  {
    Memory.prepare()
    let path = command.text("data-dir") ?? ""
    var configuration = try ServeConfiguration.read(command)
    configuration.inherited = .ofThisProcess()
    let monitoring = try Monitoring(command, log: log)
    if command.flag("require-existing"), let sentence = DataDirectory.absence(at: path) {
      throw command.usageError(
        sentence, hint: "Is its volume mounted? Without --require-existing, serve makes what is missing.")
    }
    let directory = try await open(path)
    configuration.temporaryDirectory = directory.spool
    let files = try LocalIdentity.files(command, in: path)
    let stamps = files.stamps
    if configuration.listeners.contains(where: { $0.scheme == .https }) {
      configuration.identity = try LocalIdentity.load(files, command, in: path, log: log)
    }
    let clock = SystemClock()
    var options = SQLiteObjectStore.Options()
    options.secondsPerRead = command.seconds("read-limit") ?? options.secondsPerRead
    options.report = { log.note($0) }
    let engine = try SQLiteEngine(
      directory, clock: clock, otherFiles: configuration.limits.connections + 512, leastOtherFiles: 64,
      options: options)
    let deployments = try await DeploymentRegistry(engine: engine, clock: clock)
    try await Self.warn(of: deployments, engine, log)
    let attachments = try LocalAttachments.open(
      in: path, spool: directory.spool, store: try S3Options.settings(command),
      limit: command.bytes("attachment-limit") ?? AttachmentService.usualLimit)
    let deletions = UnfinishedDeletions(directory: path)
    await deletions.finish(deployments, attachments) { log.warning($0) }
    let publicURL = ServeConfiguration.publicURL(command)
    let spool = SpoolPlace(
      directory: directory.spool, memory: SpoolMemory(limit: command.bytes("answer-memory") ?? 64 << 20))
    let webhooks = try WebhookWiring(
      deployments: deployments, attachments: attachments, spool: spool, directory: path, clock: clock
    ).sending(as: publicURL ?? ServeConfiguration.ownURL(configuration), log: log)
    var services = APIServices(
      deployments: deployments, attachments: attachments, spool: spool, clock: clock, log: log)
    services.publicURL = publicURL
    services.limits = configuration.limits
    services.health = monitoring.health
    services.metrics = monitoring.requests
    services.webhookKey = { webhooks.publicKey(of: $0) }
    monitoring.health.serve(deployments)
    let server = try HTTPServer(configuration: configuration, handler: APIHandler(services))
    monitoring.watch(deployments, webhooks, server)
    let socket = try AdminSocket(
      path: DataDirectory.socket(in: path),
      administration: Administration(
        deployments: deployments, attachments: attachments, deletions: deletions, webhooks: webhooks),
      log: { log.act($0.message, $0.members) })
    let count = deployments.all.count + deployments.allUnusable.count
    log.note(
      "Sojourn \(Commands.version) serves \(count) deployment\(count == 1 ? "" : "s") out of \(path)")
    await webhooks.start(deployments.all.map(\.id))
    if publicURL == nil { await WebhookWiring.warn(of: webhooks, deployments, log) }
    for address in server.addresses {
      log.note("Listening at \(address.scheme.rawValue)://\(address.host):\(address.port)")
    }
    if deployments.all.isEmpty, deployments.allUnusable.isEmpty {
      log.note("There is no deployment yet. `sojourn deployment create` makes one.")
    }

    let tending = Task {
      while !Task.isCancelled {
        try? await Task.sleep(for: .seconds(60))
        if !Task.isCancelled { await deployments.tend() }
      }
    }
    let following = Task { await deployments.follow() }
    let sweeping = Task {
      await AttachmentTending(deployments: deployments, attachments: attachments, clock: clock) { log.warning($0) }
        .run()
    }
    let identity =
      configuration.identity == nil
      ? nil
      : ServedIdentity(files, read: stamps, log: log) { shown throws(ServerError) in try server.show(shown) }
    let watching = Task { await identity?.run() }
    let reload = Reload(directory: path, identity: identity, log: log)
    var settings = command
    var signal = await signals.next()
    while signal == .reload {
      settings = reload.run(settings, arguments: Array(CommandLine.arguments.dropFirst()))
      signal = await signals.next()
    }
    if case .end(let name) = signal { log.note("\(name) received: finishing what runs, for up to 30 seconds.") }
    watching.cancel()
    tending.cancel()
    following.cancel()
    monitoring.health.drain()
    sweeping.cancel()
    await webhooks.stop()
    deployments.endWaits()
    await server.shutdown(grace: 30)
    socket.close()
    await deployments.close()
    await monitoring.close()
    attachments.close()
    unlink(DataDirectory.socket(in: path))
    log.note("Stopped. Everything that was acknowledged is on disk.")
    return 0
  }

  /// Says what in the directory is not served.
  private static func warn(of deployments: DeploymentRegistry, _ engine: SQLiteEngine, _ log: ServerLog) async throws {
    let wanted = engine.filesWanted(for: deployments.all.count + deployments.allUnusable.count)
    let limit = OpenFileLimit.now
    if limit.hard < wanted {
      log.warning(
        "This process may have \(limit.hard) files open (the hard limit, RLIMIT_NOFILE), and its deployments and connections "
          + "may need \(wanted). \(limit.advice(wanted: wanted))")
    }
    for unusable in deployments.allUnusable {
      log.error(
        "The deployment \(unusable.id) (\(CutText.cut(unusable.record.name))) is answered with 503; the others are "
          + "served. \(unusable.reason) Start the server again afterwards"
          + (unusable.isForWantOfFiles ? "." : ", or remove it with `sojourn deployment delete`."))
    }
    let strays = try await engine.strayFiles()
    if !strays.isEmpty {
      log.warning(
        "No deployment is registered for \(strays.prefix(20).joined(separator: ", "))"
          + "\(strays.count > 20 ? " and \(strays.count - 20) more" : "") in \(engine.deploymentsDirectory): nothing "
          + "in there is served. Restore the control file that knows them from a backup, or move them away.")
    }
  }

  /// Takes the data directory. A command that has it for a moment is waited for; a server, which
  /// answers at its socket, is not.
  private static func open(_ path: String) async throws -> DataDirectory {
    var looks = 50
    while true {
      do throws(DataDirectory.Refusal) {
        return try DataDirectory(path)
      } catch {
        switch error {
        case .inUse(let process):
          looks -= 1
          let isServed = (try? UnixSocket.connected(to: DataDirectory.socket(in: path))) != nil
          guard !isServed, looks > 0 else {
            throw ServeFault(
              sentence:
                "Another process\(process.isEmpty ? "" : " (\(process))") serves \(path) already. Stop it "
                + "first, or choose another --data-dir.")
          }
          try await Task.sleep(for: .milliseconds(100))
        case .unusable(let sentence): throw ServeFault(sentence: sentence)
        }
      }
    }
  }
}
