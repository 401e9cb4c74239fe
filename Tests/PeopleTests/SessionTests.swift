import Crypto
import Deployments
import Storage
import Synchronization
import Testing
import Wire

@testable import People

@Suite("Sessions")
struct SessionTests {
  @Test("What is noted of a session counts while it is being written")
  func usesThatLeave() throws {
    let uses = SessionUses()
    let session = SessionID(drawn: [1, 2, 3, 4, 5, 6])
    let late = try #require(Instant(secondsSince1970: 100))
    uses.note(session, at: late)
    let taken = uses.take()
    #expect(taken == [session: late] && uses.lastUse(of: session, or: .first) == late)
    uses.giveBack(taken)
    #expect(uses.take() == taken)
    uses.settle()
    #expect(uses.lastUse(of: session, or: .first) == .first && uses.take() == [:])
  }

  @Test("end after eight hours without a request, or seven days")
  func ends() async throws {
    try await PeopleBed.with { bed in
      let (signedIn, visitor) = try await bed.operatorSignedIn()
      #expect(visitor.session.endsAt.secondsSince1970 == PeopleBed.start + 8 * 3600)
      for _ in 0..<20 {
        bed.pass(seconds: 8 * 3600)
        #expect(try await bed.people.visitor(token: signedIn.token) != nil)
      }
      // What a browser asks by itself keeps nobody signed in.
      for _ in 0..<2 {
        bed.pass(seconds: 4 * 3600)
        #expect(try await bed.people.visitor(token: signedIn.token, isActive: false) != nil)
      }
      bed.pass(seconds: 1)
      #expect(try await bed.people.visitor(token: signedIn.token) == nil)
      let again = try await bed.people.signIn(
        email: "ada@example.org", Proof(password: PeopleBed.password), from: bed.home)
      for _ in 0..<21 {
        bed.pass(seconds: 8 * 3600)
        #expect(try await bed.people.visitor(token: again.token) != nil)
      }
      bed.pass(seconds: 1)
      #expect(try await bed.people.visitor(token: again.token) == nil)
      try await bed.people.tend()
      #expect(try await bed.store.sessions(of: visitor.person.id) == [])
    }
  }

  @Test("have their last use written once a minute, and cost no write before")
  func uses() async throws {
    try await PeopleBed.with { bed in
      let (signedIn, visitor) = try await bed.operatorSignedIn()
      bed.pass(seconds: 50)
      #expect(try await bed.visitor(signedIn.token).session.lastUseAt == bed.clock.now)
      let before = try await bed.store.sessions(of: visitor.person.id)
      #expect(before.map(\.lastUseAt.secondsSince1970) == [PeopleBed.start])
      try await bed.people.tend()
      let after = try await bed.store.sessions(of: visitor.person.id)
      #expect(after.map(\.lastUseAt.secondsSince1970) == [PeopleBed.start + 50])
      #expect(try await bed.store.person(visitor.person.id)?.lastSeenAt == bed.clock.now)
    }
  }

  @Test("end at sign-out, on a change of password or factor (all others), and on removal")
  func endings() async throws {
    try await PeopleBed.with { bed in
      func signIn(_ code: String = "") async throws -> SignedIn {
        try await bed.people.signIn(
          email: "ada@example.org", Proof(password: PeopleBed.password, code: code), from: bed.home)
      }
      let (mine, visitor) = try await bed.operatorSignedIn()
      let other = try await signIn()
      try await bed.people.signOut(try await bed.visitor(other.token), from: bed.home)
      #expect(try await bed.people.visitor(token: other.token) == nil)

      let second = try await signIn()
      try await bed.people.changePassword(to: PeopleBed.password + "s", of: visitor, from: bed.home)
      #expect(try await bed.people.visitor(token: second.token) == nil)
      _ = try await bed.visitor(mine.token)
      try await bed.people.changePassword(to: PeopleBed.password, of: visitor, from: bed.home)

      let third = try await signIn()
      let (totp, _) = try await bed.enrol(visitor)
      #expect(try await bed.people.visitor(token: third.token) == nil)
      bed.pass(seconds: 60)
      let fourth = try await signIn(try bed.code(totp))
      try await bed.people.end(try await bed.visitor(fourth.token).session.id, of: visitor, from: bed.home)
      #expect(try await bed.people.visitor(token: fourth.token) == nil)

      let (theirs, bob) = try await bed.signedIn(as: "bob@example.org")
      // Nobody ends somebody else's session as one of their own.
      try await bed.people.end(visitor.session.id, of: bob, from: bed.home)
      _ = try await bed.visitor(mine.token)
      try await bed.people.remove(try await bed.people.person("bob@example.org"), by: visitor.person.id, from: bed.home)
      #expect(try await bed.people.visitor(token: theirs.token) == nil)
      #expect(try await bed.store.person(bob.person.id)?.name == "Bob")
      await #expect(throws: PeopleFault.wrong) {
        try await bed.people.signIn(email: "bob@example.org", Proof(password: PeopleBed.password), from: bed.home)
      }
    }
  }

  @Test("are ended and entered once, by however many at once")
  func endedAtOnce() async throws {
    try await PeopleBed.with { bed in
      let (_, visitor) = try await bed.operatorSignedIn()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<8 {
          group.addTask {
            if number % 2 == 0 {
              try await bed.people.signOut(visitor, from: bed.home)
            } else {
              try await bed.people.end(visitor.session.id, of: visitor, from: bed.home)
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await bed.store.sessions(of: visitor.person.id).isEmpty)
      let ends = bed.reported.entries.withLock { entries in
        entries.filter { ["sign-out", "end-session"].contains($0.draft.action) }
      }
      #expect(ends.count == 1)
    }
  }

  @Test("are elevated for a quarter of an hour, under a new token")
  func elevation() async throws {
    try await PeopleBed.with { bed in
      let (mine, visitor) = try await bed.operatorSignedIn()
      let (totp, _) = try await bed.enrol(visitor)
      #expect(try await bed.visitor(mine.token).session.elevatedUntil == nil)
      await #expect(throws: PeopleFault.wrong) {
        try await bed.people.elevate(visitor, Proof(password: PeopleBed.password), from: bed.home)
      }
      bed.pass(seconds: 60)
      let token = try await bed.people.elevate(
        visitor, Proof(password: PeopleBed.password, code: try bed.code(totp)), from: bed.home)
      #expect(try await bed.people.visitor(token: mine.token) == nil)
      let elevated = try await bed.visitor(token)
      #expect(elevated.session.id == visitor.session.id)
      #expect(elevated.session.elevatedUntil?.secondsSince1970 == bed.clock.now.secondsSince1970 + 900)
      #expect(elevated.may(.operator.elevated) == .allowed)
      let plain = try await bed.people.giveUpElevation(elevated, from: bed.home)
      #expect(try await bed.people.visitor(token: token) == nil)
      #expect(try await bed.visitor(plain).may(.operator.elevated) == .elevate)
      bed.pass(seconds: 60)
      let third = try await bed.people.elevate(
        try await bed.visitor(plain), Proof(password: PeopleBed.password, code: try bed.code(totp)), from: bed.home)
      bed.pass(seconds: 899)
      #expect(try await bed.visitor(third).session.elevatedUntil != nil)
      bed.pass(seconds: 1)
      #expect(try await bed.visitor(third).session.elevatedUntil == nil)
      #expect(
        try await bed.actions() == [
          "join done", "factor done", "elevate refused", "elevate done", "end-elevation done", "elevate done",
        ])
    }
  }

  @Test("whose owner must have a second factor reach the account alone until there is one")
  func factorFirst() async throws {
    try await PeopleBed.with({ $0.settings.secondFactor = .administrators }) { bed in
      let (mine, visitor) = try await bed.operatorSignedIn()
      #expect(visitor.session.needsFactor)
      #expect(visitor.may(.operator) == .enrolFactor)
      _ = try await bed.enrol(visitor)
      let after = try await bed.visitor(mine.token)
      #expect(!after.session.needsFactor && after.may(.operator) == .allowed)
      await #expect(throws: PeopleFault.self) { try await bed.people.removeFactor(of: after, from: bed.home) }
      let (_, bob) = try await bed.signedIn(as: "bob@example.org")
      #expect(!bob.session.needsFactor)
    }
  }
}

@Suite("Forms that are held, secrets that are shown once, POSTs that come twice")
struct FormTests {
  @Test("A form is held sealed, for an hour, for its person, ten at most")
  func held() async throws {
    try await PeopleBed.with { bed in
      let (_, ada) = try await bed.operatorSignedIn()
      let (_, bob) = try await bed.signedIn(as: "bob@example.org")
      let fields = Array("token=geheim".utf8)
      let number = try await bed.people.hold(fields, sentTo: "/databrowser/me", for: ada.person.id)
      let held = try #require(try await bed.people.held(number, of: ada.person.id))
      #expect((held.path, held.fields) == ("/databrowser/me", fields))
      #expect(try await bed.people.held(number, of: bob.person.id) == nil)
      let stored = try #require(try await bed.store.held(number, of: ada.person.id))
      #expect(!String(decoding: stored.sealed, as: UTF8.self).contains("geheim"))
      for _ in 0..<10 { _ = try await bed.people.hold(fields, sentTo: "/", for: ada.person.id) }
      #expect(try await bed.people.held(number, of: ada.person.id) == nil)
      let last = try await bed.people.hold([UInt8](repeating: 0, count: 1 << 20), sentTo: "/", for: ada.person.id)
      await #expect(throws: PeopleFault.self) {
        try await bed.people.hold([UInt8](repeating: 0, count: (1 << 20) + 1), sentTo: "/", for: ada.person.id)
      }
      bed.pass(seconds: 3600)
      #expect(try await bed.people.held(last, of: ada.person.id) != nil)
      bed.pass(seconds: 1)
      #expect(try await bed.people.held(last, of: ada.person.id) == nil)
    }
  }

  @Test("A secret is shown to its session for ten minutes, and lies sealed")
  func shown() async throws {
    try await PeopleBed.with { bed in
      let (_, ada) = try await bed.operatorSignedIn()
      let (_, bob) = try await bed.signedIn(as: "bob@example.org")
      try await bed.people.show("O:geheim", on: "token", to: ada)
      for _ in 0..<3 { #expect(try await bed.people.shown(on: "token", to: ada)?.secret == "O:geheim") }
      #expect(try await bed.people.shown(on: "token", to: bob) == nil)
      #expect(try await bed.people.shown(on: "other", to: ada) == nil)
      let stored = try #require(try await bed.store.shown("token", to: ada.session.id))
      #expect(!String(decoding: stored.sealed, as: UTF8.self).contains("geheim"))
      bed.pass(seconds: 599)
      #expect(try await bed.people.shown(on: "token", to: ada) != nil)
      bed.pass(seconds: 1)
      #expect(try await bed.people.shown(on: "token", to: ada) == nil)
    }
  }

  @Test("A POST with one nonce happens once, and later ones are led where the first was")
  func nonces() async throws {
    try await PeopleBed.with { bed in
      let nonce = [UInt8](repeating: 4, count: 16)
      let claims = try await withThrowingTaskGroup(of: People.Claim.self) { group in
        for _ in 0..<5 { group.addTask { try await bed.people.claim(nonce) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(claims.count { $0 == .first } == 1 && claims.count { $0 == .running } == 4)
      try await bed.people.settle(nonce, "/databrowser?done=1")
      #expect(try await bed.people.claim(nonce) == .done("/databrowser?done=1"))
      bed.pass(seconds: 86_401)
      try await bed.people.tend()
      #expect(try await bed.people.claim(nonce) == .first)
    }
  }

  @Test("A ticket is of this server's key, person and session")
  func tickets() async throws {
    try await PeopleBed.with { bed in
      let (_, ada) = try await bed.operatorSignedIn()
      let text = bed.people.ticket(for: "/databrowser/me", ada)
      let ticket = try bed.people.ticket(text, for: "/databrowser/me")
      #expect(ticket.fate(for: ada) == .taken)
      #expect(text != bed.people.ticket(for: "/databrowser/me", ada))
      let other = try PeopleBed { $0.key = .random() }
      #expect(throws: Ticket.Problem.forged) { try other.people.ticket(text, for: "/databrowser/me") }
      await other.close()
    }
  }
}
