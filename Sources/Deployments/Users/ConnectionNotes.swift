import Synchronization
import Wire

/// When devices called last, as far as storage does not know it yet. It is written once a minute, so that
/// what reads costs no write; who asks for a user sees it at once.
final class ConnectionNotes: Sendable {
  private let times = Mutex<[ObjectID: Instant]>([:])

  func note(_ session: ObjectID, at now: Instant) {
    times.withLock { $0[session] = max($0[session] ?? now, now) }
  }

  var all: [ObjectID: Instant] { times.withLock { $0 } }

  /// Forgets what is in storage now.
  func forget(_ stored: [ObjectID: Instant]) {
    times.withLock { times in
      for (session, time) in stored where times[session] == time { times[session] = nil }
    }
  }
}
