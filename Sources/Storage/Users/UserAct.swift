import Wire

/// What an administrator does with an app user (`UserRecord` has what each means).
package enum UserAct: Sendable, Equatable {
  case lock
  case unlock
  case resetAll
  case reauthenticate(session: ObjectID)
  case wipe(session: ObjectID)
}

extension UserRecord {
  /// A session that the user does not have stays as it is.
  package mutating func perform(_ act: UserAct, at now: Instant) {
    switch act {
    case .lock: lock(at: now)
    case .unlock: unlock()
    case .resetAll: resetAll(at: now)
    case .reauthenticate(let session): _ = reauthenticate(session, at: now)
    case .wipe(let session): _ = wipe(session, at: now)
    }
  }
}
