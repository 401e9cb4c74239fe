import Wire

/// A token with which a user's device signs in, once. It is kept as its SHA-256.
package struct EnrolmentToken: Sendable, Equatable {
  package var hash: [UInt8]
  package var user: ObjectID
  package var expiresAt: Instant
  package var usedAt: Instant?

  package init(hash: [UInt8], user: ObjectID, expiresAt: Instant, usedAt: Instant? = nil) {
    self.hash = hash
    self.user = user
    self.expiresAt = expiresAt
    self.usedAt = usedAt
  }
}

/// A device that wants to sign in with a token.
package struct EnrolmentRequest: Sendable {
  package var tokenHash: [UInt8]
  package var about: DeviceDescription
  /// SHA-256 of the secret that the device is given.
  package var secretHash: [UInt8]
  /// For its session, should it have none yet.
  package var newID: ObjectID
  /// Whether a user may have several devices signed in.
  package var allowsMany: Bool
  package var at: Instant

  package init(
    tokenHash: [UInt8], about: DeviceDescription, secretHash: [UInt8], newID: ObjectID, allowsMany: Bool, at: Instant
  ) {
    self.tokenHash = tokenHash
    self.about = about
    self.secretHash = secretHash
    self.newID = newID
    self.allowsMany = allowsMany
    self.at = at
  }
}

/// What came of it. Only `enrolled` has used the token up.
package enum EnrolmentOutcome: Sendable, Equatable {
  case enrolled(user: ObjectID, session: ObjectID)
  case unknownToken
  case usedToken
  case expiredToken
  case lockedUser
  /// The user's object is gone.
  case deletedUser

  /// The rule, apart from what it does: nil where the device may sign in.
  package static func refusal(
    of token: EnrolmentToken?, isUserThere: Bool, isLocked: Bool, at now: Instant
  ) -> EnrolmentOutcome? {
    guard let token else { return .unknownToken }
    if token.usedAt != nil { return .usedToken }
    if token.expiresAt <= now { return .expiredToken }
    if !isUserThere { return .deletedUser }
    return isLocked ? .lockedUser : nil
  }
}
