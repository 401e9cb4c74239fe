import CMalloc
import CProgramPages
import CommandLineTable
import Glibc
import HTTPServer
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
    options: DataPlace.optionsWithBytes + [
      CommandOption(
        "temporary", .path, placeholder: "DIR", environment: "SOJOURN_TEMPORARY", key: "temporary",
        help:
          "With --storage: this node's own folder for temporary files, smaller pictures and the certificate that it "
          + "makes; without it one in TMPDIR that goes with the process."),
      CommandOption(
        "require-existing", .flag, environment: "SOJOURN_REQUIRE_EXISTING", key: "require-existing",
        help: "Does not start where there is no data directory yet, such as on a volume that is not mounted."),
      CommandOption(
        "listen", .several(.listen), placeholder: "URL", environment: "SOJOURN_LISTEN", key: "listen",
        default: "https://127.0.0.1:8443",
        help: "Where to listen. Plain http only on a loopback address, or with --trusted-proxy."),
      LocalIdentity.certificate, LocalIdentity.privateKey,
      CommandOption(
        "public-url", .webAddress, placeholder: "URL", environment: "SOJOURN_PUBLIC_URL", key: "public-url",
        help: "How clients reach the server, where that is not what they ask for: begins every printed URL."),
      BrowserHost.option,
      CommandOption(
        "trusted-proxy", .several(.text), placeholder: "CIDR", environment: "SOJOURN_TRUSTED_PROXY",
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
        "admin-network", .several(.text), placeholder: "CIDR", environment: "SOJOURN_ADMIN_NETWORK",
        key: "admin-network",
        help: "Peers that may ask there, beside this machine; needed where it is no loopback address."),
    ] + PeopleWiring.options + S3Options.options,
    examples: [
      CommandExample("sojourn serve --data-dir data", "on this machine, with a certificate of its own"),
      CommandExample(
        "sojourn serve --data-dir data --listen https://0.0.0.0:443 --tls-cert chain.pem --tls-key key.pem",
        "for everyone"),
    ])

  static func run(_ command: ParsedCommand) async throws(UsageError) -> Int32 {
    let log = ServerLog(isText: isatty(2) == 1, style: Terminal.style(of: 2), clock: SystemClock())
    let signals = SignalWatch(hasTerminal: isatty(2) == 1)
    let notifier = ServiceNotifier(Terminal.variable("NOTIFY_SOCKET"), log: log)
    do {
      return try await serve(command, signals, notifier, log)
    } catch let error as UsageError {
      await notifier.send(.status("Cannot start: \(error.message)"))
      throw error
    } catch {
      let sentence = sentence(of: error)
      log.error(sentence)
      await notifier.send(.status("Cannot start: \(sentence)"))
      return 1
    }
  }

  private static func sentence(of error: any Error) -> String {
    switch error {
    case let error as ServerError: error.description
    case let error as any ExplainedError: error.sentence
    default: "The server could not start: \(error)"
    }
  }

  struct ServeFault: ExplainedError {
    let sentence: String
  }

  private static func serve(
    _ command: ParsedCommand, _ signals: SignalWatch, _ notifier: ServiceNotifier, _ log: ServerLog
  ) async throws -> Int32 {
    Memory.prepare()
    let server = try await notifier.prolonging("Opens the data in \(DataPlace(command).words).") {
      try await RunningServer(command, log: log)
    }
    let reports = server.reports(
      to: notifier,
      ServiceWatchdog(
        microseconds: Terminal.variable("WATCHDOG_USEC"), process: Terminal.variable("WATCHDOG_PID"), own: getpid()),
      log: log)
    await notifier.send(.ready(reports.words()))
    Memory.letGo()
    let reporting = Task { await reports.run() }
    let reload = Reload(directory: server.data.path, identity: server.identity, log: log)
    var settings = command
    var signal = await signals.next()
    while signal == .reload {
      await notifier.send(.reloading(monotonicMicroseconds: monotonicMicroseconds))
      settings = reload.run(settings, arguments: Array(CommandLine.arguments.dropFirst()))
      await notifier.send(.ready(reports.words()))
      signal = await signals.next()
    }
    // Whoever asks it from now on is refused, and so is the watchdog's question.
    reporting.cancel()
    await notifier.send(.stopping("Finishes what runs, for up to 30 seconds."))
    if case .end(let name) = signal { log.note("\(name) received: finishing what runs, for up to 30 seconds.") }
    await server.stop()
    log.note("Stopped. Everything that was acknowledged is on disk.")
    return 0
  }

  private static var monotonicMicroseconds: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
  }
}

/// What SIGHUP does: the settings are read again, and those that can change while the server runs take effect
/// (docs/operations.md names them).
struct Reload {
  /// The settings that take effect at once: where certificate and key lie.
  static let settings: Set<String> = ["tls-cert", "tls-key"]

  let directory: String
  /// Nil where nothing is served over https.
  let identity: ServedIdentity?
  let log: ServerLog

  /// - Returns: the settings in force from now on.
  func run(_ present: ParsedCommand, arguments: [String]) -> ParsedCommand {
    let read: ParsedCommand
    do throws(UsageError) {
      guard case .run(let command) = try Commands.table.parse(processArguments: arguments) else { return present }
      read = command
      let files = try LocalIdentity.files(read, in: directory)
      let later = read.differences(from: present).filter { !Self.settings.contains($0) }
      if !later.isEmpty {
        log.warning(
          "SIGHUP: \(later.joined(separator: ", ")) changed, which takes effect when the server is started again.")
      }
      if identity?.reload(from: files) != true {
        log.note("SIGHUP: clients are shown the certificate that they were shown before.")
      }
    } catch {
      log.error("SIGHUP: the settings cannot be read, and nothing was changed: \(error.message)")
      return present
    }
    return read
  }
}

/// How the process uses the C library.
enum Memory {
  /// glibc keeps an arena for each thread and gives little of it back; a few arenas do as well, and
  /// large blocks go back to the system at once.
  static func prepare() {
    mallopt(M_ARENA_MAX, 2)
    mallopt(M_MMAP_THRESHOLD, 256 << 10)
    mallopt(M_TRIM_THRESHOLD, 1 << 20)
    // Without a zone in the environment the C library looks at /etc/localtime for each Date header.
    // Nothing here is ever in local time.
    setenv("TZ", "UTC", 1)
  }

  /// A start, and work, run through code and tables of all parts, of which a server that rests needs few. The kernel
  /// keeps program pages that a process has mapped longer than other cache; let go of, they are the first to make room.
  /// What is needed again is mapped again, which takes the next requests some milliseconds.
  static func letGo() { sojourn_let_go_of_program_pages() }
}
