import Wire

/// What is kept beside an object of the app-user model, and the rules for it (users.md). A user of whom
/// nothing is kept yet is not locked and has no sessions.
///
/// | what happens | `locked` | sessions |
/// |---|---|---|
/// | lock | set | those that are `ENROLLED` become `LOCKED` |
/// | unlock | cleared | stay |
/// | re-authenticate one | stays | it becomes `LOCKED` |
/// | wipe one | stays | it becomes `RESET` |
/// | a device enrols | must be clear | its own becomes `ENROLLED`; unless many may, others that are so become `LOCKED` |
/// | re-enrol | stays | all become `RESET` |
/// | the object is deleted | set | all become `RESET` |
package struct UserRecord: Sendable, Equatable {
  package let id: ObjectID
  package private(set) var isLocked: Bool
  /// In order of creation.
  package private(set) var sessions: [UserSession]

  package init(id: ObjectID, isLocked: Bool = false, sessions: [UserSession] = []) {
    self.id = id
    self.isLocked = isLocked
    self.sessions = sessions
  }

  /// Whether some session is `ENROLLED`.
  package var isEnrolled: Bool { sessions.contains { $0.state == .enrolled } }

  package var lastConnectedAt: Instant? { sessions.compactMap(\.times.lastConnectedAt).max() }

  package func session(_ id: ObjectID) -> UserSession? { sessions.first { $0.id == id } }

  package mutating func lock(at now: Instant) {
    isLocked = true
    moveAll(to: .locked, at: now) { $0.state == .enrolled }
  }

  package mutating func unlock() { isLocked = false }

  /// The session's device keeps its data and must sign in again. False where the user has no such session.
  package mutating func reauthenticate(_ session: ObjectID, at now: Instant) -> Bool {
    move(session, to: .locked, at: now)
  }

  /// The session's device must erase its data. False where the user has no such session.
  package mutating func wipe(_ session: ObjectID, at now: Instant) -> Bool { move(session, to: .reset, at: now) }

  package mutating func resetAll(at now: Instant) { moveAll(to: .reset, at: now) { _ in true } }

  /// The user's object is gone.
  package mutating func objectWasDeleted(at now: Instant) {
    isLocked = true
    resetAll(at: now)
  }

  /// Signs a device in: into the session that it had before, by its `device.id`, or into a new one with
  /// `newID`. The user must not be locked.
  package mutating func enrol(
    _ about: DeviceDescription, secretHash: [UInt8], newID: ObjectID, allowsMany: Bool, at now: Instant
  ) -> UserSession {
    let own: Int
    if let deviceID = about.deviceID, let found = sessions.firstIndex(where: { $0.about.deviceID == deviceID }) {
      own = found
    } else {
      own = sessions.count
      sessions.append(UserSession(id: newID, state: .neverEnrolled, times: UserSession.Times(createdAt: now)))
    }
    let id = sessions[own].id
    if !allowsMany { moveAll(to: .locked, at: now) { $0.state == .enrolled && $0.id != id } }
    sessions[own].move(to: .enrolled, at: now)
    sessions[own].times.lastAuthenticatedAt = now
    sessions[own].secretHash = secretHash
    sessions[own].about = about.completed(by: sessions[own].about)
    return sessions[own]
  }

  /// Takes connections into deployment, by session.
  package mutating func note(_ connections: [ObjectID: Instant]) {
    for index in sessions.indices {
      guard let time = connections[sessions[index].id] else { continue }
      sessions[index].times.lastConnectedAt = max(sessions[index].times.lastConnectedAt ?? time, time)
    }
  }

  private mutating func move(_ session: ObjectID, to state: SessionState, at now: Instant) -> Bool {
    guard let index = sessions.firstIndex(where: { $0.id == session }) else { return false }
    sessions[index].move(to: state, at: now)
    return true
  }

  private mutating func moveAll(to state: SessionState, at now: Instant, where isMeant: (UserSession) -> Bool) {
    for index in sessions.indices where isMeant(sessions[index]) { sessions[index].move(to: state, at: now) }
  }
}
