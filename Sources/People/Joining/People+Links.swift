import Crypto
import Storage
import Wire

// Links: making them, and looking at what they do. Opening one uses nothing up.

extension People {
  /// The path of a link below the base URL.
  package static func path(of code: String) -> String { "/databrowser/join/\(code)" }

  /// The whole address of a link.
  package func address(of code: String) -> String { baseURL + Self.path(of: code) }

  private func newLink(_ kind: LinkRecord.Kind, by person: PersonID?) -> (LinkRecord, code: String) {
    let code = newToken()
    var link = LinkRecord(
      hash: SHA256.hash(code), kind: kind, madeAt: now, expiresAt: later(by: PeopleSettings.seconds(of: kind)))
    link.madeBy = person
    return (link, code)
  }

  /// The code of a link that makes the first operator; nil where there is a person already.
  package func linkForFirstOperator() async throws -> String? {
    let (link, code) = newLink(.first, by: nil)
    return try await perform(PeoplePlan([.link(link)], if: [.nobody])) == nil ? nil : code
  }

  /// The code of a link with which somebody joins, or accepts further roles.
  package func invite(_ invitation: Invitation, by person: PersonID?, from browser: Browser) async throws -> String {
    try PersonRule.check(email: invitation.email, name: invitation.name)
    var (link, code) = newLink(.join, by: person)
    link.email = invitation.email
    link.name = invitation.name
    link.makesOperator = invitation.makesOperator
    link.grants = invitation.grants.sorted { $0.deployment < $1.deployment }
    var draft = entry(.invite, by: person, browser, target: invitation.email)
    draft.deployment = link.grants.count == 1 ? link.grants[0].deployment : nil
    try await performUnlessChanged(PeoplePlan([.link(link)], audit: [draft]))
    return code
  }

  /// The code of a link with which this person renews what was lost.
  package func linkForReset(
    _ kind: LinkRecord.Kind, of person: PersonRecord, by maker: PersonID?, from browser: Browser
  ) async throws -> String {
    guard !person.isRemoved else { throw PeopleFault.refused("\(CutText.cut(person.name)) was removed.") }
    var (link, code) = newLink(kind, by: maker)
    link.person = person.id
    link.email = person.email
    link.name = person.name
    try await performUnlessChanged(
      PeoplePlan(
        [.link(link)], if: [.person(person.id, revision: person.revision)],
        audit: [entry(.resetLink, by: maker, browser, target: "\(kind.rawValue) \(person.email)")]))
    return code
  }

  /// The link of a code, as long as it is good.
  package func link(_ code: String) async throws -> LinkRecord {
    guard code.utf8.count <= 128, let link = try await store.link(hash: SHA256.hash(code)) else {
      throw PeopleFault.link(.unknown)
    }
    if link.usedAt != nil { throw PeopleFault.link(.used) }
    if link.expiresAt <= now { throw PeopleFault.link(.over) }
    if link.kind == .first, try await !store.people().isEmpty { throw PeopleFault.link(.used) }
    return link
  }

  /// Invitations and reset links that are good, the newest first.
  package func openLinks() async throws -> [LinkRecord] {
    try await store.links().filter { $0.usedAt == nil && $0.expiresAt > now && $0.kind != .first }
  }
}
