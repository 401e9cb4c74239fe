import Wire

/// Somebody who may sign in, or who could: who was removed keeps id and name, which history and audit print.
package struct PersonRecord: Sendable, Equatable {
  package var id: PersonID
  package var name: String
  /// As it was typed; no two people who can sign in have addresses that differ in the case of letters alone.
  package var email: String
  package var isOperator: Bool
  /// Whether an operator can see models that are marked as sensitive; of others their grants say so.
  package var seesSensitive: Bool
  /// In order of deployments.
  package var grants: [RoleGrant]
  /// As libsodium writes it; nil where nobody can sign in with one.
  package var passwordHash: String?
  package var factor: SecondFactor?
  /// SHA-256 of each recovery code that was not used yet.
  package var recoveryHashes: [[UInt8]]
  package var manner: Manner
  package var createdAt: Instant
  package var lastSeenAt: Instant?
  package var removedAt: Instant?
  /// When password or factor was reset, until the person has been told.
  package var resetAt: Instant?
  /// How often it changed: changes are compared with it.
  package var revision: Int64

  /// A factor of which codes are made.
  package struct SecondFactor: Sendable, Equatable {
    /// Sealed under the server's key.
    package var sealedSecret: [UInt8]
    /// The step of the last code that was taken: no code of it or of an earlier one is.
    package var lastStep: Int64

    package init(sealedSecret: [UInt8], lastStep: Int64) {
      self.sealedSecret = sealedSecret
      self.lastStep = lastStep
    }
  }

  /// How pages look and behave for this person.
  package struct Manner: Sendable, Equatable {
    package enum Look: String, CaseIterable, Sendable { case system, light, dark }
    package var look: Look
    /// Whether single letters are shortcuts.
    package var hasShortcuts: Bool

    package init(look: Look = .system, hasShortcuts: Bool = true) {
      self.look = look
      self.hasShortcuts = hasShortcuts
    }
  }

  package init(id: PersonID, name: String, email: String, createdAt: Instant) {
    self.id = id
    self.name = name
    self.email = email
    self.createdAt = createdAt
    isOperator = false
    seesSensitive = false
    grants = []
    recoveryHashes = []
    manner = Manner()
    revision = 0
  }

  package var isRemoved: Bool { removedAt != nil }

  /// The roles in a deployment; none where there is no grant.
  package func grant(in deployment: String) -> RoleGrant? { grants.first { $0.deployment == deployment } }

  /// By which an address is found.
  package static func key(ofEmail email: String) -> String { CaseFolding.folded(email) }
}
