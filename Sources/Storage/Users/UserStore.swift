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
package protocol UserStore: Sendable {
  /// Says which model holds the app's users, by its name; it need not be deployed. Nil at first.
  func keepUsers(of model: String?)

  /// Changes what is kept of a user. Nil, and `change` not called, where there is neither an object of the
  /// app-user model with this id nor anything kept of one.
  func changeUser<Result: Sendable>(
    _ id: ObjectID, _ change: @Sendable @escaping (inout UserRecord) -> Result
  ) async throws -> Result?

  /// Keeps a token. False where its user has no object. Tokens that expired before `horizon` are forgotten.
  func add(_ token: EnrolmentToken, forgettingBefore horizon: Instant) async throws -> Bool

  /// Signs a device in.
  func enrol(_ request: EnrolmentRequest) async throws -> EnrolmentOutcome

  /// Rises, since the store was opened, whenever a session's credentials may have ended, before the call that
  /// ended them returns. A load of a number.
  var sessionRevision: Int { get }

  /// Says when sessions were last connected; later times win.
  func noteConnections(_ connections: [ObjectID: Instant]) async throws
}

/// What a snapshot says of app users.
package protocol UserSnapshot {
  /// What is kept of these users, by id; those of whom nothing is kept are left out.
  func users(_ ids: [ObjectID]) throws -> [ObjectID: UserRecord]

  /// A session and whose it is; nil where there is none.
  func session(_ id: ObjectID) throws -> (user: ObjectID, session: UserSession)?
}
