import Glibc
import JSON
import Synchronization

/// The real server, on a data directory of its own with one deployment, at a free port of the loopback
/// address. It ends, and its directory goes, when nobody holds it any more.
package final class ServerUnderTest: Sendable {
  package let directory: TemporaryDirectory
  package var dataDirectory: String { "\(directory.path)/data" }
  /// The deployment's id, which is the user name too.
  package let id: String
  package let password: String
  /// A named token that may write.
  package let token: String
  private let arguments: [String]
  private let environment: [String]
  private let place: Place
  private let running = Mutex<Running?>(nil)

  /// Where it keeps what it serves.
  private struct Place {
    /// As any command is told it.
    let words: [String]
    /// What `serve` is told beside that.
    var serving: [String] = []
  }

  private struct Running {
    let process: ChildProcess
    let port: UInt16
  }

  /// `/api/v4/{deployment}`
  package var base: String { "/api/v4/\(id)" }
  package var port: UInt16 { running.withLock { $0?.port ?? 0 } }
  package var processID: pid_t { running.withLock { $0?.process.id ?? 0 } }
  /// What the server has written to standard error since it was started.
  package var log: String { TemporaryDirectory.text(of: "\(directory.path)/log") }

  /// The most memory that it has had in use at once; nil where the system does not say.
  package var peakMemoryKiB: Int? { process?.memoryKiB("VmHWM") }
  /// What /proc says of it under this name.
  package func memoryKiB(_ name: String) -> Int? { process?.memoryKiB(name) }
  private var process: ChildProcess? { running.withLock { $0?.process } }

  /// Makes the deployment and starts the server. `arguments` are given to `serve` beside the usual.
  package convenience init(schema: String, arguments: [String] = [], environment: [String] = []) throws(TestFault) {
    let directory = try TemporaryDirectory()
    try self.init(
      in: directory, Place(words: ["--data-dir", "\(directory.path)/data"]), schema, arguments, environment)
  }

  /// Prepares this database, makes the deployment in it, and starts the first node; `node()` starts others.
  package convenience init(
    schema: String, storage: String, arguments: [String] = [], environment: [String] = []
  ) throws(TestFault) {
    let directory = try TemporaryDirectory()
    let words = ["--storage", storage, "--key-file", "\(directory.path)/key"]
    let prepared = try SojournBinary.run(["storage", "init"] + words)
    guard prepared.exitCode == 0 else { throw TestFault("the database was not prepared: \(prepared.errors)") }
    let serving = ["--attachments", try directory.make("attachments"), "--temporary", try directory.make("node")]
    try self.init(in: directory, Place(words: words, serving: serving), schema, arguments, environment)
  }

  private init(
    in directory: TemporaryDirectory, _ place: Place, _ schema: String, _ arguments: [String], _ environment: [String]
  ) throws(TestFault) {
    self.directory = directory
    self.place = place
    self.arguments = arguments
    self.environment = environment
    let file = try directory.write(schema, to: "schema.xml")
    let made = try SojournBinary.run(
      ["deployment", "create"] + place.words + [
        "--name", "under test", "--environment", "testing", "--data-model", file, "--json",
      ])
    guard let root = try? JSONDocument.read(Array(made.output.utf8)).root, let id = root["id"]?.string,
      let password = root["password"]?.string
    else { throw TestFault("no deployment was made: \(made.output)\(made.errors)") }
    self.id = id
    self.password = password
    let token = try SojournBinary.run(
      ["token", "create"] + place.words + ["--deployment", id, "--name", "writer", "--json"])
    guard let secret = try? JSONDocument.read(Array(token.output.utf8)).root["token"]?.string else {
      throw TestFault("no token was made: \(token.output)\(token.errors)")
    }
    self.token = secret
    try start()
  }

  /// Another node on the database of the first, with its deployment and credentials.
  private init(
    besides first: ServerUnderTest, storage: String?, environment: [String]
  ) throws(TestFault) {
    directory = try TemporaryDirectory()
    place = Place(
      words: storage.map { ["--storage", $0, "--key-file", "\(first.directory.path)/key"] } ?? first.place.words,
      serving: ["--attachments", "\(first.directory.path)/attachments", "--temporary", try directory.make("node")])
    arguments = first.arguments
    self.environment = first.environment + environment
    (id, password, token) = (first.id, first.password, first.token)
    try start()
  }

  /// Another node on the same database.
  /// - Parameters:
  ///   - storage: the address at which it finds that, where it is another, such as a relay's.
  ///   - environment: beside the first one's.
  package func node(storage: String? = nil, environment: [String] = []) throws(TestFault) -> ServerUnderTest {
    try ServerUnderTest(besides: self, storage: storage, environment: environment)
  }

  deinit { kill() }

  /// Lets a server that a whole suite shares, and which nobody lets go of, end with the tests.
  package func endWithTests() -> ServerUnderTest {
    SharedServers.add(self)
    return self
  }

  // MARK: Running.

  /// Starts it on the same directory, and returns when it answers.
  package func start() throws(TestFault) {
    let process = try ChildProcess(
      SojournBinary.path,
      ["serve"] + place.words + place.serving + ["--listen", "http://127.0.0.1:0"] + arguments,
      environment: environment, output: "\(directory.path)/output", errors: "\(directory.path)/log")
    for _ in 0..<10_000 {
      if let port = Self.port(in: log) {
        running.withLock { $0 = Running(process: process, port: port) }
        return
      }
      if let code = process.exitCode() { throw TestFault("the server ended with \(code): \(log)") }
      usleep(2000)
    }
    process.signal(SIGKILL)
    throw TestFault("the server did not start within 20 s: \(log)")
  }

  /// Ends it by SIGTERM.
  /// - Returns: its exit code.
  @discardableResult
  package func stop() throws(TestFault) -> Int32? {
    guard let process = running.withLock({ $0.take()?.process }) else { return nil }
    process.signal(SIGTERM)
    return try process.wait(seconds: 60)
  }

  /// Ends it by SIGKILL, in the middle of whatever it does.
  package func kill() {
    guard let process = running.withLock({ $0.take()?.process }) else { return }
    process.signal(SIGKILL)
    _ = try? process.wait()
  }

  private static func port(in log: String) -> UInt16? {
    let mark = "Listening at http://127.0.0.1:"
    for line in log.split(separator: "\n") {
      guard let message = try? JSONDocument.read(Array(line.utf8)).root["message"]?.string,
        message.hasPrefix(mark)
      else { continue }
      return UInt16(message.dropFirst(mark.count))
    }
    return nil
  }

  // MARK: Asking.

  /// Runs an administrative command on its data: `server.command("token", "list")`.
  package func command(_ words: String...) throws(TestFault) -> SojournBinary.Run { try command(words) }

  package func command(_ words: [String]) throws(TestFault) -> SojournBinary.Run {
    try SojournBinary.run(words + place.words)
  }

  package func connection() throws(TestFault) -> HTTPConnection { try HTTPConnection(port: port) }

  /// `Authorization` of the deployment's password.
  package var basic: String { "Authorization: Basic \(Self.base64(Array("\(id):\(password)".utf8)))" }
  package var bearer: String { "Authorization: Bearer \(token)" }

  /// Sends a request with the token over a connection of its own. `path` follows the deployment's base,
  /// and goes out as it stands.
  package func send(
    _ method: String, _ path: String, headers: [String] = [], body: [UInt8]? = nil
  ) throws(TestFault) -> Answer {
    try connection().request(method, base + path, headers: [bearer] + headers, body: body)
  }

  /// Sends JSON, or nothing.
  package func json(_ method: String, _ path: String, _ body: String? = nil) throws(TestFault) -> Answer {
    try send(
      method, path, headers: body == nil ? [] : ["Content-Type: application/json"],
      body: body.map { Array($0.utf8) })
  }

  /// Sends a form.
  package func form(_ method: String, _ path: String, _ body: String) throws(TestFault) -> Answer {
    try send(
      method, path, headers: ["Content-Type: application/x-www-form-urlencoded"], body: Array(body.utf8))
  }

  package static func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = Array(bytes[start..<min(start + 3, bytes.count)])
      let bits = part.reduce(0) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - part.count))
      for index in 0..<4 {
        text.append(index <= part.count ? letters[Int(bits >> (18 - 6 * UInt32(index)) & 63)] : "=")
      }
    }
    return text
  }
}
