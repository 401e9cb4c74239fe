import Storage

/// What an operator sets about people.
package struct PeopleSettings: Sendable, Equatable {
  /// Who must have a second factor.
  package enum SecondFactor: String, CaseIterable, Sendable { case none, administrators, all }

  package var secondFactor = SecondFactor.administrators
  /// After how long without a request a session is over, and after how long anyway.
  package var idleSeconds: Int64 = 8 * 3600
  package var sessionSeconds: Int64 = 7 * 86_400
  package var auditDays: Int64 = 400
  /// Names that no password may hold beside those of people and deployments.
  package var serverNames = ["sojourn"]

  package init() {}

  package static let elevatedSeconds: Int64 = 15 * 60
  package static let shownSeconds: Int64 = 10 * 60
  /// Of a field that was revealed.
  package static let revealedSeconds: Int64 = 5 * 60
  package static let ticketSeconds: Int64 = 86_400
  package static let heldSeconds: Int64 = 3600
  package static let mostHeld = 10
  package static let heldBytes = 1 << 20
  package static let viewSeconds: Int64 = 30 * 86_400
  /// Of a person, in all deployments together.
  package static let mostViews = 200
  package static let viewBytes = 64 << 10
  /// Views with names: of a person in one deployment, and shared ones of all in it.
  package static let mostNamedViews = 100
  package static let mostSharedViews = 500
  package static let knownSeconds: Int64 = 400 * 86_400

  /// How long a link is good.
  package static func seconds(of kind: LinkRecord.Kind) -> Int64 {
    switch kind {
    case .first: 3600
    case .join: 72 * 3600
    case .resetPassword, .resetFactor, .resetBoth: 24 * 3600
    }
  }

  /// Whether this person must have a second factor.
  package func demandsFactor(of person: PersonRecord) -> Bool {
    switch secondFactor {
    case .none: false
    case .administrators: person.isOperator || person.grants.contains { $0.roles.contains(.administrator) }
    case .all: true
    }
  }
}
