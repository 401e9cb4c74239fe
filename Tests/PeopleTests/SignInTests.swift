import Crypto
import Deployments
import Storage
import Synchronization
import Testing
import Wire

@testable import People

@Suite("Signing in")
struct SignInTests {
  private static let proof = Proof(password: PeopleBed.password)

  @Test("begins a session whose token nobody else has, and which the store does not hold")
  func session() async throws {
    try await PeopleBed.with { bed in
      let (first, visitor) = try await bed.operatorSignedIn()
      let second = try await bed.people.signIn(email: "ADA@example.org", Self.proof, from: bed.home)
      #expect(second.token != first.token)
      #expect(try await bed.visitor(second.token).person.id == visitor.person.id)
      #expect(try await bed.people.sessions(of: visitor.person.id).count == 2)
      for other in ["", "x", String(first.token.dropLast()), String(repeating: "x", count: 100_000)] {
        #expect(try await bed.people.visitor(token: other) == nil)
      }
      let stored = try await bed.store.sessions(of: visitor.person.id)
      #expect(Set(stored.map(\.tokenHash)) == [SHA256.hash(first.token), SHA256.hash(second.token)])
    }
  }

  @Test("with an unknown address, a wrong password or a wrong code is one fault")
  func wrong() async throws {
    try await PeopleBed.with { bed in
      let (_, visitor) = try await bed.operatorSignedIn()
      let (totp, _) = try await bed.enrol(visitor)
      bed.pass(seconds: 30)
      let right = try bed.code(totp)
      let other = Browser(address: "192.0.2.7")
      for (email, password, code) in [
        ("nobody@example.org", PeopleBed.password, right), ("ada@example.org", "kettle orbit mangO", right),
        ("ada@example.org", PeopleBed.password, "000000"), ("ada@example.org", PeopleBed.password, ""),
        ("", "", ""), ("ada@example.org", String(repeating: "x", count: 100_000), right),
      ] {
        await #expect(throws: PeopleFault.wrong) {
          try await bed.people.signIn(email: email, Proof(password: password, code: code), from: other)
        }
        bed.limitsForgotten()
      }
      _ = try await bed.people.signIn(
        email: "ada@example.org", Proof(password: PeopleBed.password, code: try bed.code(totp)), from: other)
    }
  }

  @Test("takes each code and each recovery code once, also of many at once")
  func onlyOnce() async throws {
    try await PeopleBed.with { bed in
      let (_, visitor) = try await bed.operatorSignedIn()
      let (totp, codes) = try await bed.enrol(visitor)
      #expect(codes.count == RecoveryCodes.count && Set(codes).count == codes.count)
      // The code that proved the authenticator is used up.
      await #expect(throws: PeopleFault.wrong) {
        try await bed.people.signIn(
          email: "ada@example.org", Proof(password: PeopleBed.password, code: try bed.code(totp)), from: bed.home)
      }
      bed.pass(seconds: 60)
      for code in [try bed.code(totp), codes[0].lowercased()] {
        let outcomes = await withTaskGroup(of: Bool.self) { group in
          for number in 0..<4 {
            group.addTask {
              (try? await bed.people.signIn(
                email: "ada@example.org", Proof(password: PeopleBed.password, code: code),
                from: Browser(address: "192.0.2.\(number + 10)"))) != nil
            }
          }
          return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(outcomes == 1, "\(code)")
        bed.pass(seconds: 600)
      }
      let person = try #require(try await bed.store.person(visitor.person.id))
      #expect(person.recoveryHashes.count == RecoveryCodes.count - 1)
    }
  }

  @Test("is slowed for strangers, and not for the owner's browser")
  func slowed() async throws {
    try await PeopleBed.with { bed in
      let (owner, _) = try await bed.operatorSignedIn()
      var faults: [PeopleFault] = []
      for number in 0..<8 {
        do {
          _ = try await bed.people.signIn(
            email: "ada@example.org", Proof(password: "guess \(number)"), from: Browser(address: "192.0.2.\(number)"))
        } catch let fault as PeopleFault {
          faults.append(fault)
        }
      }
      #expect(
        faults == [PeopleFault](repeating: .wrong, count: 5) + [PeopleFault](repeating: .slow(seconds: 30), count: 3))
      await #expect(throws: PeopleFault.slow(seconds: 30)) {
        try await bed.people.signIn(email: "ada@example.org", Self.proof, from: bed.home)
      }
      let known = Browser(address: "192.0.2.1", known: owner.known)
      let again = try await bed.people.signIn(email: "ada@example.org", Self.proof, from: known)
      #expect(again.known == owner.known)
      // The cookie is good for its person alone.
      await #expect(throws: PeopleFault.wrong) {
        try await bed.people.signIn(
          email: "bob@example.org", Self.proof, from: Browser(address: "203.0.113.5", known: owner.known))
      }
      bed.pass(seconds: 30)
      _ = try await bed.people.signIn(email: "ada@example.org", Self.proof, from: bed.home)
    }
  }

  @Test("of many at once lets some in and tells the rest to come again, and the owner does not wait for strangers")
  func crowd() async throws {
    try await PeopleBed.with({ $0.cost = PasswordHash.Cost(bytes: 1 << 20, passes: 2) }) { bed in
      let (owner, _) = try await bed.operatorSignedIn()
      let faults = try await withThrowingTaskGroup(of: PeopleFault?.self) { group in
        for number in 0..<200 {
          group.addTask {
            do {
              _ = try await bed.people.signIn(
                email: "nobody\(number)@example.org", Self.proof, from: Browser(address: "10.0.0.\(number)"))
            } catch let fault as PeopleFault {
              return fault
            }
            return nil
          }
        }
        _ = try await bed.people.signIn(
          email: "ada@example.org", Self.proof, from: Browser(address: "10.0.0.1", known: owner.known))
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(faults.count == 200)
      #expect(Set(faults.map { "\($0 ?? .wrong)" }).isSubset(of: ["wrong", "busy"]))
      #expect(faults.contains(.wrong))
    }
  }

  @Test("hashes a password anew once hashes cost more")
  func dearer() async throws {
    try await PeopleBed.with { bed in
      let (_, visitor) = try await bed.operatorSignedIn()
      var dear = People.Foundation(store: bed.store, clock: bed.clock, key: .random())
      dear.cost = PasswordHash.Cost(bytes: 64 << 10, passes: 2)
      let people = try People(dear)
      _ = try await people.signIn(email: "ada@example.org", Self.proof, from: bed.home)
      await people.close()
      let hash = try #require(try await bed.store.person(visitor.person.id)?.passwordHash)
      #expect(PasswordHash.cost(of: hash) == dear.cost)
      _ = try await bed.people.signIn(email: "ada@example.org", Self.proof, from: bed.home)
      #expect(try await bed.store.person(visitor.person.id)?.passwordHash == hash)
    }
  }

  @Test("enters successes into the audit, and failures summed by address and minute")
  func audited() async throws {
    try await PeopleBed.with { bed in
      _ = try await bed.operatorSignedIn()
      for _ in 0..<3 {
        await #expect(throws: PeopleFault.wrong) {
          try await bed.people.signIn(email: "ada@example.org", Proof(password: "guess"), from: bed.home)
        }
      }
      _ = try await bed.people.signIn(email: "ada@example.org", Self.proof, from: bed.home)
      #expect(try await bed.actions() == ["join done", "sign-in done"])
      bed.pass(seconds: 60)
      try await bed.people.tend()
      let last = try #require(try await bed.people.audit(AuditWant(.newest(before: nil), limit: 1)).first?.draft)
      #expect((last.action, last.outcome, last.count, last.address) == ("sign-in", "refused", 3, "192.0.2.1"))
      #expect(bed.reported.entries.withLock { $0.map(\.number) } == [1, 2, 3])
    }
  }
}

extension PeopleBed {
  /// Lets so much time pass that nobody is slowed any more.
  func limitsForgotten() { pass(seconds: 600) }
}
