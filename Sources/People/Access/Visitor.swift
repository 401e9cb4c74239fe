import Storage
import Wire

/// Who visits the pages, as far as a page must know: a person, signed in, at the time of the visit.
package struct Visitor: Sendable, Equatable {
  package var person: PersonRecord
  package var session: SessionView

  /// The session of a visit.
  package struct SessionView: Sendable, Equatable {
    package var id: SessionID
    package var startedAt: Instant
    package var lastUseAt: Instant
    /// If nobody does anything.
    package var endsAt: Instant
    /// Nil where the visitor is not elevated, or not any more.
    package var elevatedUntil: Instant?
    /// Whether the person must have a second factor and has none.
    package var needsFactor: Bool

    package init(
      id: SessionID, startedAt: Instant, lastUseAt: Instant, endsAt: Instant = .last, elevatedUntil: Instant? = nil,
      needsFactor: Bool = false
    ) {
      self.id = id
      self.startedAt = startedAt
      self.lastUseAt = lastUseAt
      self.endsAt = endsAt
      self.elevatedUntil = elevatedUntil
      self.needsFactor = needsFactor
    }
  }

  package init(_ person: PersonRecord, _ session: SessionView) {
    self.person = person
    self.session = session
  }

  /// The roles by deployment.
  package var grants: [String: RoleGrant] {
    Dictionary(person.grants.map { ($0.deployment, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether the deployment is known to the visitor.
  package func knows(_ deployment: String) -> Bool {
    person.isOperator || person.grant(in: deployment).map { !$0.roles.isEmpty } ?? false
  }

  package func has(_ role: Role, in deployment: String) -> Bool {
    if person.isOperator { return true }
    guard let roles = person.grant(in: deployment)?.roles, !roles.isEmpty else { return false }
    return role == .viewer || roles.contains(role) || roles.contains(.administrator)
  }

  /// Whether models that are marked as sensitive exist for the visitor.
  package func seesSensitive(in deployment: String) -> Bool {
    person.isOperator && person.seesSensitive || person.grant(in: deployment)?.seesSensitive ?? false
  }

  /// What the visitor is told who asks for something; `deployment` is the one that it is about.
  package func may(_ need: Need, in deployment: String? = nil) -> Permission {
    if need.right == .anyone { return .allowed }
    if session.needsFactor, need.right != .account { return .enrolFactor }
    if let deployment, !knows(deployment) { return .unknown }
    for right in [need.right, need.also].compactMap({ $0 }) {
      switch right {
      case .anyone, .account, .signedIn: break
      case .operator: if !person.isOperator { return .forbidden(.operator) }
      case .viewer, .editor, .support, .administrator:
        guard let deployment, let role = right.role else { return .unknown }
        if !has(role, in: deployment) { return .forbidden(right) }
      }
    }
    return need.isElevated && session.elevatedUntil == nil ? .elevate : .allowed
  }
}
