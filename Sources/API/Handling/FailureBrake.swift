/// Slows down whoever presents bad credentials again and again: a token bucket per address. It never
/// locks out, and good credentials pass whatever came before them (api.md section 3).
final class FailureBrake: Sendable {
  /// How long a failure beyond what costs nothing waits for its answer.
  static let delayMilliseconds = 1000

  private let addresses = AddressBrake()

  /// Notes a failure; true when its answer is to wait.
  func isToWait(_ address: String, atMilliseconds now: Int64) -> Bool {
    addresses.secondsToWait(address, atMilliseconds: now) != nil
  }
}
