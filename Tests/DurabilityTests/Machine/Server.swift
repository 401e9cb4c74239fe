import Foundation
import Glibc
import JSON
import ServerUnderTest

/// A deployment with one model in a data directory, and the server that has it now.
final class Server {
  let data: String
  let deployment: String
  let authorization: String
  private let log: String
  private(set) var process: ChildProcess?
  private(set) var port: UInt16 = 0
  /// Milliseconds from each start to the first answer of `/health/ready`.
  private(set) var startTimes: [Double] = []

  /// Makes the deployment with the command.
  init(data: String, log: String, schema text: String = Server.schema) throws {
    self.data = data
    self.log = log
    let schema = log + ".schema.xml"
    try text.write(toFile: schema, atomically: true, encoding: .utf8)
    let made = try ChildProcess.sojourn(
      "deployment", "create", "--data-dir", data, "--name", "durability", "--environment", "testing",
      "--data-model", schema, "--json")
    guard made.code == 0, let root = try? JSONDocument.read(made.output).root,
      let id = root["id"]?.string, let password = root["password"]?.string
    else { throw TestFault("deployment create: \(made.output)") }
    deployment = id
    authorization = "Basic " + Data("\(id):\(password)".utf8).base64EncodedString()
  }

  /// The same deployment in another data directory, with the same password.
  init(_ server: Server, restoredTo data: String, log: String) {
    self.data = data
    self.log = log
    deployment = server.deployment
    authorization = server.authorization
  }

  static let schema = """
    <?xml version="1.0" encoding="UTF-8"?>
    <data-model>
      <model name="item" label="Item">
        <field name="number" label="Number" type="integer"/>
        <field name="note" label="Note" type="text"/>
        <display>{number}</display>
        <index on="number"/>
      </model>
    </data-model>
    """

  var databasePath: String { "\(data)/deployments/\(deployment).db" }
  var output: String { process?.output ?? "" }

  /// Starts `serve` without waiting. `limits` goes before it in a shell, for example `ulimit -Sf 100;`.
  func launch(limits: String? = nil) throws {
    unlink(log)
    let words = [
      ChildProcess.binary, "serve", "--data-dir", data, "--listen", "http://127.0.0.1:0",
    ]
    let shell = limits.map { ["bash", "-c", "\($0) exec \"$@\"", "serve"] } ?? []
    process = try ChildProcess(shell + words, output: log)
  }

  /// Starts `serve` and waits until it says that it is ready.
  func start(limits: String? = nil) throws {
    let begin = Date()
    try launch(limits: limits)
    while true {
      guard Date().timeIntervalSince(begin) < 20 else { throw TestFault("not ready after 20 s: \(output)") }
      if let port = announcedPort, let connection = try? HTTPConnection(port: port),
        let answer = try? connection.request("GET", "/health/ready"), answer.status == 200
      {
        self.port = port
        startTimes.append(Date().timeIntervalSince(begin) * 1000)
        return
      }
      usleep(2000)
    }
  }

  private var announcedPort: UInt16? {
    let mark = "Listening at http://127.0.0.1:"
    guard let found = output.range(of: mark) else { return nil }
    // The line is whole once its closing quote is there.
    let digits = output[found.upperBound...].prefix { $0.isNumber }
    guard output[found.upperBound...].dropFirst(digits.count).first == "\"" else { return nil }
    return UInt16(digits)
  }

  /// Ends it as a power cut would end the process.
  func kill() {
    process?.send(SIGKILL)
    _ = process?.end()
    process = nil
  }

  /// Asks it to stop; its exit code, nil when it had to be killed.
  func stop(withinSeconds seconds: Int = 40) -> Int32? {
    process?.send(SIGTERM)
    return end(withinSeconds: seconds)
  }

  /// Waits until it has ended by itself.
  func end(withinSeconds seconds: Int = 40) -> Int32? {
    defer { process = nil }
    return process?.end(withinSeconds: seconds)
  }

  deinit { if process != nil { kill() } }

  // MARK: Calls.

  func connection() throws(TestFault) -> HTTPConnection { try HTTPConnection(port: port) }
  func path(_ rest: String) -> String { "/api/v4/\(deployment)/\(rest)" }
}
