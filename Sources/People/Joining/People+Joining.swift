import Storage
import Wire

// Joining, accepting and resetting: what is posted to a link.

extension People {
  /// Makes the person of an invitation, or the first operator, who is signed in then.
  package func join(_ code: String, _ form: JoinForm, from browser: Browser) async throws -> SignedIn {
    var link = try await link(code)
    guard link.kind == .join || link.kind == .first else { throw PeopleFault.link(.unknown) }
    var person = newPerson(email: link.kind == .first ? form.email : link.email, name: form.name)
    person.isOperator = link.makesOperator || link.kind == .first
    person.grants = link.grants
    person.lastSeenAt = now
    try PersonRule.check(email: person.email, name: person.name)
    if try await store.person(email: person.email) != nil { throw PeopleFault.link(.signIn) }
    person.passwordHash = try await hash(form.password, of: person)
    link.usedAt = now
    let (session, token) = newSession(of: person.id, from: browser)
    let done = try await perform(
      PeoplePlan(
        [.person(person), .link(link), .session(session)],
        if: [.unusedLink(hash: link.hash), .freeEmail(person.email, besides: nil)]
          + (link.kind == .first ? [.nobody] : []),
        audit: [entry(.join, by: person.id, browser, target: person.email)]))
    if done == nil { throw PeopleFault.link(.used) }
    return SignedIn(person: person, token: token, known: cookie(of: person.id, nil), resetAt: nil)
  }

  func newPerson(email: String, name: String) -> PersonRecord {
    PersonRecord(id: PersonID(drawn: draw(PersonID.byteCount)), name: name, email: email, createdAt: now)
  }

  /// Gives a person who is signed in what an invitation to their address gives.
  package func accept(_ code: String, as visitor: Visitor, from browser: Browser) async throws {
    var link = try await link(code)
    guard link.kind == .join else { throw PeopleFault.link(.unknown) }
    guard PersonRecord.key(ofEmail: link.email) == PersonRecord.key(ofEmail: visitor.person.email),
      var person = try await store.person(visitor.person.id)
    else { throw PeopleFault.link(.somebodyElse) }
    link.usedAt = now
    person.isOperator = person.isOperator || link.makesOperator
    for grant in link.grants { person.add(grant) }
    let done = try await perform(
      PeoplePlan(
        [.person(person), .link(link)],
        if: [.unusedLink(hash: link.hash), .person(person.id, revision: person.revision)],
        audit: [entry(.accept, by: person.id, browser, target: link.grants.map(\.deployment).joined(separator: " "))]))
    if done == nil { throw PeopleFault.link(.used) }
  }

  /// Renews what the link names, and ends all sessions of the person, who is told at the next sign-in.
  package func reset(_ code: String, _ form: ResetForm, from browser: Browser) async throws {
    var link = try await link(code)
    guard let id = link.person, let stored = try await store.person(id), !stored.isRemoved else {
      throw PeopleFault.link(.unknown)
    }
    var person = stored
    switch link.kind {
    case .first, .join: throw PeopleFault.link(.unknown)
    case .resetPassword:
      person = try await proved(form, ofCodeOf: person, browser)
      person.passwordHash = try await hash(form.password, of: person)
    case .resetFactor:
      person.factor = nil
      person = try await proved(form, ofPasswordOf: person, browser)
      person.recoveryHashes = []
    case .resetBoth:
      person.passwordHash = try await hash(form.password, of: person)
      person.factor = nil
      person.recoveryHashes = []
    }
    person.resetAt = now
    link.usedAt = now
    let done = try await perform(
      PeoplePlan(
        [.person(person), .endSessions(of: id, besides: nil), .endLinks(of: id), .link(link)],
        if: [.unusedLink(hash: link.hash), .person(id, revision: stored.revision)],
        audit: [entry(.reset, by: id, browser, target: link.kind.rawValue)]))
    if done == nil { throw PeopleFault.link(.used) }
  }

  /// Who has the link needs the code of the factor, which the link does not renew.
  private func proved(
    _ form: ResetForm, ofCodeOf stored: PersonRecord, _ browser: Browser
  ) async throws -> PersonRecord {
    var person = stored
    let tries = resetKeys(person, browser)
    if let seconds = limits.take(tries, atMilliseconds: clock.milliseconds()) {
      throw PeopleFault.slow(seconds: seconds)
    }
    guard takeCode(form.code, of: &person) else {
      failures.note(browser.address, at: now)
      throw PeopleFault.wrong
    }
    limits.putBack(tries)
    return person
  }

  private func proved(
    _ form: ResetForm, ofPasswordOf person: PersonRecord, _ browser: Browser
  ) async throws -> PersonRecord {
    do {
      return try await prove(Proof(password: form.password), person, resetKeys(person, browser), .known)
    } catch PeopleFault.wrong {
      failures.note(browser.address, at: now)
      throw PeopleFault.wrong
    }
  }

  private func resetKeys(_ person: PersonRecord, _ browser: Browser) -> [SignInLimits.Key] {
    limits.keys(email: person.email, person: person.id, address: browser.address, known: nil)
  }
}

extension PersonRecord {
  /// Roles of a deployment come to those that are there.
  mutating func add(_ grant: RoleGrant) {
    guard let index = grants.firstIndex(where: { $0.deployment == grant.deployment }) else {
      grants.append(grant)
      grants.sort { $0.deployment < $1.deployment }
      return
    }
    grants[index].roles.formUnion(grant.roles)
    grants[index].seesSensitive = grants[index].seesSensitive || grant.seesSensitive
  }
}
