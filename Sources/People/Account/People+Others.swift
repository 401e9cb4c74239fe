import Storage
import Wire

// Other people: making, finding, changing and removing them. Whether somebody may do that, pages and commands ask.

extension People {
  /// All who can sign in, in order of creation.
  package func all() async throws -> [PersonRecord] { try await store.people().filter { !$0.isRemoved } }

  /// The person of an id or an address.
  /// - Throws: where there is none, or who was removed.
  package func person(_ named: String) async throws -> PersonRecord {
    let found =
      if let id = PersonID(named) { try await store.person(id) } else { try await store.person(email: named) }
    guard let found, !found.isRemoved else {
      throw PeopleFault.refused(
        "There is nobody with the id or address \"\(CutText.cut(named))\". `sojourn person list` shows who there is.")
    }
    return found
  }

  /// Makes the first person of a server, with a password.
  package func createFirst(_ invitation: Invitation, password: String, from browser: Browser) async throws
    -> PersonRecord
  {
    try PersonRule.check(email: invitation.email, name: invitation.name)
    var person = newPerson(email: invitation.email, name: invitation.name)
    person.isOperator = invitation.makesOperator
    person.grants = invitation.grants
    person.passwordHash = try await hash(password, of: person)
    let done = try await perform(
      PeoplePlan(
        [.person(person)], if: [.nobody],
        audit: [entry(.createPerson, by: nil, browser, target: person.email)]))
    if done == nil {
      throw PeopleFault.refused(
        "There are people already: only the first may get a password from here. Leave --password-stdin out, and a "
          + "link is printed with which the person joins.")
    }
    return person
  }

  // MARK: Changing somebody.

  /// Takes all rights from a person, who keeps id and name for what was done.
  package func remove(_ person: PersonRecord, by maker: PersonID?, from browser: Browser) async throws {
    try await change(person.id, entry(.removePerson, by: maker, browser, target: person.email)) { removed in
      removed.removedAt = now
      (removed.passwordHash, removed.factor, removed.recoveryHashes) = (nil, nil, [])
      (removed.isOperator, removed.seesSensitive, removed.grants) = (false, false, [])
    }
  }

  /// Gives a person these roles in a deployment in place of those of before; none takes the person out of it.
  ///
  /// - Parameter before: what whoever asks has seen; nil where they have not looked.
  package func set(
    _ grant: RoleGrant, of person: PersonRecord, seen before: RoleGrant? = nil, by maker: PersonID?,
    from browser: Browser
  ) async throws {
    let words = grant.roles.sorted().map(\.rawValue) + (grant.seesSensitive ? ["sees sensitive models"] : [])
    var draft = entry(.roles, by: maker, browser, target: "\(person.email) \(words.joined(separator: ","))")
    draft.deployment = grant.deployment
    try await change(person.id, draft) { changed in
      let now = changed.grant(in: grant.deployment) ?? RoleGrant(deployment: grant.deployment, roles: [])
      if let before, before != now { throw PeopleFault.changed }
      changed.grants.removeAll { $0.deployment == grant.deployment }
      if !grant.roles.isEmpty { changed.add(grant) }
    }
  }

  /// The rights that a person has in the whole server.
  package struct ServerRights: Sendable, Equatable {
    package var isOperator: Bool
    /// Whether models that are marked as sensitive are there for this operator.
    package var seesSensitive: Bool

    package init(isOperator: Bool, seesSensitive: Bool) {
      self.isOperator = isOperator
      self.seesSensitive = isOperator && seesSensitive
    }

    package init(of person: PersonRecord) {
      self.init(isOperator: person.isOperator, seesSensitive: person.seesSensitive)
    }
  }

  /// Makes somebody an operator, or takes that back.
  package func set(
    _ rights: ServerRights, of person: PersonRecord, seen before: ServerRights, by maker: PersonID?,
    from browser: Browser
  ) async throws {
    let words = (rights.isOperator ? ["operator"] : []) + (rights.seesSensitive ? ["sees sensitive models"] : [])
    let draft = entry(.roles, by: maker, browser, target: "\(person.email) server: \(words.joined(separator: ","))")
    try await change(person.id, draft) { changed in
      if ServerRights(of: changed) != before { throw PeopleFault.changed }
      (changed.isOperator, changed.seesSensitive) = (rights.isOperator, rights.seesSensitive)
    }
  }

  /// Changes somebody as they are now. Whoever signs in or is seen meanwhile is in nobody's way.
  private func change(
    _ id: PersonID, _ audit: AuditDraft, _ body: (inout PersonRecord) throws -> Void
  ) async throws {
    for _ in 0..<3 {
      guard let person = try await store.person(id), !person.isRemoved else { throw PeopleFault.changed }
      var changed = person
      try body(&changed)
      let isLast: [PeopleCondition] =
        person.isOperator && !changed.isOperator ? [.anotherOperator(besides: id)] : []
      let plan = PeoplePlan(
        [.person(changed)], if: [.person(id, revision: person.revision)] + isLast, audit: [audit])
      switch try await outcome(of: plan) {
      case .done: return
      case .refused(.anotherOperator):
        throw PeopleFault.refused(
          "\(CutText.cut(person.name)) is the last operator, who cannot be removed. Make another one first.")
      case .refused: continue
      }
    }
    throw PeopleFault.changed
  }

  /// Ends all sessions of somebody else.
  /// - Parameter deployment: on whose page it was asked for, whose audit tells of it.
  package func endSessions(
    of person: PersonRecord, in deployment: String?, by maker: PersonID?, from browser: Browser
  ) async throws {
    var draft = entry(.endSession, by: maker, browser, target: person.email)
    draft.deployment = deployment
    try await performUnlessChanged(PeoplePlan([.endSessions(of: person.id, besides: nil)], audit: [draft]))
  }
}

extension People {
  /// The names of these people, of those who were removed too: one question, however many they are.
  package func names(of ids: Set<PersonID>) async throws -> [PersonID: String] {
    ids.isEmpty ? [:] : try await store.names(of: ids)
  }
}
