import Storage

/// Does plans of a store of people on the connection of a control file, inside a transaction.
struct PeopleChanges {
  let connection: Connection
  private var people: PersonRows { PersonRows(connection: connection) }
  private var sessions: SessionRows { SessionRows(connection: connection) }
  private var visits: VisitRows { VisitRows(connection: connection) }
  private var views: NamedViewRows { NamedViewRows(connection: connection) }
  private var audit: AuditRows { AuditRows(connection: connection) }

  func perform(_ plan: PeoplePlan) throws -> PeopleOutcome {
    for condition in plan.conditions where try !holds(condition) { return .refused(condition) }
    var numbers: [Int64] = []
    for change in plan.changes { if let number = try perform(change) { numbers.append(number) } }
    return .done(PeopleDone(numbers: numbers, audit: try audit.append(plan.audit)))
  }

  private func holds(_ condition: PeopleCondition) throws -> Bool {
    switch condition {
    case .nobody: try !connection.finds("SELECT 1 FROM people", [])
    case .person(let id, let revision):
      try connection.finds("SELECT 1 FROM people WHERE id = ? AND revision = ?", [.text(id.text), .integer(revision)])
    case .freeEmail(let email, let person):
      try !connection.finds(
        "SELECT 1 FROM people WHERE email_key = ? AND id <> ?",
        [.text(PersonRecord.key(ofEmail: email)), .text(person?.text ?? "")])
    case .session(let id, let revision):
      try connection.finds(
        "SELECT 1 FROM sessions WHERE id = ? AND revision = ?", [.text(id.text), .integer(revision)])
    case .unusedLink(let hash):
      try connection.finds("SELECT 1 FROM links WHERE hash = ? AND used_at IS NULL", [.blob(hash)])
    case .anotherOperator(let person):
      try connection.finds(
        "SELECT 1 FROM people WHERE operator = 1 AND removed_at IS NULL AND id <> ?", [.text(person.text)])
    case .freeNonce(let nonce): try !connection.finds("SELECT 1 FROM nonces WHERE nonce = ?", [.blob(nonce)])
    case .namedView(let number, let revision):
      try connection.finds(
        "SELECT 1 FROM views WHERE number = ? AND revision = ?", [.integer(number), .integer(revision)])
    case .roomForViews(let person, let deployment, let most):
      try views.count(of: person, in: deployment) < most
    case .roomForSharedViews(let deployment, let number, let most):
      try views.countShared(in: deployment, besides: number) < most
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
    case .link(let link): try people.put(link)
    case .endLinks(let person): try people.endLinks(of: person)
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
      try people.endLinks(before: expiry.now)
      try visits.forget(expiry)
    case .trimAudit(let time): try audit.trim(before: time)
    }
    return nil
  }

  private func end(_ person: PersonID) throws {
    try sessions.end(of: person, besides: nil)
    try people.endLinks(of: person)
    try visits.dropAll(of: person)
    try views.dropAll(of: person)
  }
}
