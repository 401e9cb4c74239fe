import CMicrohttpd
import Glibc
import Synchronization
import Threads
import Wire

/// HTTP/1.1 and HTTPS on a set of addresses, for one handler or several sites (api.md section 2).
///
///     let server = try HTTPServer(configuration: configuration, sites: sites)
///     …
///     await server.shutdown()
///
/// Starting one ignores `SIGPIPE` for the whole process (a client that goes away must not end it), and
/// raises the soft limit of open files towards what `limits.connections` may need.
package final class HTTPServer: Sendable {
  private let service: Service
  /// Where it listens: the port is the real one where 0 was asked for. `localhost` gives two.
  package let addresses: [(scheme: Listener.Scheme, host: String, port: UInt16)]
  /// The port of each listener in the order of the configuration.
  package let boundPorts: [UInt16]
  private let running: Mutex<Running?>

  /// What stops at the end.
  ///
  /// `@unchecked Sendable` is safe: the pointers are used by whoever took them out of `running`, alone.
  private struct Running: @unchecked Sendable {
    var acceptor: Acceptor
    var watchdog: Watchdog
    var daemons: [OpaquePointer]
    /// What the daemons point to.
    var endpoints: [Endpoint]
  }

  /// For one handler of all paths.
  package convenience init(
    configuration: ServerConfiguration, handler: any Handler, watchdogMilliseconds: Int = 1000
  ) throws(ServerError) {
    try self.init(
      configuration: configuration, sites: Sites(rest: handler), watchdogMilliseconds: watchdogMilliseconds)
  }

  /// Listens when it returns. `watchdogMilliseconds` is how often deadlines are looked at.
  package init(
    configuration: ServerConfiguration, sites: Sites, watchdogMilliseconds: Int = 1000
  ) throws(ServerError) {
    guard !configuration.listeners.isEmpty else { throw .noListener }
    signal(SIGPIPE, SIG_IGN)
    OpenFileLimit.raise(to: configuration.limits.connections + 512)
    service = try Service(configuration: configuration, sites: sites)
    var sockets: [ListenSocket] = []
    var ports: [UInt16] = []
    var inherited = configuration.inherited
    for listener in configuration.listeners {
      if listener.scheme == .https, configuration.identity == nil { throw .certificateMissing }
      let opened = try ListenSocket.open(listener, inherited: &inherited)
      sockets += opened
      ports.append(opened[0].port)
    }
    if let untaken = inherited.untaken { throw .inheritedSocket(untaken) }
    addresses = sockets.map { ($0.scheme, $0.host, $0.port) }
    boundPorts = ports

    var entrances: [Acceptor.Entrance] = []
    var endpoints: [Endpoint] = []
    do {
      for socket in sockets {
        let endpoint = Endpoint(service: service, scheme: socket.scheme)
        endpoints.append(endpoint)
        guard let daemon = HTTPServer.startDaemon(endpoint) else {
          throw ServerError.library("the HTTP library could not start for \(socket.host) port \(socket.port)")
        }
        entrances.append(Acceptor.Entrance(socket: socket, daemon: daemon))
      }
      let watchdog = try Watchdog(service, tickMilliseconds: watchdogMilliseconds)
      do {
        let acceptor = try Acceptor(
          entrances, table: service.connections, limit: configuration.limits.connections)
        running = Mutex(
          Running(
            acceptor: acceptor, watchdog: watchdog, daemons: entrances.map(\.daemon), endpoints: endpoints))
      } catch {
        watchdog.stop()
        throw error
      }
    } catch {
      for entrance in entrances { MHD_stop_daemon(entrance.daemon) }
      throw error as? ServerError ?? .library("the server could not start")
    }
  }

  deinit { stop(graceMilliseconds: 0) }

  /// Open connections.
  package var connectionCount: Int { service.connections.count }
  /// Memory that request bodies hold.
  package var bodyBytesInUse: Int { service.bodies.bytesInUse }

  /// Shows another identity in TLS handshakes from now on; connections that are open go on.
  /// - Returns: whether it is another one; false where nothing is served over https.
  @discardableResult
  package func show(_ identity: TLSIdentity) throws(ServerError) -> Bool {
    try service.identity?.show(identity) ?? false
  }

  /// Accepts no more, lets requests that run finish for up to `grace` seconds, answers those that do not
  /// with the site's `draining`, and closes all connections. Connections that rest stay open a little
  /// (`ServerConfiguration.restMilliseconds`), and what comes on them is answered with `Connection: close`.
  /// A second call does nothing.
  package func shutdown(grace: Int = 30) async {
    await withCheckedContinuation { continuation in
      // On a thread of its own: it waits, and the tasks that it waits for need Swift's threads.
      let thread = try? OwnThread(named: "http-shutdown") { [self] in
        stop(graceMilliseconds: grace * 1000)
        continuation.resume()
      }
      if thread == nil {
        stop(graceMilliseconds: grace * 1000)
        continuation.resume()
      }
    }
  }

  /// `shutdown` for callers that may block.
  package func stop(graceMilliseconds: Int) {
    guard let running = running.withLock({ $0.take() }) else { return }
    service.stage = .draining
    running.acceptor.stop()
    let rest = min(graceMilliseconds, service.configuration.restMilliseconds)
    let isEmpty = wait(rest) { service.connections.count == 0 }
    if !isEmpty { wait(graceMilliseconds - rest) { closeIdle() } }
    service.stage = .ending
    // libmicrohttpd must not be stopped while a connection is suspended.
    let isQuiet = wait(5000) {
      let waiting = service.connections.waiting()
      for exchange in waiting {
        exchange.leave(service.prepare(exchange.failure(.draining), to: exchange.head))
      }
      return waiting.isEmpty
    }
    // A moment for those answers to go out.
    wait(min(graceMilliseconds, 500)) { closeIdle() }
    running.watchdog.stop()
    guard isQuiet else {
      // A connection's thread that never comes back from the handler cannot be joined: leave it, and what
      // it uses, to the end of the process.
      for endpoint in running.endpoints { _ = Unmanaged.passRetained(endpoint) }
      return
    }
    for daemon in running.daemons { MHD_stop_daemon(daemon) }
    withExtendedLifetime(running.endpoints) {}
  }

  private func closeIdle() -> Bool {
    service.connections.closeIdle(now: Int64(Service.now() / 1_000_000)) == 0
  }

  /// Looks every few milliseconds whether `isDone`; false when the time is over before.
  @discardableResult
  private func wait(_ milliseconds: Int, until isDone: () -> Bool) -> Bool {
    let end = Service.now() &+ UInt64(max(0, milliseconds)) &* 1_000_000
    while true {
      if isDone() { return true }
      if Service.now() >= end { return false }
      usleep(5000)
    }
  }

  private static let events = Events(pointer: Endpoint.makeEvents())

  /// `@unchecked Sendable` is safe: the table behind the pointer is never written again.
  private struct Events: @unchecked Sendable { let pointer: UnsafePointer<sojourn_http_events> }

  private static func startDaemon(_ endpoint: Endpoint) -> OpaquePointer? {
    let configuration = endpoint.service.configuration
    let threads = max(1, min(configuration.threads, 64))
    var options = sojourn_http_options()
    options.threads = UInt32(threads)
    // The acceptor keeps the limit; this one, divided among the threads, must not be hit before.
    options.connection_limit = UInt32(clamping: configuration.limits.connections * 2 + 64)
    options.idle_timeout = UInt32(clamping: configuration.limits.idleSeconds)
    options.connection_memory = configuration.limits.connectionMemory
    guard endpoint.scheme == .https else {
      return sojourn_http_start(&options, events.pointer, Unmanaged.passUnretained(endpoint).toOpaque())
    }
    return "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE".withCString { priorities in
      options.tls_priorities = priorities
      return sojourn_http_start(&options, events.pointer, Unmanaged.passUnretained(endpoint).toOpaque())
    }
  }
}

/// Looks at all connections once a second, and cuts those that are over.
///
/// `@unchecked Sendable` is safe: `thread` is written before anyone else sees the object, and by the one
/// who stops it.
final class Watchdog: @unchecked Sendable {
  private let wakeup: Wakeup
  private var thread: OwnThread?

  /// `tickMilliseconds` is a second, but for tests that will not wait that long.
  init(_ service: Service, tickMilliseconds: Int) throws(ServerError) {
    wakeup = try Wakeup()
    thread = try? OwnThread(named: "http-watchdog") { [wakeup] in
      while !wakeup.wait(milliseconds: tickMilliseconds) {
        service.connections.enforce(now: Int64(Service.now() / 1_000_000), limits: service.limits)
      }
    }
    if thread == nil { throw .library("the system has no thread left to start the server with") }
  }

  func stop() {
    wakeup.wake()
    thread?.join()
    thread = nil
  }
}
