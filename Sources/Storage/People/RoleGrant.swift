/// What a person may do in a deployment. Several may be held at once.
package enum Role: String, CaseIterable, Sendable, Comparable {
  case viewer, editor, support, administrator

  package static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .viewer: 0
    case .editor: 1
    case .support: 2
    case .administrator: 3
    }
  }
}

/// The roles of a person, or of an invitation, in one deployment.
package struct RoleGrant: Sendable, Equatable {
  package var deployment: String
  package var roles: Set<Role>
  /// Whether models that are marked as sensitive can be seen.
  package var seesSensitive: Bool

  package init(deployment: String, roles: Set<Role>, seesSensitive: Bool = false) {
    self.deployment = deployment
    self.roles = roles
    self.seesSensitive = seesSensitive
  }
}
