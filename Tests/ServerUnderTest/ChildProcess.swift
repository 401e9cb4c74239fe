import Glibc

/// A process of the real binary, with its output in files.
package final class ChildProcess: Sendable {
  package let id: pid_t
  private let outputPath: String

  /// What it has written to standard output so far.
  package var output: String { TemporaryDirectory.text(of: outputPath) }

  /// Starts it, found as a shell would find it, with nothing on standard input unless a file is named. The files of
  /// output are made anew; both may be one.
  package init(
    _ path: String, _ arguments: [String], environment: [String] = [], input: String = "/dev/null", output: String,
    errors: String
  )
    throws(TestFault)
  {
    outputPath = output
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600)
    if errors == output {
      posix_spawn_file_actions_adddup2(&actions, 1, 2)
    } else {
      posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    }
    // A descriptor that the tests themselves were given, such as a lock, must not live on in a server.
    // Marking one that is not open fails, and that is all.
    for descriptor: Int32 in 3..<1024 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
    words.append(nil)
    // What a developer has set must not change what is tested.
    var settings: [UnsafeMutablePointer<CChar>?] = []
    var entries = environ
    while let entry = entries.pointee {
      let text = String(cString: entry)
      if !text.hasPrefix("SOJOURN_") { settings.append(strdup(text)) }
      entries += 1
    }
    settings += environment.map { strdup($0) }
    settings.append(nil)
    defer { for word in words + settings { free(word) } }
    var id: pid_t = 0
    let status = posix_spawnp(&id, path, &actions, nil, words, settings)
    guard status == 0 else {
      throw TestFault("\(path) cannot be started: \(String(cString: strerror(status)))")
    }
    self.id = id
  }

  /// A size that the system tells of it, such as `VmRSS`.
  package func memoryKiB(_ name: String) -> Int? {
    let lines = TemporaryDirectory.text(of: "/proc/\(id)/status").split(separator: "\n")
    let line = lines.first { $0.hasPrefix("\(name):") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
  }

  package func signal(_ number: Int32) { kill(id, number) }

  /// Its exit code, or 128 and the signal that ended it; nil while it runs.
  package func exitCode() -> Int32? {
    var status: Int32 = 0
    guard waitpid(id, &status, WNOHANG) == id else { return nil }
    return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
  }

  /// - Throws: when it still runs after so many seconds; it is killed then.
  package func wait(seconds: Int = 30) throws(TestFault) -> Int32 {
    for _ in 0..<(seconds * 500) {
      if let code = exitCode() { return code }
      usleep(2000)
    }
    signal(SIGKILL)
    var status: Int32 = 0
    waitpid(id, &status, 0)
    throw TestFault("process \(id) did not end within \(seconds) s")
  }
}
