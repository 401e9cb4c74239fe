import Crypto
import Storage
import Wire

// Sessions and elevation.

extension People {
  /// Whoever has this token, at this time; nil where it is none, or over.
  ///
  /// - Parameter isActive: false for what a browser asks by itself, such as a long poll.
  package func visitor(token: String, isActive: Bool = true) async throws -> Visitor? {
    guard token.utf8.count <= 128, let (session, person) = try await store.session(tokenHash: SHA256.hash(token)),
      !person.isRemoved, !isOver(session)
    else { return nil }
    if isActive { uses.note(session.id, at: now) }
    return visitor(person, session)
  }

  func visitor(_ person: PersonRecord, _ session: SessionRecord) -> Visitor {
    let lastUse = uses.lastUse(of: session.id, or: session.lastUseAt)
    let idleEnd = lastUse.secondsSince1970 + settings.idleSeconds
    let wholeEnd = session.startedAt.secondsSince1970 + settings.sessionSeconds
    return Visitor(
      person,
      Visitor.SessionView(
        id: session.id, startedAt: session.startedAt, lastUseAt: lastUse,
        endsAt: Instant(secondsSince1970: min(idleEnd, wholeEnd)) ?? .last,
        elevatedUntil: session.elevatedUntil.flatMap { $0 > now ? $0 : nil },
        needsFactor: person.factor == nil && settings.demandsFactor(of: person)))
  }

  func isOver(_ session: SessionRecord) -> Bool {
    let lastUse = uses.lastUse(of: session.id, or: session.lastUseAt)
    return lastUse < earlier(by: settings.idleSeconds) || session.startedAt < earlier(by: settings.sessionSeconds)
  }

  /// Of a person, the one that was used last first; those that are over are not among them.
  package func sessions(of person: PersonID) async throws -> [SessionRecord] {
    try await store.sessions(of: person).filter { !isOver($0) }.map { session in
      var session = session
      session.lastUseAt = uses.lastUse(of: session.id, or: session.lastUseAt)
      return session
    }
  }

  package func signOut(_ visitor: Visitor, from browser: Browser) async throws {
    try await end(visitor.session.id, of: visitor.person.id, entry(.signOut, by: visitor.person.id, browser))
  }

  /// Ends another session of the same person.
  package func end(_ session: SessionID, of visitor: Visitor, from browser: Browser) async throws {
    let person = visitor.person.id
    try await end(session, of: person, entry(.endSession, by: person, browser, target: session.text))
  }

  /// How often it is tried anew where the session got another token meanwhile.
  private static let triesToEnd = 3

  /// Of two who end a session at once one does, and is entered; the other finds it gone.
  private func end(_ id: SessionID, of person: PersonID, _ draft: AuditDraft) async throws {
    for _ in 0..<Self.triesToEnd {
      guard let session = try await store.sessions(of: person).first(where: { $0.id == id }) else { return }
      let plan = PeoplePlan([.endSession(id)], if: [.session(id, revision: session.revision)], audit: [draft])
      if try await perform(plan) != nil { return }
    }
    throw PeopleFault.changed
  }

  // MARK: Elevation.

  /// Gives the session a new token, which may do more for a quarter of an hour.
  package func elevate(_ visitor: Visitor, _ proof: Proof, from browser: Browser) async throws -> String {
    let person = visitor.person
    do {
      let proved = try await prove(
        proof, try await store.person(person.id), [.session(visitor.session.id)], .known)
      return try await renew(
        visitor, elevatedUntil: later(by: PeopleSettings.elevatedSeconds), proved,
        entry(.elevate, by: person.id, browser))
    } catch PeopleFault.wrong {
      try await record(entry(.elevate, by: person.id, browser, outcome: "refused"))
      throw PeopleFault.wrong
    }
  }

  package func giveUpElevation(_ visitor: Visitor, from browser: Browser) async throws -> String {
    try await renew(visitor, elevatedUntil: nil, nil, entry(.endElevation, by: visitor.person.id, browser))
  }

  /// The new token.
  private func renew(
    _ visitor: Visitor, elevatedUntil end: Instant?, _ proved: PersonRecord?, _ audit: AuditDraft
  ) async throws -> String {
    guard var session = try await store.sessions(of: visitor.person.id).first(where: { $0.id == visitor.session.id })
    else { throw PeopleFault.changed }
    let token = newToken()
    let revision = session.revision
    session.tokenHash = SHA256.hash(token)
    session.elevatedUntil = end
    session.lastUseAt = max(session.lastUseAt, now)
    var plan = PeoplePlan(
      [.session(session)], if: [.session(session.id, revision: revision)], audit: [audit])
    if let proved {
      plan.conditions.append(.person(proved.id, revision: proved.revision))
      plan.changes.append(.person(proved))
    }
    try await performUnlessChanged(plan)
    return token
  }
}
