import Foundation
import Glibc
import ServerUnderTest

/// The real binary, or a shell around it, as a child process. What it says on both outputs goes to a
/// file.
final class ChildProcess: Sendable {
  let id: pid_t
  private let outputPath: String

  /// The binary lies beside the test bundle; `SOJOURN_BINARY` names another.
  static let binary: String = {
    if let given = ProcessInfo.processInfo.environment["SOJOURN_BINARY"] { return given }
    let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return bundle.deletingLastPathComponent().appending(path: "sojourn").path
  }()

  init(_ words: [String], output: String) throws {
    outputPath = output
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    // What a developer has set must not change what is tested.
    let settings = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SOJOURN_") }
    var environment: [UnsafeMutablePointer<CChar>?] = settings.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for setting in environment { free(setting) } }
    var id: pid_t = 0
    let code = posix_spawnp(&id, words[0], &actions, nil, &arguments, &environment)
    guard code == 0 else {
      throw TestFault("\(words[0]) cannot be started: \(String(cString: strerror(code)))")
    }
    self.id = id
  }

  /// Both outputs so far.
  var output: String { (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? "" }

  func send(_ signal: Int32) { kill(id, signal) }

  /// Waits for the end: the exit code, or minus the signal that ended it. Once only.
  func end() -> Int32 {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7f
    return signal == 0 ? (status >> 8) & 0xff : -signal
  }

  /// As `end`, but kills it when it lasts longer than `seconds`, and gives nil then.
  func end(withinSeconds seconds: Double) -> Int32? {
    let limit = Date().addingTimeInterval(seconds)
    var status: Int32 = 0
    while true {
      let found = waitpid(id, &status, WNOHANG)
      if found == id { break }
      if Date() > limit {
        send(SIGKILL)
        _ = end()
        return nil
      }
      usleep(2000)
    }
    let signal = status & 0x7f
    return signal == 0 ? (status >> 8) & 0xff : -signal
  }

  /// Its resident memory in KiB.
  var residentKiB: Int {
    let status = (try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
  }

  /// Runs a command to its end.
  static func run(_ words: [String]) throws -> (code: Int32?, output: String) {
    let place = try TemporaryDirectory()
    let process = try ChildProcess(words, output: place.path + "/output")
    let code = process.end(withinSeconds: 30)
    return (code, process.output)
  }

  static func sojourn(_ words: String...) throws -> (code: Int32?, output: String) {
    try run([binary] + words)
  }
}
