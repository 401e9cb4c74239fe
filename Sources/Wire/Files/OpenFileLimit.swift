import Glibc

/// How many files the process may have open at a time, connections among them (`RLIMIT_NOFILE`).
package struct OpenFileLimit: Sendable, Equatable {
  /// What holds. The process may raise it up to `hard`.
  package let soft: Int
  /// What only the administrator of the machine raises.
  package let hard: Int

  package init(soft: Int, hard: Int) {
    self.soft = soft
    self.hard = hard
  }

  package static var now: OpenFileLimit {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return OpenFileLimit(soft: .max, hard: .max)
    }
    return OpenFileLimit(soft: Int(clamping: limit.rlim_cur), hard: Int(clamping: limit.rlim_max))
  }

  /// What should hold so that so many files can be open; nil where enough may be already, or no more can.
  package func raised(to wanted: Int) -> OpenFileLimit? {
    soft < min(wanted, hard) ? OpenFileLimit(soft: min(wanted, hard), hard: hard) : nil
  }

  /// Raises what holds as far as the process may, never lowers it.
  package static func raise(to wanted: Int) {
    var limit = rlimit()
    guard let raised = now.raised(to: wanted), getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
    else { return }
    limit.rlim_cur = rlim_t(raised.soft)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  /// What an administrator does about a hard limit that is too low; `wanted` is what would do.
  package func advice(wanted: Int?) -> String {
    let number = wanted.map { "\($0)" } ?? "N"
    return
      "Raise it, with LimitNOFILE=\(number) in systemd's unit, --ulimit nofile=\(number) for a container or `ulimit -Hn "
      + "\(number)` in the shell that starts it; or lower --connections (SOJOURN_CONNECTIONS), which count too."
  }
}
