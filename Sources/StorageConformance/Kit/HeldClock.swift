import Synchronization
import Wire

/// A clock that can be held: whoever asks for the time then waits. An engine asks inside each writing
/// transaction, so that a case can stop its writer there and let plans gather.
final class HeldClock: WallClock {
  private let state = Mutex((entered: Signal(), release: Signal(), isHeld: false))
  private let time: Int64

  init(milliseconds: Int64) { time = milliseconds }

  func milliseconds() -> Int64 {
    let (entered, release, isHeld) = state.withLock { $0 }
    if isHeld {
      entered.give()
      // Out of patience, the case fails by what it finds.
      try? release.block()
    }
    return time
  }

  /// Holds whoever asks from now on.
  func hold() { state.withLock { $0 = (entered: Signal(), release: Signal(), isHeld: true) } }

  /// Waits until somebody is held.
  func waitForOne() async throws { try await state.withLock { $0.entered }.wait() }

  func letGo() {
    state.withLock {
      $0.isHeld = false
      $0.release.give()
    }
  }
}
