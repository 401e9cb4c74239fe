import Glibc
import ServerUnderTest
import Synchronization

/// A PostgreSQL of the tests' own, in a temporary folder, at a socket there and at a port of 127.0.0.1. Its superuser
/// is `postgres`, through the socket without a password; `owner` is an ordinary user, through the port with one.
///
/// It never runs as root, which PostgreSQL refuses. It ends with the process that started it, whatever becomes of that.
package final class PostgresCluster: Sendable {
  package let folder: String
  package let port: UInt16
  package static let ownerPassword = "Own er@7/:%secret"

  private let tools: PostgresTools
  private let server = Mutex<ChildProcess?>(nil)
  private let counter = Mutex(0)

  private static let first = Mutex<Result<PostgresCluster, TestFault>?>(nil)

  /// The one of this process. Tests that stop or kill theirs start another.
  package static func shared() throws(TestFault) -> PostgresCluster {
    try first.withLock { kept -> Result<PostgresCluster, TestFault> in
      if let kept { return kept }
      let made = Result { () throws(TestFault) in try PostgresCluster() }
      kept = made
      return made
    }.get()
  }

  /// Makes and starts one. `settings` are PostgreSQL's, as in `max_connections=20`.
  package init(settings: [String] = []) throws(TestFault) {
    tools = try PostgresTools()
    folder = try TemporaryDirectory.make(named: "sojourn-postgres")
    port = try PostgresTools.freePort()
    try tools.adopt(folder)
    try tools.run(
      "initdb",
      [
        "-D", "\(folder)/data", "-U", "postgres", "-E", "UTF8", "--locale", "C", "--auth-local", "trust", "--auth-host",
        "scram-sha-256", "--no-sync",
      ], in: folder)
    try write(settings)
    try start()
    try tools.removeWhenOver(folder)
    try run("CREATE ROLE owner LOGIN PASSWORD '\(Self.ownerPassword)'")
  }

  /// What a test wants of the disk is that a killed process loses nothing, for which nothing need be synced.
  private func write(_ settings: [String]) throws(TestFault) {
    let lines = [
      "listen_addresses = '127.0.0.1'", "port = \(port)", "unix_socket_directories = '\(folder)'", "fsync = off",
      "max_connections = 60", "shared_buffers = 32MB", "log_line_prefix = '%m %p %u@%d %a '", "log_statement = none",
    ]
    let file = "\(folder)/data/postgresql.auto.conf"
    let number = open(file, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard number >= 0 else { throw TestFault("\(file) cannot be written") }
    defer { close(number) }
    let bytes = Array((lines + settings).map { $0 + "\n" }.joined().utf8)
    guard Glibc.write(number, bytes, bytes.count) == bytes.count else { throw TestFault("\(file) cannot be written") }
  }

  /// Starts it again after it was stopped or killed. Sessions of one that was killed may go on for a moment, and keep
  /// the new one from starting.
  package func start() throws(TestFault) {
    for _ in 0..<200 {
      if try startOnce() { return }
      usleep(50_000)
    }
    throw TestFault("sessions of the killed postgres did not end: \(log)")
  }

  /// False where what is left of a killed one still runs.
  private func startOnce() throws(TestFault) -> Bool {
    let started = try tools.start("postgres", ["-D", "\(folder)/data"], in: folder)
    server.withLock { $0 = started }
    for _ in 0..<3000 {
      // The eighth line of the file says whether it takes connections.
      let lines = TemporaryDirectory.text(of: "\(folder)/data/postmaster.pid").split(separator: "\n")
      if lines.first == "\(started.id)", lines.count >= 8, lines[7].hasPrefix("ready") { return true }
      if let code = started.exitCode() {
        if log.contains("is still in use") { return false }
        throw TestFault("postgres ended with \(code): \(log)")
      }
      usleep(10_000)
    }
    throw TestFault("postgres was not ready within 30 s: \(log)")
  }

  /// Gives a file or folder to the user who runs it.
  package func adopt(_ path: String) throws(TestFault) { try tools.adopt(path) }

  /// Ends it as `signal` says: SIGINT ends sessions and stops, SIGQUIT stops at once, SIGKILL is no farewell at all.
  package func stop(_ signal: Int32 = SIGINT) throws(TestFault) {
    guard let running = server.withLock({ $0.take() }) else { return }
    running.signal(signal)
    _ = try running.wait()
  }

  /// The end of what it has written.
  package var log: String { String(TemporaryDirectory.text(of: "\(folder)/postgres.output").suffix(2000)) }

  /// Runs SQL as the superuser; what it printed, without decoration.
  @discardableResult
  package func run(_ sql: String, in database: String = "postgres") throws(TestFault) -> String {
    try tools.run(
      "psql",
      ["-h", folder, "-p", "\(port)", "-U", "postgres", "-d", database, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql],
      in: folder)
  }

  /// A new and empty database that belongs to `owner`.
  package func database() throws(TestFault) -> PostgresDatabase {
    let number = counter.withLock { counter in
      counter += 1
      return counter
    }
    let name = "test_\(number)"
    try run("CREATE DATABASE \(name) OWNER owner")
    return PostgresDatabase(cluster: self, name: name)
  }
}

/// A database of a test.
package struct PostgresDatabase: Sendable {
  package let cluster: PostgresCluster
  package let name: String

  /// As `owner`, through the port.
  package var address: String { address(port: cluster.port) }

  /// The same through another port, such as a relay's.
  package func address(port: UInt16) -> String {
    "postgresql://owner:\(Self.encodedPassword)@127.0.0.1:\(port)/\(name)"
  }

  /// As the superuser, through the socket.
  package var superuserAddress: String {
    "postgresql:///\(name)?host=\(cluster.folder)&port=\(cluster.port)&user=postgres"
  }

  /// Runs SQL as the superuser.
  @discardableResult
  package func run(_ sql: String) throws(TestFault) -> String { try cluster.run(sql, in: name) }

  private static let encodedPassword = "Own%20er%407%2F%3A%25secret"
}
