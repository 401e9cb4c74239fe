import Glibc
import Storage

/// Waits for SIGTERM and SIGINT on a thread of its own. Made before any other thread, so that all of
/// them leave the signals to it.
///
/// A second signal ends the process at once: whoever sends it does not want to wait.
final class SignalWatch: Sendable {
  private let received = WaitingQueue<String>(limit: 2)

  init() {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGTERM)
    sigaddset(&set, SIGINT)
    pthread_sigmask(SIG_BLOCK, &set, nil)
    // A write past the limit on file sizes is an error to handle, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    let received = received
    let waiting = set
    _ = try? OwnThread {
      var count = 0
      while true {
        var number: Int32 = 0
        var set = waiting
        guard sigwait(&set, &number) == 0 else { continue }
        count += 1
        if count > 1 { _exit(130) }
        try? received.push(number == SIGTERM ? "SIGTERM" : "SIGINT")
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
