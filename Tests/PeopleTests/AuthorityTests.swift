import Storage
import Testing
import Wire

@testable import People

@Suite("What somebody may do about others")
struct AuthorityTests {
  private static func person(
    _ number: UInt8, _ grants: [String: Set<Role>] = [:], operator isOperator: Bool = false
  ) -> PersonRecord {
    var person = PersonRecord(
      id: PersonID(drawn: [0, 0, 0, 0, 0, number]), name: "Person \(number)", email: "p\(number)@example.org",
      createdAt: .first)
    person.grants = grants.map { RoleGrant(deployment: $0.key, roles: $0.value) }
    person.isOperator = isOperator
    return person
  }

  private static let administrator = person(1, ["a": [.administrator], "b": [.editor]])
  private static let `operator` = person(2, operator: true)
  private static let removed: PersonRecord = {
    var gone = person(3, ["a": [.administrator]], operator: true)
    gone.removedAt = .first
    return gone
  }()

  @Test("Roles are given by administrators of the deployment and operators, the mark for sensitive models by operators")
  func giving() {
    let (plain, marked) = (
      RoleGrant(deployment: "a", roles: [.administrator]),
      RoleGrant(deployment: "a", roles: [.viewer], seesSensitive: true)
    )
    let elsewhere = RoleGrant(deployment: "b", roles: [.viewer])
    for (maker, expected) in [
      (Self.administrator, [true, false, false]), (Self.operator, [true, true, true]),
      (Self.person(4, ["a": [.viewer, .editor, .support]]), [false, false, false]),
      (Self.removed, [false, false, false]), (Self.person(5), [false, false, false]),
    ] {
      let authority = Authority(of: maker)
      #expect([plain, marked, elsewhere].map { authority.problem(giving: $0) == nil } == expected, "\(maker.name)")
    }
    // What is there already is not given, and is not an administrator's to take.
    let authority = Authority(of: Self.administrator)
    #expect(authority.problem(giving: marked, keeping: marked) == nil)
    #expect(authority.problem(giving: plain, keeping: marked) != nil)
  }

  @Test("Who is reset and signed out by whom")
  func reaching() {
    let (here, further) = (Self.person(6, ["a": [.viewer]]), Self.person(7, ["a": [.viewer], "c": [.viewer]]))
    let (nowhere, other) = (Self.person(8), Self.person(9, ["a": [.viewer]], operator: true))
    for (maker, resets, ends) in [
      (Self.administrator, [true, false, false, false], [true, false, false, false]),
      (Self.operator, [true, true, true, false], [true, true, true, true]),
      (Self.person(4, ["a": [.support]]), [false, false, false, false], [false, false, false, false]),
      (Self.removed, [false, false, false, false], [false, false, false, false]),
    ] {
      let authority = Authority(of: maker)
      let all = [here, further, nowhere, other]
      #expect(all.map { authority.problem(resetting: $0) == nil } == resets, "\(maker.name)")
      #expect(all.map { authority.problem(endingSessionsOf: $0) == nil } == ends, "\(maker.name)")
      // One's own password and sessions are changed elsewhere.
      #expect(authority.problem(resetting: maker) != nil && authority.problem(endingSessionsOf: maker) != nil)
    }
  }

  @Test("A link is good while its maker could make it")
  func links() {
    func link(_ kind: LinkRecord.Kind, _ grants: [RoleGrant] = [], operator makesOperator: Bool = false) -> LinkRecord {
      var link = LinkRecord(hash: [], kind: kind, madeAt: .first, expiresAt: .last)
      (link.grants, link.makesOperator) = (grants, makesOperator)
      return link
    }
    let (viewer, marked) = (
      RoleGrant(deployment: "a", roles: [.viewer]), RoleGrant(deployment: "a", roles: [.viewer], seesSensitive: true)
    )
    let both = [viewer, RoleGrant(deployment: "b", roles: [.viewer])]
    let here = Self.person(6, ["a": [.viewer]])
    let further = Self.person(7, ["a": [.viewer], "c": [.viewer]])
    var gone = here
    gone.removedAt = .first
    let all: [(LinkRecord, PersonRecord?)] = [
      (link(.join, [viewer]), nil), (link(.join, [marked]), nil), (link(.join, both), nil), (link(.join), nil),
      (link(.join, [viewer], operator: true), nil), (link(.resetBoth), here), (link(.resetBoth), further),
      (link(.resetPassword), gone), (link(.resetFactor), nil), (link(.first), nil),
    ]
    for (maker, expected) in [
      (Self.administrator, [true, false, false, false, false, true, false, false, false, false]),
      (Self.operator, [true, true, true, true, true, true, true, false, false, false]),
      (Self.removed, Array(repeating: false, count: 10)), (Self.person(5), Array(repeating: false, count: 10)),
    ] {
      let authority = Authority(of: maker)
      #expect(all.map { authority.covers($0.0, of: $0.1) } == expected, "\(maker.name)")
    }
  }

  @Test("A link dies with what its maker could do, and comes back with it")
  func dying() async throws {
    try await PeopleBed.with { bed in
      let (_, ada) = try await bed.operatorSignedIn()
      _ = try await bed.signedIn(as: "bob@example.org")
      _ = try await bed.signedIn(as: "eve@example.org")
      func give(_ email: String, _ roles: Set<Role>) async throws {
        try await bed.people.set(
          RoleGrant(deployment: "a", roles: roles), of: try await bed.people.person(email), by: ada.person.id,
          from: bed.home)
      }
      try await give("bob@example.org", [.administrator])
      try await give("eve@example.org", [.viewer])
      let bob = try await bed.people.person("bob@example.org")
      let invitation = try await bed.people.invite(
        Invitation(email: "new@example.org", name: "New", grants: [RoleGrant(deployment: "a", roles: [.viewer])]),
        by: bob.id, from: bed.home)
      let reset = try await bed.people.linkForReset(
        .resetBoth, of: try await bed.people.person("eve@example.org"), by: bob.id, from: bed.home)
      for code in [invitation, reset] { _ = try await bed.people.link(code) }
      #expect(try await bed.people.openLinks().count == 2)
      try await give("bob@example.org", [.editor])
      let form = JoinForm(name: "New", password: PeopleBed.password)
      await #expect(throws: PeopleFault.link(.ofNobody)) { try await bed.people.join(invitation, form, from: bed.home) }
      await #expect(throws: PeopleFault.link(.ofNobody)) {
        try await bed.people.reset(reset, ResetForm(password: PeopleBed.password), from: bed.home)
      }
      #expect(try await bed.people.openLinks().isEmpty)
      try await give("bob@example.org", [.administrator])
      _ = try await bed.people.link(invitation)
      // Whom it resets has become more than its maker reaches.
      let eve = try await bed.people.person("eve@example.org")
      let rights = People.ServerRights(isOperator: true, seesSensitive: false)
      try await bed.people.set(rights, of: eve, seen: .init(of: eve), by: ada.person.id, from: bed.home)
      await #expect(throws: PeopleFault.link(.ofNobody)) { try await bed.people.link(reset) }
      try await bed.people.remove(try await bed.people.person("bob@example.org"), by: ada.person.id, from: bed.home)
      await #expect(throws: PeopleFault.link(.ofNobody)) { try await bed.people.join(invitation, form, from: bed.home) }
    }
  }
}
