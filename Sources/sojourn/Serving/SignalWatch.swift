import Glibc
import Synchronization
import Threads

/// Waits for the signals that a server acts on, and keeps the others from ending it.
///
/// 1. SIGTERM and SIGINT end the server in order. A second one ends the process at once: whoever sends it does
///    not want to wait.
/// 2. SIGHUP lets it read again what it can. Where standard error was a terminal at the start, it means that
///    the terminal was closed, and ends the server as SIGTERM does.
/// 3. All others whose only use is to end a process that does not know them are ignored. Faults, SIGQUIT and
///    SIGKILL do what they do everywhere.
///
/// The handler does the one thing that a handler may do, and writes a byte; a thread reads it. Blocking
/// the signals and waiting for them would need every thread to block them, also those that Swift's
/// tasks had started before.
final class SignalWatch: Sendable {
  enum Event: Equatable {
    /// By which signal.
    case end(String)
    case reload
  }

  /// The end, and one reload before it.
  private let received = WaitingQueue<Event>(limit: 2)
  private let isReloadWaiting = Atomic<Bool>(false)

  init(hasTerminal: Bool) {
    // A write past the limit on file sizes is an error to handle, not the end of the process.
    for number in [SIGXFSZ, SIGPIPE] + SignalWatch.ignored { signal(number, SIG_IGN) }
    let source = signalPipe.read
    for number in [SIGTERM, SIGINT, SIGHUP] {
      signal(number) { number in
        let kept = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(signalPipe.write, &byte, 1)
        errno = kept
      }
    }
    _ = try? OwnThread(named: "signals") { [weak self] in
      var isEnding = false
      var byte: UInt8 = 0
      while true {
        let length = read(source, &byte, 1)
        if length < 0, errno == EINTR { continue }
        guard length == 1 else { return }
        let event = SignalWatch.event(of: Int32(byte), hasTerminal: hasTerminal)
        if case .end = event {
          if isEnding { _exit(130) }
          isEnding = true
        }
        self?.push(event)
      }
    }
  }

  static func event(of number: Int32, hasTerminal: Bool) -> Event {
    switch number {
    case SIGHUP where !hasTerminal: .reload
    case SIGHUP: .end("SIGHUP")
    case SIGINT: .end("SIGINT")
    default: .end("SIGTERM")
    }
  }

  /// The real-time signals begin at 34: the C library keeps the two below for itself.
  static let ignored: [Int32] =
    [SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSTKFLT] + Array(34...64)

  /// Many reloads that nobody has taken yet are one, so that the end always finds room.
  private func push(_ event: Event) {
    if event == .reload, isReloadWaiting.exchange(true, ordering: .relaxed) { return }
    try? received.push(event)
  }

  /// The next one that is to be acted on.
  func next() async -> Event {
    let event = await withCheckedContinuation { (continuation: CheckedContinuation<Event, Never>) in
      let received = received
      let waiter = try? OwnThread(named: "signal-wait") {
        continuation.resume(returning: received.take(upTo: 1)?.first ?? .end("a signal"))
      }
      if waiter == nil { continuation.resume(returning: .end("no thread")) }
    }
    if event == .reload { isReloadWaiting.store(false, ordering: .relaxed) }
    return event
  }
}

/// Between the handler and the thread that reads it. Made before the handler is set. The writing end does not
/// block: a handler that waited, behind tens of thousands of signals, would hold up the thread that it met.
private let signalPipe: (read: Int32, write: Int32) = {
  var ends: [Int32] = [-1, -1]
  _ = pipe(&ends)
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
  return (ends[0], ends[1])
}()
