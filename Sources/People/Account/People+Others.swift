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

  /// Takes all rights from a person, who keeps id and name for what was done.
  package func remove(_ person: PersonRecord, by maker: PersonID?, from browser: Browser) async throws {
    var removed = person
    removed.removedAt = now
    (removed.passwordHash, removed.factor, removed.recoveryHashes) = (nil, nil, [])
    (removed.isOperator, removed.seesSensitive, removed.grants) = (false, false, [])
    let last: [PeopleCondition] = person.isOperator ? [.anotherOperator(besides: person.id)] : []
    let plan = PeoplePlan(
      [.person(removed)], if: [.person(person.id, revision: person.revision)] + last,
      audit: [entry(.removePerson, by: maker, browser, target: person.email)])
    switch try await store.perform(plan) {
    case .done(let done): for entry in done.audit { report(entry) }
    case .refused(.anotherOperator):
      throw PeopleFault.refused(
        "\(CutText.cut(person.name)) is the last operator, who cannot be removed. Make another one first.")
    case .refused: throw Self.changed
    }
  }

  /// Gives a person these roles in a deployment in place of those of before; none takes the person out of it.
  package func set(
    _ grant: RoleGrant, of person: PersonRecord, by maker: PersonID?, from browser: Browser
  ) async throws {
    var changed = person
    changed.grants.removeAll { $0.deployment == grant.deployment }
    if !grant.roles.isEmpty { changed.add(grant) }
    let roles = grant.roles.sorted().map(\.rawValue).joined(separator: ",")
    var draft = entry(.roles, by: maker, browser, target: "\(person.email) \(roles)")
    draft.deployment = grant.deployment
    try await performUnlessChanged(
      PeoplePlan([.person(changed)], if: [.person(person.id, revision: person.revision)], audit: [draft]))
  }

  /// Ends all sessions of somebody else.
  package func endSessions(of person: PersonRecord, by maker: PersonID?, from browser: Browser) async throws {
    try await performUnlessChanged(
      PeoplePlan(
        [.endSessions(of: person.id, besides: nil)],
        audit: [entry(.endSession, by: maker, browser, target: person.email)]))
  }
}

extension People {
  /// The names of these people, of those who were removed too: one question, however many they are.
  package func names(of ids: Set<PersonID>) async throws -> [PersonID: String] {
    ids.isEmpty ? [:] : try await store.names(of: ids)
  }
}
