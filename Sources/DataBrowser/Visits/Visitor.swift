import Wire

/// Who visits, as far as pages must know.
package struct Visitor: Sendable {
  package var personID: String
  package var name: String
  package var email: String
  package var isOperator: Bool
  /// The mark of operators for models that are classified as sensitive.
  package var seesSensitive: Bool
  package var grants: [String: Grant]
  package var session: SessionView

  package init(
    personID: String, name: String, email: String, isOperator: Bool = false, seesSensitive: Bool = false,
    grants: [String: Grant] = [:], session: SessionView = SessionView()
  ) {
    self.personID = personID
    self.name = name
    self.email = email
    self.isOperator = isOperator
    self.seesSensitive = seesSensitive
    self.grants = grants
    self.session = session
  }

  /// What a person may do in one deployment.
  package struct Grant: Sendable {
    package var roles: Set<Role>
    package var seesSensitive: Bool

    package init(_ roles: Set<Role>, seesSensitive: Bool = false) {
      self.roles = roles
      self.seesSensitive = seesSensitive
    }
  }

  package struct SessionView: Sendable {
    package var id: String
    package var elevatedUntil: Instant?
    package var endsAt: Instant?

    package init(id: String = "", elevatedUntil: Instant? = nil, endsAt: Instant? = nil) {
      self.id = id
      self.elevatedUntil = elevatedUntil
      self.endsAt = endsAt
    }
  }
}

/// Of a person in a deployment; several may be held.
package enum Role: String, CaseIterable, Sendable { case viewer, editor, support, administrator }

/// What a route asks of its visitors.
package enum Need: Hashable, Sendable {
  case anyone, signedIn, viewer, editor, support, administrator, `operator`
}

/// What comes of a need.
package enum Permission: Hashable, Sendable {
  case allowed
  /// Nobody is signed in.
  case signIn
  /// The role that is missing.
  case forbidden(Role)
  /// The server's operators alone may.
  case forbiddenButToOperators
  /// As if it were not there: of that deployment the visitor has no role.
  case unknown
}

extension Visitor {
  package func may(_ need: Need, in deployment: String?) -> Permission {
    switch need {
    case .anyone, .signedIn: return .allowed
    case .operator: return isOperator ? .allowed : .forbiddenButToOperators
    case .viewer: return permission(.viewer, in: deployment)
    case .editor: return permission(.editor, in: deployment)
    case .support: return permission(.support, in: deployment)
    case .administrator: return permission(.administrator, in: deployment)
    }
  }

  private func permission(_ role: Role, in deployment: String?) -> Permission {
    if isOperator { return .allowed }
    guard let deployment, let grant = grants[deployment], !grant.roles.isEmpty else { return .unknown }
    if grant.roles.contains(.administrator) || role == .viewer { return .allowed }
    return grant.roles.contains(role) ? .allowed : .forbidden(role)
  }

  /// Whether models that are classified as sensitive are there for this person.
  package func seesSensitive(in deployment: String) -> Bool {
    isOperator ? seesSensitive : grants[deployment]?.seesSensitive ?? false
  }
}
