import Glibc
import Transfers
import Wire

/// Tells the service manager how the server is, as long as it runs: its state in words where that changes, and at
/// each beat of the watchdog that it still answers.
///
/// A beat is sent only after a proof. It runs as a task, so Swift's threads run tasks; and it asks the server over
/// a socket (`SelfRequest`), so connections are accepted, their threads answer, and nobody sits on a lock of the
/// registry or of a deployment. No disk is waited for: one that hangs is not mended by starting the server again,
/// and `/health/ready` tells of it.
struct ServiceReports: Sendable {
  let notifier: ServiceNotifier
  let watchdog: ServiceWatchdog?
  let log: ServerLog
  /// How the server is, in words.
  let words: @Sendable () -> String
  /// Where it can be asked.
  let address: String?
  /// Whether all connections are taken: nobody new is answered then, which is no hang.
  let isFull: @Sendable () -> Bool

  private static let secondsBetweenLooks = 5

  /// Until the task is cancelled.
  func run() async {
    guard notifier.isHeard else { return }
    async let words: Void = tellWords()
    async let beats: Void = beat()
    _ = await (words, beats)
  }

  private func tellWords() async {
    var told = words()
    while !Task.isCancelled {
      try? await Task.sleep(for: .seconds(Self.secondsBetweenLooks))
      let now = words()
      if Task.isCancelled || now == told { continue }
      await notifier.send(.status(now))
      told = now
    }
  }

  private func beat() async {
    guard let watchdog, let loop = try? TransferLoop.start(named: "watchdog", connections: 1) else { return }
    defer { loop.stop() }
    var isSilent = false
    while !Task.isCancelled {
      let problem = await problem(over: loop, within: watchdog.patienceMilliseconds)
      if Task.isCancelled { return }
      if let problem {
        if !isSilent {
          log.error(
            "The server does not answer itself at \(address ?? ""), and does not tell the watchdog: \(problem).")
        }
      } else {
        await notifier.send(.watchdog)
      }
      isSilent = problem != nil
      try? await Task.sleep(for: watchdog.interval)
    }
  }

  /// Why it seems not to answer.
  private func problem(over loop: TransferLoop, within milliseconds: Int) async -> String? {
    guard let address, !isFull() else { return nil }
    return await withCheckedContinuation { continuation in
      loop.submit(SelfRequest(address, within: milliseconds) { continuation.resume(returning: $0) })
    }
  }
}
