import Wire

/// A link that lets somebody join, or renew what was lost, once. It is kept as the hash of its code.
package struct LinkRecord: Sendable, Equatable {
  package enum Kind: String, CaseIterable, Sendable {
    /// Makes the first operator; good while there is no person.
    case first
    /// An invitation.
    case join
    case resetPassword = "reset-password"
    case resetFactor = "reset-factor"
    /// Of both password and factor.
    case resetBoth = "reset-both"
  }

  /// SHA-256 of the code.
  package var hash: [UInt8]
  package var kind: Kind
  /// Whose password or factor it resets.
  package var person: PersonID?
  /// Who is invited.
  package var email: String
  package var name: String
  package var makesOperator: Bool
  /// In order of deployments.
  package var grants: [RoleGrant]
  /// Who made it; nil for a command or the server itself.
  package var madeBy: PersonID?
  package var madeAt: Instant
  package var expiresAt: Instant
  package var usedAt: Instant?

  package init(hash: [UInt8], kind: Kind, madeAt: Instant, expiresAt: Instant) {
    self.hash = hash
    self.kind = kind
    self.madeAt = madeAt
    self.expiresAt = expiresAt
    email = ""
    name = ""
    makesOperator = false
    grants = []
  }
}
