import Crypto
import JSON
import People
import Storage
import Wire

/// A person who was made or invited.
package struct CreatedPerson: Sendable, Equatable, JSONRecord {
  /// Nil until the person has joined.
  package var id: String?
  package var email = ""
  package var name = ""
  package var isOperator = false
  /// With which the person joins; nil where there is a password already. It is shown this once.
  package var link: String?
  package var expiresAt: Instant?

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("id", &id, .optional(.text))
    try members.member("email", &email, .text)
    try members.member("name", &name, .text)
    try members.member("operator", &isOperator, .flag)
    try members.member("link", &link, .optional(.text))
    try members.member("expires_at", &expiresAt, .optional(.time))
  }
}

/// A link with which a person renews what was lost. It is shown this once.
package struct ResetLink: Sendable, Equatable, JSONRecord {
  package var id = ""
  package var email = ""
  package var lost = PersonReset.Lost.password
  package var link = ""
  package var expiresAt = Instant.first

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("id", &id, .text)
    try members.member("email", &email, .text)
    try members.member("lost", &lost, .word)
    try members.member("link", &link, .text)
    try members.member("expires_at", &expiresAt, .time)
  }
}

/// Who there is, and who was invited.
package struct PeopleRows: Sendable, Equatable, JSONRecord {
  package var people: [PersonRow] = []
  package var invitations: [InvitationRow] = []

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("people", &people, .list(.record))
    try members.member("invitations", &invitations, .list(.record))
  }
}

package struct PersonRow: Sendable, Equatable, JSONRecord {
  package var id = ""
  package var email = ""
  package var name = ""
  package var isOperator = false
  package var hasFactor = false
  package var roles: [RoleRow] = []
  package var createdAt = Instant.first
  package var lastSeenAt: Instant?

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("id", &id, .text)
    try members.member("email", &email, .text)
    try members.member("name", &name, .text)
    try members.member("operator", &isOperator, .flag)
    try members.member("second_factor", &hasFactor, .flag)
    try members.member("roles", &roles, .list(.record))
    try members.member("created_at", &createdAt, .time)
    try members.member("last_seen_at", &lastSeenAt, .optional(.time))
  }
}

/// The roles in one deployment.
package struct RoleRow: Sendable, Equatable, JSONRecord {
  package var deployment = ""
  package var roles: [Role] = []
  package var seesSensitive = false

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("deployment", &deployment, .text)
    try members.member("roles", &roles, .list(.word))
    try members.member("sensitive", &seesSensitive, .flag)
  }
}

/// A link that nobody has used yet; without its code, which was shown once.
package struct InvitationRow: Sendable, Equatable, JSONRecord {
  package var kind = LinkRecord.Kind.join
  package var email = ""
  package var name = ""
  package var isOperator = false
  package var expiresAt = Instant.first

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("kind", &kind, .word)
    try members.member("email", &email, .text)
    try members.member("name", &name, .text)
    try members.member("operator", &isOperator, .flag)
    try members.member("expires_at", &expiresAt, .time)
  }
}

/// What a look at the whole audit has found.
package struct AuditFindings: Sendable, Equatable, JSONRecord {
  package var count: Int64 = 0
  package var first: Int64?
  package var last: Int64?
  /// Of the last entry.
  package var hash: String?
  /// The first entry that does not follow the one before it.
  package var broken: Int64?
  /// The entry that has the hash that was asked for.
  package var known: Int64?
  /// Whether such a hash was asked for and no entry has it.
  package var isUnknown = false

  package var isWhole: Bool { broken == nil && !isUnknown }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("entries", &count, .count)
    try members.member("first", &first, .optional(.count))
    try members.member("last", &last, .optional(.count))
    try members.member("hash", &hash, .optional(.text))
    try members.member("broken", &broken, .optional(.count))
    try members.member("known", &known, .optional(.count))
    try members.member("unknown", &isUnknown, .flag)
  }
}

extension CreatedPerson { package static var blank: CreatedPerson { CreatedPerson() } }
extension ResetLink { package static var blank: ResetLink { ResetLink() } }
extension PeopleRows { package static var blank: PeopleRows { PeopleRows() } }
extension AuditFindings { package static var blank: AuditFindings { AuditFindings() } }

extension PersonRow {
  package static var blank: PersonRow { PersonRow() }

  init(_ person: PersonRecord) {
    self.init(
      id: person.id.text, email: person.email, name: person.name, isOperator: person.isOperator,
      hasFactor: person.factor != nil, roles: person.grants.map(RoleRow.init), createdAt: person.createdAt,
      lastSeenAt: person.lastSeenAt)
  }
}

extension RoleRow {
  package static var blank: RoleRow { RoleRow() }

  init(_ grant: RoleGrant) {
    self.init(deployment: grant.deployment, roles: grant.roles.sorted(), seesSensitive: grant.seesSensitive)
  }
}

extension InvitationRow {
  package static var blank: InvitationRow { InvitationRow() }

  init(_ link: LinkRecord) {
    self.init(
      kind: link.kind, email: link.email, name: link.name, isOperator: link.makesOperator, expiresAt: link.expiresAt)
  }
}
