import CPostgres
import Glibc

/// Waits at a connection's socket, which is the only place where a thread with a connection blocks.
enum PostgresSocket {
  enum Event { case reading, writing, either }

  /// True when there is something to do; false when time is over. An error of the socket is something to do: libpq
  /// finds it and has words for it.
  static func wait(_ handle: OpaquePointer, for event: Event, until deadline: ContinuousClock.Instant) -> Bool {
    let events =
      switch event {
      case .reading: POLLIN
      case .writing: POLLOUT
      case .either: POLLIN | POLLOUT
      }
    var entry = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
    guard entry.fd >= 0 else { return true }
    while true {
      let left = milliseconds(until: deadline)
      let count = poll(&entry, 1, left)
      if count > 0 { return true }
      if count < 0, errno != EINTR { return true }
      if left == 0 { return false }
    }
  }

  /// Whether something lies there to be read. On a connection that rests it is the news that the session ended.
  static func hasSomething(_ handle: OpaquePointer) -> Bool {
    var entry = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
    return entry.fd < 0 || poll(&entry, 1, 0) != 0
  }

  /// Rounded up, so that a wait does not end early and begin again.
  private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
    let left = (deadline - .now).components
    if left.seconds < 0 || left.attoseconds < 0 { return 0 }
    let milliseconds =
      min(left.seconds, 1_000_000) * 1000 + (left.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Int32(clamping: milliseconds)
  }
}
