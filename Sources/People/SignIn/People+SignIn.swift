import Crypto
import Storage
import Wire

// Signing in, and proving again that it is you.

extension People {
  /// Begins a session. Unknown address, wrong password and wrong code are one fault, and take one time.
  package func signIn(email: String, _ proof: Proof, from browser: Browser) async throws -> SignedIn {
    // Once more where the person was changed meanwhile, as by the same code in another window.
    for _ in 0..<2 {
      let person = try await store.person(email: email)
      let cookie = browser.known.flatMap { KnownBrowser($0, key: keys.browsers) }
      let known = cookie.flatMap { $0.person == person?.id ? $0 : nil }
      let tries = limits.keys(email: email, person: person?.id, address: browser.address, known: known)
      do {
        let proved = try await prove(proof, person, tries, known == nil ? .strangers : .known)
        if let signedIn = try await begin(proved, from: browser, known) { return signedIn }
      } catch PeopleFault.wrong {
        failures.note(browser.address, at: now)
        throw PeopleFault.wrong
      }
    }
    throw PeopleFault.wrong
  }

  /// The person as it is to be kept after a proof: the code is used up, the hash is as dear as new ones.
  func prove(
    _ proof: Proof, _ person: PersonRecord?, _ tries: [SignInLimits.Key], _ lane: PasswordThreads.Lane
  ) async throws -> PersonRecord {
    if let seconds = limits.wait(tries, atMilliseconds: clock.milliseconds()) {
      throw PeopleFault.slow(seconds: seconds)
    }
    return try await threads.run(lane) { [self] in
      // Here, where few are at once: they all together may not try more often than one.
      if let seconds = limits.take(tries, atMilliseconds: clock.milliseconds()) {
        throw PeopleFault.slow(seconds: seconds)
      }
      let proved = proved(proof, person)
      guard let proved else { throw PeopleFault.wrong }
      limits.putBack(tries)
      return proved
    }
  }

  private func proved(_ proof: Proof, _ person: PersonRecord?) -> PersonRecord? {
    let password = Array(proof.password.utf8)
    let hash = person?.passwordHash ?? nobodysHash
    guard password.count <= Proof.mostBytes else { return nil }
    let isRight = PasswordHash.isRight(password, for: hash)
    guard isRight, var person, person.passwordHash != nil, !person.isRemoved, takeCode(proof.code, of: &person) else {
      return nil
    }
    if PasswordHash.isCheaper(hash, than: cost), let dearer = PasswordHash.make(password, cost) {
      person.passwordHash = dearer
    }
    return person
  }

  /// Uses up the code of a person who has a second factor.
  func takeCode(_ code: String, of person: inout PersonRecord) -> Bool {
    guard let factor = person.factor else { return true }
    if let secret = SealedBox.open(factor.sealedSecret, under: keys.factors),
      let step = TOTP(secret: secret).step(of: code, at: now, after: factor.lastStep)
    {
      person.factor?.lastStep = step
      return true
    }
    guard let hash = RecoveryCodes.hash(ofTyped: code), let index = person.recoveryHashes.firstIndex(of: hash) else {
      return false
    }
    person.recoveryHashes.remove(at: index)
    return true
  }

  /// Nil where the person was changed meanwhile.
  private func begin(
    _ proved: PersonRecord, from browser: Browser, _ known: KnownBrowser?
  ) async throws -> SignedIn? {
    var person = proved
    person.resetAt = nil
    person.lastSeenAt = now
    let (session, token) = newSession(of: person.id, from: browser)
    // Told once, to this session.
    let told = proved.resetAt.map { [showing($0.description, on: Shown.reset, to: session.id)] } ?? []
    let plan = PeoplePlan(
      [.person(person), .session(session)] + told, if: [.person(person.id, revision: person.revision)],
      audit: [entry(.signIn, by: person.id, browser)])
    guard try await perform(plan) != nil else { return nil }
    return SignedIn(
      person: person, token: token, known: cookie(of: person.id, known), resetAt: proved.resetAt)
  }

  /// The cookie of the browser of before, or of one that becomes known.
  func cookie(of person: PersonID, _ known: KnownBrowser?) -> String {
    (known ?? KnownBrowser(drawn: draw(KnownBrowser.idBytes), person: person)).text(key: keys.browsers)
  }

  func newSession(of person: PersonID, from browser: Browser) -> (SessionRecord, token: String) {
    let token = newToken()
    let session = SessionRecord(
      id: SessionID(drawn: draw(SessionID.byteCount)), person: person, tokenHash: SHA256.hash(token), startedAt: now,
      address: CutText.cut(browser.address), agent: CutText.cut(browser.agent, to: 300))
    return (session, token)
  }

  /// 256 bits.
  func newToken() -> String { Base64.encodeURL(draw(32)) }

  // MARK: A new password.

  /// Hashes a password that somebody has chosen.
  func hash(_ password: String, of person: PersonRecord) async throws -> String {
    let local = person.email.prefix { $0 != "@" }
    let rule = PasswordRule(names: settings.serverNames + deploymentNames() + [person.name, String(local)])
    if let problem = rule.problem(with: password) { throw PeopleFault.invalid(.password, problem) }
    let made = try await threads.run(.known) { [cost] in PasswordHash.make(Array(password.utf8), cost) }
    guard let made else { throw Self.noMemory }
    return made
  }
}
