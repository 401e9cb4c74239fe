import Crypto
import Storage
import Wire

// One's own account. Pages ask for elevation before they call this.

extension People {
  /// Names under which secrets are shown to the session that made them.
  package enum Shown {
    package static let factor = "factor"
    package static let recovery = "recovery"
    /// No secret: when password or factor was reset.
    package static let reset = "reset"
  }

  /// Takes another password and ends all other sessions.
  package func changePassword(to password: String, of visitor: Visitor, from browser: Browser) async throws {
    var person = try await current(visitor)
    person.passwordHash = try await hash(password, of: person)
    try await change(person, entry(.password, by: person.id, browser), ending: visitor.session.id)
  }

  /// Draws a secret for an authenticator, to be shown to this session until a code of it was typed.
  package func beginFactor(of visitor: Visitor) async throws {
    try await show(Base32.encode(draw(TOTP.secretBytes)), on: Shown.factor, to: visitor)
  }

  /// Takes the secret that is shown as the person's factor, once a code proves that the app has it. Recovery codes are
  /// shown then, and all other sessions end.
  package func confirmFactor(_ code: String, of visitor: Visitor, from browser: Browser) async throws {
    guard let (text, _) = try await shown(on: Shown.factor, to: visitor), let secret = Base32.decode(text) else {
      throw PeopleFault.refused("The secret was shown too long ago. Begin again.")
    }
    guard let step = TOTP(secret: secret).step(of: code, at: now, after: .min) else {
      throw PeopleFault.invalid(
        .code, "This is not the code that the app shows now. Is the clock of the phone right? Type the next one.")
    }
    var person = try await current(visitor)
    person.factor = PersonRecord.SecondFactor(
      sealedSecret: SealedBox.seal(secret, under: keys.factors), lastStep: step)
    let codes = renewCodes(of: &person)
    try await change(
      person, entry(.factor, by: person.id, browser), ending: visitor.session.id,
      and: [.erase(shown: Shown.factor, of: visitor.session.id), codes(visitor)])
  }

  /// Takes the factor away, where none is demanded.
  package func removeFactor(of visitor: Visitor, from browser: Browser) async throws {
    var person = try await current(visitor)
    guard !settings.demandsFactor(of: person) else {
      throw PeopleFault.refused("You must have a second factor. You can set up another one in place of this.")
    }
    person.factor = nil
    person.recoveryHashes = []
    try await change(
      person, entry(.factor, by: person.id, browser, target: "removed"), ending: visitor.session.id)
  }

  /// Draws recovery codes, which are shown to this session; those of before end.
  package func renewRecoveryCodes(of visitor: Visitor, from browser: Browser) async throws {
    var person = try await current(visitor)
    guard person.factor != nil else {
      throw PeopleFault.refused("Recovery codes stand for a second factor. Set one up first.")
    }
    let codes = renewCodes(of: &person)
    try await change(person, entry(.recovery, by: person.id, browser), and: [codes(visitor)])
  }

  /// New codes, and the change that shows them.
  private func renewCodes(of person: inout PersonRecord) -> (Visitor) -> PeopleChange {
    let codes = (0..<RecoveryCodes.count).map { _ in draw(RecoveryCodes.byteCount) }
    person.recoveryHashes = codes.map { SHA256.hash($0) }
    let text = codes.map(RecoveryCodes.text).joined(separator: "\n")
    return { self.showing(text, on: Shown.recovery, to: $0.session.id) }
  }

  package func set(_ manner: PersonRecord.Manner, of visitor: Visitor) async throws {
    var person = try await current(visitor)
    person.manner = manner
    try await change(person, nil)
  }

  private func current(_ visitor: Visitor) async throws -> PersonRecord {
    guard let person = try await store.person(visitor.person.id), !person.isRemoved else { throw PeopleFault.changed }
    return person
  }

  /// `session` is the one that stays where others end.
  private func change(
    _ person: PersonRecord, _ audit: AuditDraft?, ending session: SessionID? = nil, and changes: [PeopleChange] = []
  ) async throws {
    let end = session.map { [PeopleChange.endSessions(of: person.id, besides: $0)] } ?? []
    try await performUnlessChanged(
      PeoplePlan(
        [.person(person)] + end + changes, if: [.person(person.id, revision: person.revision)],
        audit: audit.map { [$0] } ?? []))
  }
}

extension People {
  /// A secret that is shown, as apps read it.
  package func factorAddress(of secret: String, for person: PersonRecord) -> String {
    TOTP(secret: Base32.decode(secret) ?? []).address(for: person.email, at: "Sojourn")
  }
}
