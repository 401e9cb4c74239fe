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

  /// The code of a link that makes the first operator, in place of those of before; nil where there is a person
  /// already, or somebody who was invited to be an operator.
  package func linkForFirstOperator() async throws -> String? {
    let open = try await openRecords()
    guard !open.contains(where: \.makesOperator) else { return nil }
    let (link, code) = newLink(.first, by: nil)
    let before = ended(open.filter { $0.kind == .first })
    return try await perform(PeoplePlan(before + [.link(link)], if: [.nobody])) == nil ? nil : code
  }

  private func ended(_ links: [LinkRecord]) -> [PeopleChange] {
    links.map { link in
      var used = link
      used.usedAt = now
      return .link(used)
    }
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
    draft.deployment = link.onlyDeployment
    // A script that asks anew at each start leaves one way in, not many.
    let before = person == nil && link.makesOperator ? try await openRecords().filter { $0.isAgain(link) } : []
    try await performUnlessChanged(PeoplePlan(ended(before) + [.link(link)], audit: [draft]))
    return code
  }

  /// The code of a link with which this person renews what was lost.
  /// - Parameter deployment: on whose page it was asked for, whose audit tells of it.
  package func linkForReset(
    _ kind: LinkRecord.Kind, of person: PersonRecord, in deployment: String? = nil, by maker: PersonID?,
    from browser: Browser
  ) async throws -> String {
    guard !person.isRemoved else { throw PeopleFault.refused("\(CutText.cut(person.name)) was removed.") }
    var (link, code) = newLink(kind, by: maker)
    link.person = person.id
    link.email = person.email
    link.name = person.name
    var draft = entry(.resetLink, by: maker, browser, target: "\(kind.rawValue) \(person.email)")
    draft.deployment = deployment
    try await performUnlessChanged(
      PeoplePlan([.link(link)], if: [.person(person.id, revision: person.revision)], audit: [draft]))
    return code
  }

  /// The link of a code, as long as it is good, and whoever made it could make it now.
  package func link(_ code: String) async throws -> LinkRecord {
    guard code.utf8.count <= 128, let link = try await store.link(hash: SHA256.hash(code)) else {
      throw PeopleFault.link(.unknown)
    }
    if link.usedAt != nil { throw PeopleFault.link(.used) }
    if link.expiresAt <= now { throw PeopleFault.link(.over) }
    if link.kind == .first, try await !store.people().isEmpty { throw PeopleFault.link(.used) }
    if let maker = link.madeBy {
      var person: PersonRecord?
      if let id = link.person { person = try await store.person(id) }
      let authority = try await store.person(maker).map(Authority.init)
      guard authority?.covers(link, of: person) == true else { throw PeopleFault.link(.ofNobody) }
    }
    return link
  }

  /// Invitations and reset links that are good, the newest first.
  package func openLinks() async throws -> [LinkRecord] {
    let people = Dictionary(uniqueKeysWithValues: try await store.people().map { ($0.id, $0) })
    return try await openRecords().filter { link in
      guard link.kind != .first else { return false }
      guard let maker = link.madeBy else { return true }
      return people[maker].map { Authority(of: $0).covers(link, of: link.person.flatMap { people[$0] }) } ?? false
    }
  }

  private func openRecords() async throws -> [LinkRecord] {
    try await store.links().filter { $0.usedAt == nil && $0.expiresAt > now }
  }

  /// Takes a link back: it does nothing from now on.
  package func withdraw(
    _ link: LinkRecord, in deployment: String?, by person: PersonID, from browser: Browser
  ) async throws {
    var draft = entry(.withdrawLink, by: person, browser, target: "\(link.kind.rawValue) \(link.email)")
    draft.deployment = deployment ?? link.onlyDeployment
    let plan = PeoplePlan(ended([link]), if: [.unusedLink(hash: link.hash)], audit: [draft])
    if try await perform(plan) == nil { throw PeopleFault.link(.used) }
  }
}

extension LinkRecord {
  /// Nil where it gives roles in none or in several.
  fileprivate var onlyDeployment: String? { grants.count == 1 ? grants[0].deployment : nil }

  /// Whether this is an invitation by a command, for the same address and right as another one.
  fileprivate func isAgain(_ other: LinkRecord) -> Bool {
    kind == .join && madeBy == nil && makesOperator && grants == other.grants
      && PersonRecord.key(ofEmail: email) == PersonRecord.key(ofEmail: other.email)
  }
}
