import Wire

/// What a service tells the manager that started it, as sd_notify(3) has it: a value that prints one datagram.
///
///     ServiceMessage.ready("Serves 2 deployments.").text  // "READY=1\nSTATUS=Serves 2 deployments."
enum ServiceMessage: Equatable, Sendable {
  /// It serves. The words say what.
  case ready(String)
  /// It reads its settings again, since this time of the monotonic clock; `ready` ends that.
  case reloading(monotonicMicroseconds: UInt64)
  case stopping(String)
  /// How it is, for people: `systemctl status` shows it.
  case status(String)
  /// It still answers.
  case watchdog
  /// What goes on takes longer, at most so many seconds from now.
  case extendTimeout(seconds: UInt64, String)

  var text: String {
    switch self {
    case .ready(let words): "READY=1\n" + Self.status(words)
    case .reloading(let time): "RELOADING=1\nMONOTONIC_USEC=\(time)\n" + Self.status("Reads its settings again.")
    case .stopping(let words): "STOPPING=1\n" + Self.status(words)
    case .status(let words): Self.status(words)
    case .watchdog: "WATCHDOG=1"
    case .extendTimeout(let seconds, let words): "EXTEND_TIMEOUT_USEC=\(seconds * 1_000_000)\n" + Self.status(words)
    }
  }

  /// One line: a line break in the words, which may be those of an error, would begin an assignment of its own.
  private static func status(_ words: String) -> String {
    "STATUS=" + PrintableText.escaped(CutText.cut(words, to: 500))
  }
}
