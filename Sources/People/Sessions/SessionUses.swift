import Storage
import Synchronization
import Wire

/// When sessions were last used, since this was last written: a request costs no write.
final class SessionUses: Sendable {
  private let uses = Mutex<[SessionID: Instant]>([:])

  func note(_ session: SessionID, at time: Instant) {
    uses.withLock { $0[session] = max($0[session] ?? time, time) }
  }

  /// The later of what is noted and `stored`.
  func lastUse(of session: SessionID, or stored: Instant) -> Instant {
    uses.withLock { max($0[session] ?? stored, stored) }
  }

  /// Hands them over, to be written.
  func take() -> [SessionID: Instant] {
    uses.withLock { uses in
      defer { uses = [:] }
      return uses
    }
  }

  /// What could not be written is noted again.
  func giveBack(_ taken: [SessionID: Instant]) { for (session, time) in taken { note(session, at: time) } }
}
