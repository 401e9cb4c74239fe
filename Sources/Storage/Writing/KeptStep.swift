import Wire

/// A change of what is kept beside the objects: it goes through the same door as they do.
package enum KeptStep: Sendable {
  /// Says which model holds the app's users; it need not be deployed.
  case appUser(String?)
  /// Changes what is kept of a user: of one who has an object, or of whom something is kept.
  case user(ObjectID, UserAct, at: Instant)
  /// Keeps a token for a user who has an object, and forgets those that expired before `horizon`.
  case token(EnrolmentToken, forgettingBefore: Instant)
  case enrol(EnrolmentRequest)
  /// Says when sessions were last connected; later times win.
  case connections([ObjectID: Instant])
  /// Says of blobs whether their bytes are lost. One that has another generation by now is left alone.
  case lost([BlobKey], Bool)
  /// Removes up to `most` attachments that nothing has linked since before this second.
  case sweep(unlinkedBefore: Int64, most: Int)
  /// Marks those of these blobs that no attachment has had since before this second, or ever: none is given these
  /// bytes any more, and they may go.
  case remove([BlobKey], unneededBefore: Int64)
  /// Forgets blobs that were marked, and whose bytes are gone.
  case forget([BlobKey])
  /// Mends up to `most` wrong counts of links, and as many of blobs.
  case mend(at: Int64, most: Int)
  case webhook(WebhookChange)
  /// Keeps the sealed key that signs what webhooks send, unless one is kept already.
  case signingKey([UInt8])
  /// Takes, renews or gives up a lease.
  case lease(LeaseAct)
  /// Removes the oldest entries of the oplog that may go, few enough that writes hardly wait.
  case trim(OplogCut, evenIfNeeded: Bool)
}

extension WriteStep {
  /// Whether it changes what is kept beside the objects.
  package var isKept: Bool {
    if case .kept = self { true } else { false }
  }
}

/// What came of it.
package enum KeptOutcome: Sendable, Equatable {
  case done
  case user(UserRecord)
  /// There is no such user.
  case noUser
  case enrolment(EnrolmentOutcome)
  /// How many rows were removed or mended.
  case count(Int)
  /// What was marked, also before.
  case removing([BlobKey])
  /// A record of a webhook that has another revision by now: nothing of the change was kept.
  case otherRevision
  /// The sealed key that is kept: the one that came first.
  case signingKey([UInt8])
  case lease(LeaseHold)
  case trimmed(OplogTrim)
  /// Somebody else holds the lease.
  case leaseHeld

  package var isFailure: Bool {
    switch self {
    case .noUser, .otherRevision, .leaseHeld: true
    case .enrolment(.enrolled): false
    case .enrolment: true
    case .done, .user, .count, .removing, .signingKey, .lease, .trimmed: false
    }
  }
}
