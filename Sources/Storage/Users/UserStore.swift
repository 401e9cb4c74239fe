import Wire

/// What a deployment keeps of its app users beside their objects: part of the contract of storage.
///
/// 1. What is changed is on disk, and seen by every later snapshot, when a call returns.
/// 2. A user's record changes in one transaction; two changes never mix.
/// 3. Deleting an object of the app-user model does `UserRecord.objectWasDeleted` in the transaction that
///    deletes it.
/// 4. A plan of a session (`WritePlan.session`) that is not enrolled any more when the plan's turn comes does
///    nothing and fails with `StorageError.sessionEnded`: once a lock has been answered, nothing of that
///    user's devices is written.
///
/// All of it throws `StorageError`.
package protocol UserStore: WriteDoor {
  /// Says which model holds the app's users, by its name; it need not be deployed. It is kept, and holds for every
  /// write that begins after this returns; nil at first.
  func keepUsers(of model: String?)

  /// Rises, since the store was opened, whenever a session's credentials may have ended, before the call that
  /// ended them returns. A load of a number.
  var sessionRevision: Int { get }
}

extension UserStore {
  /// Changes what is kept of a user, as it then is. Nil where there is neither an object of the app-user model with
  /// this id nor anything kept of one.
  package func changeUser(_ id: ObjectID, _ act: UserAct, at now: Instant) async throws -> UserRecord? {
    guard case .user(let user) = try await write(.user(id, act, at: now)) else { return nil }
    return user
  }

  /// Keeps a token. False where its user has no object. Tokens that expired before `horizon` are forgotten.
  package func add(_ token: EnrolmentToken, forgettingBefore horizon: Instant) async throws -> Bool {
    try await write(.token(token, forgettingBefore: horizon)) == .done
  }

  /// Sessions that one step notes.
  private static var mostNoted: Int { 1000 }

  /// Says when sessions were last connected; later times win.
  package func noteConnections(_ connections: [ObjectID: Instant]) async throws {
    var rest = Array(connections)[...]
    while !rest.isEmpty {
      let part = rest.prefix(Self.mostNoted)
      rest = rest.dropFirst(Self.mostNoted)
      _ = try await write(.connections(Dictionary(part.map { ($0.key, $0.value) }, uniquingKeysWith: max)))
    }
  }
}

extension ObjectStore {
  /// Signs a device in.
  package func enrol(_ request: EnrolmentRequest) async throws -> EnrolmentOutcome {
    // What no token fits does not hold up those who write.
    guard try await read({ try $0.knows(tokenHash: request.tokenHash) }) else { return .unknownToken }
    guard case .enrolment(let outcome) = try await write(.enrol(request)) else { return .unknownToken }
    return outcome
  }
}

/// What a snapshot says of app users.
package protocol UserSnapshot {
  /// What is kept of these users, by id; those of whom nothing is kept are left out.
  func users(_ ids: [ObjectID]) throws -> [ObjectID: UserRecord]

  /// Whether there is a token with this SHA-256.
  func knows(tokenHash: [UInt8]) throws -> Bool

  /// A session and whose it is; nil where there is none.
  func session(_ id: ObjectID) throws -> (user: ObjectID, session: UserSession)?
}
