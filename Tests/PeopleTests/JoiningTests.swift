import Crypto
import Storage
import Testing
import Wire

@testable import People

@Suite("Joining and resetting")
struct JoiningTests {
  private static let form = JoinForm(name: "Bob", password: PeopleBed.password)

  @Test("by the first link makes an operator, once, within an hour, while there is nobody")
  func first() async throws {
    try await PeopleBed.with { bed in
      let form = JoinForm(email: "ada@example.org", name: "Ada", password: PeopleBed.password)
      let late = try #require(try await bed.people.linkForFirstOperator())
      bed.pass(seconds: 3600)
      await #expect(throws: PeopleFault.link(.over)) { try await bed.people.join(late, form, from: bed.home) }
      let code = try #require(try await bed.people.linkForFirstOperator())
      // A start of the server makes another one, and leaves one way in.
      let second = try #require(try await bed.people.linkForFirstOperator())
      await #expect(throws: PeopleFault.link(.used)) { try await bed.people.link(code) }
      for _ in 0..<3 { #expect(try await bed.people.link(second).kind == .first) }
      let signedIn = try await bed.people.join(second, form, from: bed.home)
      #expect(signedIn.person.isOperator && !signedIn.person.seesSensitive)
      for used in [code, second] {
        await #expect(throws: PeopleFault.link(.used)) { try await bed.people.join(used, form, from: bed.home) }
      }
      #expect(try await bed.people.linkForFirstOperator() == nil)
    }
  }

  @Test("by the first link is not offered beside an operator's invitation, of which a command leaves one")
  func invitedFirst() async throws {
    try await PeopleBed.with { bed in
      let operators = Invitation(email: "ada@example.org", name: "Ada", makesOperator: true)
      let early = try await bed.people.invite(operators, by: nil, from: bed.home)
      #expect(try await bed.people.linkForFirstOperator() == nil)
      var again = operators
      again.email = "ADA@example.org"
      let code = try await bed.people.invite(again, by: nil, from: bed.home)
      await #expect(throws: PeopleFault.link(.used)) { try await bed.people.link(early) }
      #expect(try await bed.people.openLinks().count == 1)
      // Those for others, and of others, stay.
      let bobs = try await bed.people.invite(
        Invitation(email: "bob@example.org", name: "Bob", makesOperator: true), by: nil, from: bed.home)
      _ = try await bed.people.link(code)
      _ = try await bed.people.join(code, Self.form, from: bed.home)
      _ = try await bed.people.link(bobs)
      bed.pass(seconds: 72 * 3600)
      #expect(try await bed.people.linkForFirstOperator() == nil)
    }
  }

  @Test("of many at once by one link makes one person")
  func race() async throws {
    try await PeopleBed.with { bed in
      let code = try #require(try await bed.people.linkForFirstOperator())
      let made = await withTaskGroup(of: Bool.self) { group in
        for number in 0..<5 {
          group.addTask {
            let form = JoinForm(email: "a\(number)@example.org", name: "A", password: PeopleBed.password)
            return (try? await bed.people.join(code, form, from: bed.home)) != nil
          }
        }
        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(made == 1)
      #expect(try await bed.people.all().count == 1)
    }
  }

  @Test("by an invitation gives what it names, once, within 72 hours")
  func invitation() async throws {
    try await PeopleBed.with { bed in
      let (_, ada) = try await bed.operatorSignedIn()
      let grant = RoleGrant(deployment: "a", roles: [.editor], seesSensitive: true)
      let invitation = Invitation(email: "bob@example.org", name: "B", grants: [grant])
      let late = try await bed.people.invite(invitation, by: ada.person.id, from: bed.home)
      let code = try await bed.people.invite(invitation, by: ada.person.id, from: bed.home)
      #expect(try await bed.people.openLinks().count == 2)
      #expect(try await bed.people.link(code).email == "bob@example.org")
      let bob = try await bed.people.join(code, Self.form, from: bed.home).person
      #expect(bob.grants == [grant] && !bob.isOperator && bob.name == "Bob" && bob.email == "bob@example.org")
      await #expect(throws: PeopleFault.link(.used)) { try await bed.people.join(code, Self.form, from: bed.home) }
      await #expect(throws: PeopleFault.link(.signIn)) { try await bed.people.join(late, Self.form, from: bed.home) }
      bed.pass(seconds: 72 * 3600)
      await #expect(throws: PeopleFault.link(.over)) { try await bed.people.join(late, Self.form, from: bed.home) }
      for code in ["", "x", String(repeating: "x", count: 10_000)] {
        await #expect(throws: PeopleFault.link(.unknown)) { try await bed.people.join(code, Self.form, from: bed.home) }
      }
    }
  }

  @Test("again is accepting, by the person of the address alone, and sets nothing else")
  func accepting() async throws {
    try await PeopleBed.with { bed in
      let (_, ada) = try await bed.operatorSignedIn()
      let (_, bob) = try await bed.signedIn(as: "bob@example.org")
      for (roles, expected) in [
        ([.viewer], [.viewer]), ([.editor, .support], [.viewer, .editor, .support]),
      ] as [(Set<Role>, Set<Role>)] {
        let code = try await bed.people.invite(
          Invitation(
            email: "BOB@example.org", name: "Other", grants: [RoleGrant(deployment: "a", roles: roles)]),
          by: ada.person.id, from: bed.home)
        await #expect(throws: PeopleFault.link(.somebodyElse)) {
          try await bed.people.accept(code, as: ada, from: bed.home)
        }
        try await bed.people.accept(code, as: bob, from: bed.home)
        let now = try #require(try await bed.store.person(bob.person.id))
        #expect(now.grants.map(\.roles) == [expected])
        #expect(now.name == "Bob" && now.email == "bob@example.org" && !now.isOperator)
        await #expect(throws: PeopleFault.link(.used)) { try await bed.people.accept(code, as: bob, from: bed.home) }
      }
    }
  }

  @Test("refuses addresses, names and passwords that are none")
  func refusals() async throws {
    try await PeopleBed.with { bed in
      for email in [
        "", "a", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\n", "a@\u{202E}b", String(repeating: "a", count: 254) + "@b",
      ] {
        await #expect(throws: PeopleFault.self) {
          try await bed.people.invite(Invitation(email: email, name: "A"), by: nil, from: bed.home)
        }
      }
      for name in ["", "  ", String(repeating: "a", count: 101), "a\u{0}b", "a\u{202E}b"] {
        await #expect(throws: PeopleFault.self) {
          try await bed.people.invite(Invitation(email: "a@b", name: name), by: nil, from: bed.home)
        }
      }
      let code = try await bed.people.invite(Invitation(email: "marmelade@b", name: "A"), by: nil, from: bed.home)
      for (password, part) in [
        ("short", "at least 12"), ("password1234", "tried first"), ("my flights 4711", "name of the server"),
        ("sojourner truth 9", "name of the server"), ("roberta kettle 9", "name"), ("marmelade kettle", "your own"),
      ] {
        do {
          _ = try await bed.people.join(code, JoinForm(name: "Roberta", password: password), from: bed.home)
          Issue.record("\(password) was taken")
        } catch PeopleFault.invalid(let field, let sentence) {
          #expect(field == .password && sentence.contains(part), "\(password): \(sentence)")
        }
      }
      // Nothing of this has used the link up.
      _ = try await bed.people.join(code, JoinForm(name: "Roberta", password: PeopleBed.password), from: bed.home)
    }
  }

  @Test("with a reset link renews what it names, and what it does not name must be proved")
  func resets() async throws {
    try await PeopleBed.with { bed in
      let (mine, visitor) = try await bed.operatorSignedIn()
      let (totp, _) = try await bed.enrol(visitor)
      let people = bed.people
      func link(_ kind: LinkRecord.Kind) async throws -> String {
        try await people.linkForReset(kind, of: try await people.person("ada@example.org"), by: nil, from: bed.home)
      }
      let new = "another kettle orbit"
      let ofPassword = try await link(.resetPassword)
      await #expect(throws: PeopleFault.wrong) {
        try await people.reset(ofPassword, ResetForm(password: new, code: "000000"), from: bed.home)
      }
      _ = try await bed.visitor(mine.token)
      bed.pass(seconds: 60)
      try await people.reset(ofPassword, ResetForm(password: new, code: try bed.code(totp)), from: bed.home)
      #expect(try await people.visitor(token: mine.token) == nil)
      await #expect(throws: PeopleFault.link(.used)) {
        try await people.reset(ofPassword, ResetForm(password: new, code: try bed.code(totp)), from: bed.home)
      }
      bed.pass(seconds: 60)
      let told = try await people.signIn(
        email: "ada@example.org", Proof(password: new, code: try bed.code(totp)), from: bed.home)
      #expect(told.resetAt != nil && told.person.resetAt == nil)

      let ofFactor = try await link(.resetFactor)
      await #expect(throws: PeopleFault.wrong) {
        try await people.reset(ofFactor, ResetForm(password: PeopleBed.password), from: bed.home)
      }
      try await people.reset(ofFactor, ResetForm(password: new), from: bed.home)
      let without = try await people.signIn(email: "ada@example.org", Proof(password: new), from: bed.home)
      #expect(without.person.factor == nil && without.person.recoveryHashes.isEmpty && without.resetAt != nil)

      _ = try await bed.enrol(try await bed.visitor(without.token))
      let ofBoth = try await link(.resetBoth)
      bed.pass(seconds: 24 * 3600)
      await #expect(throws: PeopleFault.link(.over)) {
        try await people.reset(ofBoth, ResetForm(password: PeopleBed.password), from: bed.home)
      }
      try await people.reset(try await link(.resetBoth), ResetForm(password: PeopleBed.password), from: bed.home)
      let whole = try await people.signIn(
        email: "ada@example.org", Proof(password: PeopleBed.password), from: bed.home)
      #expect(whole.person.factor == nil)
      #expect(
        try await people.signIn(
          email: "ada@example.org", Proof(password: PeopleBed.password), from: bed.home
        ).resetAt == nil)
    }
  }

  @Test("The last operator cannot be removed, and people who were removed make way for their address")
  func removing() async throws {
    try await PeopleBed.with { bed in
      let (_, ada) = try await bed.operatorSignedIn()
      do {
        try await bed.people.remove(try await bed.people.person(ada.person.id.text), by: nil, from: bed.home)
        Issue.record("the last operator was removed")
      } catch PeopleFault.refused(let sentence) {
        #expect(sentence.contains("last operator"))
      }
      let code = try await bed.people.invite(
        Invitation(email: "bob@example.org", name: "Bob", makesOperator: true), by: nil, from: bed.home)
      _ = try await bed.people.join(code, Self.form, from: bed.home)
      try await bed.people.remove(try await bed.people.person("ada@example.org"), by: nil, from: bed.home)
      #expect(try await bed.people.all().map(\.name) == ["Bob"])
      await #expect(throws: PeopleFault.self) { try await bed.people.person(ada.person.id.text) }
      let (again, _) = try await bed.signedIn(as: "ada@example.org")
      #expect(again.person.id != ada.person.id && !again.person.isOperator)
      #expect(try await bed.store.people().count == 3)
    }
  }

  @Test("The first person may get a password without a link, and nobody else")
  func firstWithPassword() async throws {
    try await PeopleBed.with { bed in
      let invitation = Invitation(email: "ada@example.org", name: "Ada", makesOperator: true)
      await #expect(throws: PeopleFault.self) {
        try await bed.people.createFirst(invitation, password: "short", from: bed.home)
      }
      let ada = try await bed.people.createFirst(invitation, password: PeopleBed.password, from: bed.home)
      #expect(ada.isOperator)
      _ = try await bed.people.signIn(email: "ada@example.org", Proof(password: PeopleBed.password), from: bed.home)
      do {
        _ = try await bed.people.createFirst(
          Invitation(email: "bob@example.org", name: "Bob"), password: PeopleBed.password, from: bed.home)
        Issue.record("a second one got a password")
      } catch PeopleFault.refused(let sentence) {
        #expect(sentence.contains("--password-stdin"))
      }
    }
  }

  @Test("Roles are given and taken away at once")
  func roles() async throws {
    try await PeopleBed.with { bed in
      let (_, ada) = try await bed.operatorSignedIn()
      let (theirs, _) = try await bed.signedIn(as: "bob@example.org")
      for roles in [[.viewer], [.administrator, .support], []] as [Set<Role>] {
        try await bed.people.set(
          RoleGrant(deployment: "a", roles: roles), of: try await bed.people.person("bob@example.org"),
          by: ada.person.id, from: bed.home)
        let bob = try await bed.visitor(theirs.token)
        #expect(bob.grants["a"]?.roles ?? [] == roles)
        #expect(bob.knows("a") == !roles.isEmpty)
      }
      let entries = try await bed.people.audit(AuditWant(.newest(before: nil), limit: 3)).map(\.draft)
      #expect(
        entries.map(\.target) == [
          "bob@example.org ", "bob@example.org support,administrator", "bob@example.org viewer",
        ])
      #expect(entries.allSatisfy { $0.deployment == "a" && $0.person == ada.person.id })
    }
  }

  @Test("The audit is verified from its first entry to its last, also after a trimming")
  func verification() async throws {
    try await PeopleBed.with({ $0.settings.auditDays = 1 }) { bed in
      #expect(try await bed.people.verifyAudit() == People.Verification(count: 0))
      for number in 0..<5 {
        try await bed.people.record(bed.people.entry(.reveal, by: nil, bed.home, target: "\(number)"))
        bed.pass(seconds: 12 * 3600)
      }
      var whole = try await bed.people.verifyAudit()
      #expect((whole.count, whole.first, whole.last?.number, whole.broken) == (5, 1, 5, nil))
      try await bed.people.tend()
      whole = try await bed.people.verifyAudit()
      #expect((whole.count, whole.first, whole.last?.number, whole.broken) == (2, 4, 5, nil))
    }
  }
}
