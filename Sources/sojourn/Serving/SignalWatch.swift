import Glibc
import Storage
import Synchronization

/// Waits for SIGTERM and SIGINT.
///
/// A handler hands each of them to a thread through a pipe. Blocking them and waiting with `sigwait`
/// would need every thread to block them, and the main thread, on which this does not run, is there
/// before us.
///
/// A second signal ends the process at once: whoever sends it does not want to wait.
final class SignalWatch: Sendable {
  private let received = WaitingQueue<String>(limit: 2)
  /// The pipe's end for the handler, which can know nothing but what is global.
  private static let entrance = Atomic<Int32>(-1)

  init() {
    // A write past the limit on file sizes is an error to handle, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [-1, -1]
    // Without a pipe the signals keep their own effect: they end the process.
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    Self.entrance.store(ends[1], ordering: .releasing)
    let (received, descriptor) = (received, ends[0])
    _ = try? OwnThread {
      var count = 0
      while true {
        var number: UInt8 = 0
        guard read(descriptor, &number, 1) == 1 else { continue }
        count += 1
        if count > 1 { _exit(130) }
        try? received.push(Int32(number) == SIGTERM ? "SIGTERM" : "SIGINT")
      }
    }
    for number in [SIGTERM, SIGINT] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        // Only what is safe in a handler: one write, and errno as it was.
        let before = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(SignalWatch.entrance.load(ordering: .acquiring), &byte, 1)
        errno = before
      }
      action.sa_flags = Int32(SA_RESTART)
      sigaction(number, &action, nil)
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
