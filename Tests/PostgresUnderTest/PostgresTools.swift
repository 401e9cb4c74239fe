import Glibc
import ServerUnderTest
import Synchronization

/// PostgreSQL's programs, run by a user that is not root.
struct PostgresTools {
  private let folder: String
  /// Who runs them; nil for who runs the tests.
  private let user: (id: uid_t, group: gid_t)?

  static let missing =
    "PostgreSQL 15 or later is not installed. Install it with script/bootstrap, or: apt-get install postgresql"

  init() throws(TestFault) {
    let versions = (15...30).reversed().map { "/usr/lib/postgresql/\($0)/bin" } + ["/usr/local/bin", "/usr/bin"]
    guard let found = versions.first(where: { access("\($0)/initdb", X_OK) == 0 }) else {
      throw TestFault(Self.missing)
    }
    folder = found
    guard geteuid() == 0 else {
      user = nil
      return
    }
    guard let entry = getpwnam("postgres") ?? getpwnam("nobody") else {
      throw TestFault("root runs the tests, and there is no user postgres or nobody to run PostgreSQL")
    }
    user = (entry.pointee.pw_uid, entry.pointee.pw_gid)
  }

  func adopt(_ path: String) throws(TestFault) {
    guard let user else { return }
    guard chown(path, user.id, user.group) == 0 else { throw TestFault("\(path) cannot be given away") }
  }

  /// Starts a program whose output goes to a file in the folder: one of the program's name, or this one.
  func start(
    _ name: String, _ arguments: [String], in place: String, output: String? = nil
  ) throws(TestFault) -> ChildProcess {
    let path = access("\(folder)/\(name)", X_OK) == 0 ? "\(folder)/\(name)" : name
    let output = output ?? "\(place)/\(name).output"
    guard let user else { return try ChildProcess(path, arguments, output: output, errors: output) }
    let words = ["--reuid", "\(user.id)", "--regid", "\(user.group)", "--clear-groups", path]
    return try ChildProcess("setpriv", words + arguments, output: output, errors: output)
  }

  private static let runs = Atomic(0)

  /// Runs a program to its end; what it wrote. Several may run at once.
  @discardableResult
  func run(_ name: String, _ arguments: [String], in place: String) throws(TestFault) -> String {
    let number = Self.runs.add(1, ordering: .relaxed).newValue
    let output = "\(place)/\(name).\(number).output"
    defer { unlink(output) }
    let process = try start(name, arguments, in: place, output: output)
    let code = try process.wait(seconds: 60)
    guard code == 0 else { throw TestFault("\(name) ended with \(code): \(process.output.suffix(1000))") }
    return process.output
  }

  /// Watches over this process from another: when it is gone, so are the server and the folder.
  func removeWhenOver(_ place: String) throws(TestFault) {
    let script =
      "while kill -0 \(getpid()) 2>/dev/null; do sleep 0.3; done; "
      + "kill -QUIT $(head -n 1 \(place)/data/postmaster.pid) 2>/dev/null; sleep 0.5; rm -rf \(place)"
    _ = try ChildProcess("sh", ["-c", script], output: "/dev/null", errors: "/dev/null")
  }

  /// One that nobody listens at now.
  static func freePort() throws(TestFault) -> UInt16 {
    let listener = try LocalListener()
    defer { listener.close() }
    return listener.port
  }
}
