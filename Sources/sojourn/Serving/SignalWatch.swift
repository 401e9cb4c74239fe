import Glibc
import Storage
import Wire

/// Waits for SIGTERM and SIGINT. A second one ends the process at once: whoever sends it does not want
/// to wait.
///
/// The handler does the one thing that a handler may do, and writes a byte; a thread reads it. Blocking
/// the signals and waiting for them would need every thread to block them, also those that Swift's
/// tasks had started before.
final class SignalWatch: Sendable {
  private let received = WaitingQueue<String>(limit: 2)

  init() {
    // A write past the limit on file sizes is an error to handle, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    let source = signalPipe.read
    for number in [SIGTERM, SIGINT] {
      signal(number) { number in
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(signalPipe.write, &byte, 1)
      }
    }
    let received = received
    _ = try? OwnThread {
      var count = 0
      var byte: UInt8 = 0
      while true {
        let length = read(source, &byte, 1)
        if length < 0, errno == EINTR { continue }
        guard length == 1 else { return }
        count += 1
        if count > 1 { _exit(130) }
        try? received.push(Int32(byte) == SIGTERM ? "SIGTERM" : "SIGINT")
      }
    }
  }

  /// The name of the first signal.
  func first() async -> String {
    await withCheckedContinuation { (continuation: CheckedContinuation<String, Never>) in
      let received = received
      let waiter = try? OwnThread {
        continuation.resume(returning: received.take(upTo: 1)?.first ?? "a signal")
      }
      if waiter == nil { continuation.resume(returning: "no thread") }
    }
  }
}

/// Between the handler and the thread that reads it. Made before the handler is set.
private let signalPipe: (read: Int32, write: Int32) = {
  var ends: [Int32] = [-1, -1]
  _ = pipe(&ends)
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  return (ends[0], ends[1])
}()
