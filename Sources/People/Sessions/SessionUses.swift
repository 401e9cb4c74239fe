import Storage
import Synchronization
import Wire

/// When sessions were last used, since this was last written: a request costs no write.
final class SessionUses: Sendable {
  private struct Uses {
    var noted: [SessionID: Instant] = [:]
    /// Handed over and not on disk yet: they count all the same, or a session would seem to have ended meanwhile.
    var leaving: [SessionID: Instant] = [:]
  }

  private let uses = Mutex(Uses())

  func note(_ session: SessionID, at time: Instant) {
    uses.withLock { $0.noted[session] = max($0.noted[session] ?? time, time) }
  }

  /// The latest of what is noted and `stored`.
  func lastUse(of session: SessionID, or stored: Instant) -> Instant {
    uses.withLock { max($0.noted[session] ?? stored, $0.leaving[session] ?? stored, stored) }
  }

  /// Hands them over, to be written.
  func take() -> [SessionID: Instant] {
    uses.withLock { uses in
      uses.leaving = uses.noted
      uses.noted = [:]
      return uses.leaving
    }
  }

  /// What was handed over is on disk.
  func settle() { uses.withLock { $0.leaving = [:] } }

  /// What could not be written is noted again.
  func giveBack(_ taken: [SessionID: Instant]) {
    for (session, time) in taken { note(session, at: time) }
    settle()
  }
}
