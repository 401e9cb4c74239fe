/// Does plans of a store of people, inside a transaction.
struct PeopleChanges<Tables: ControlTables> {
  let tables: Tables
  private var people: PersonRows<Tables> { PersonRows(tables: tables) }
  private var sessions: SessionRows<Tables> { SessionRows(tables: tables) }
  private var visits: VisitRows<Tables> { VisitRows(tables: tables) }
  private var views: NamedViewRows<Tables> { NamedViewRows(tables: tables) }
  private var links: LinkRows<Tables> { LinkRows(tables: tables) }
  private var audit: AuditRows<Tables> { AuditRows(tables: tables) }

  func perform(_ plan: PeoplePlan) throws -> PeopleOutcome {
    for condition in plan.conditions where try !holds(condition) { return .refused(condition) }
    var numbers: [Int64] = []
    for change in plan.changes { if let number = try perform(change) { numbers.append(number) } }
    return .done(PeopleDone(numbers: numbers, audit: try audit.append(plan.audit)))
  }

  private func holds(_ condition: PeopleCondition) throws -> Bool {
    func finds(_ which: String, _ values: [SQLValue]) throws -> Bool {
      try tables.finds("SELECT 1 FROM \(Tables.prefix)\(which)", values)
    }
    switch condition {
    case .nobody: return try !finds("people LIMIT 1", [])
    case .person(let id, let revision):
      return try finds("people WHERE id = ?1 AND revision = ?2", [.text(id.text), .integer(revision)])
    case .freeEmail(let email, let person):
      return try !finds(
        "people WHERE email_key = ?1 AND id <> ?2",
        [.text(PersonRecord.key(ofEmail: email)), .text(person?.text ?? "")])
    case .session(let id, let revision):
      return try finds("sessions WHERE id = ?1 AND revision = ?2", [.text(id.text), .integer(revision)])
    case .unusedLink(let hash): return try finds("links WHERE hash = ?1 AND used_at IS NULL", [.blob(hash)])
    case .anotherOperator(let person):
      return try finds("people WHERE operator = 1 AND removed_at IS NULL AND id <> ?1 LIMIT 1", [.text(person.text)])
    case .freeNonce(let nonce): return try !finds("nonces WHERE nonce = ?1", [.blob(nonce)])
    case .namedView(let number, let revision):
      return try finds("views WHERE number = ?1 AND revision = ?2", [.integer(number), .integer(revision)])
    case .roomForViews(let person, let deployment, let most):
      return try views.count(of: person, in: deployment) < most
    case .roomForSharedViews(let deployment, let number, let most):
      return try views.countShared(in: deployment, besides: number) < most
    }
  }

  /// The number of what was kept, where it has one.
  private func perform(_ change: PeopleChange) throws -> Int64? {
    switch change {
    case .person(let person):
      try people.put(person)
      if person.isRemoved { try end(person.id) }
    case .session(let session): try sessions.put(session)
    case .used(let uses): for (session, time) in uses { try sessions.use(session, at: time) }
    case .endSession(let session): try sessions.end(session)
    case .endSessions(let person, let session): try sessions.end(of: person, besides: session)
    case .link(let link): try links.put(link)
    case .endLinks(let person): try links.end(of: person)
    case .hold(let form, let most): return try visits.hold(form, most: most)
    case .drop(let number, let person): try visits.drop(held: number, of: person)
    case .show(let value): try sessions.put(value)
    case .erase(let name, let session): try sessions.erase(shown: name, of: session)
    case .nonce(let nonce): try visits.put(nonce)
    case .keep(let view, let most): return try visits.keep(view, most: most)
    case .useView(let number, let time): try visits.useView(number, at: time)
    case .add(let view, let address): return try views.add(view, address, number: try visits.drawNumber())
    case .change(let view): try views.change(view)
    case .dropView(let number): try views.drop(number)
    case .open(let choice): try views.put(choice)
    case .choose(let choice): try visits.put(choice)
    case .recent(let recent): try visits.put(recent)
    case .fact(let fact, let value): try visits.set(fact, to: value)
    case .forget(let expiry):
      try sessions.end(expiry)
      try links.end(before: expiry.now)
      try visits.forget(expiry)
    case .trimAudit(let time): try audit.trim(before: time)
    }
    return nil
  }

  private func end(_ person: PersonID) throws {
    try sessions.end(of: person, besides: nil)
    try links.end(of: person)
    try visits.dropAll(of: person)
    try views.dropAll(of: person)
  }
}
