extension TabledControlStore {
  package func people() async throws -> [PersonRecord] {
    try await reading(.severalStatements) { try PersonRows(tables: $0).people() }
  }

  package func person(_ id: PersonID) async throws -> PersonRecord? {
    try await reading(.severalStatements) { try PersonRows(tables: $0).person(id) }
  }

  package func names(of people: Set<PersonID>) async throws -> [PersonID: String] {
    try await reading(.oneStatement) { try PersonRows(tables: $0).names(of: people) }
  }

  package func person(email: String) async throws -> PersonRecord? {
    try await reading(.severalStatements) { try PersonRows(tables: $0).person(email: email) }
  }

  package func session(tokenHash: [UInt8]) async throws -> (SessionRecord, PersonRecord)? {
    try await reading(.severalStatements) { tables in
      guard let session = try SessionRows(tables: tables).session(tokenHash: tokenHash),
        let person = try PersonRows(tables: tables).person(session.person)
      else { return nil }
      return (session, person)
    }
  }

  package func sessions(of person: PersonID) async throws -> [SessionRecord] {
    try await reading(.oneStatement) { try SessionRows(tables: $0).sessions(of: person) }
  }

  package func shown(_ name: String, to session: SessionID) async throws -> ShownValue? {
    try await reading(.oneStatement) { try SessionRows(tables: $0).shown(name, to: session) }
  }

  package func links() async throws -> [LinkRecord] {
    try await reading(.severalStatements) { try LinkRows(tables: $0).links() }
  }

  package func link(hash: [UInt8]) async throws -> LinkRecord? {
    try await reading(.severalStatements) { try LinkRows(tables: $0).link(hash: hash) }
  }

  package func held(_ number: Int64, of person: PersonID) async throws -> HeldForm? {
    try await reading(.oneStatement) { try VisitRows(tables: $0).held(number, of: person) }
  }

  package func nonce(_ nonce: [UInt8]) async throws -> NonceRecord? {
    try await reading(.oneStatement) { try VisitRows(tables: $0).nonce(nonce) }
  }

  package func view(_ number: Int64, of person: PersonID, in deployment: String) async throws -> ViewState? {
    try await reading(.oneStatement) { try VisitRows(tables: $0).view(number, of: person, in: deployment) }
  }

  package func namedViews(_ want: NamedViewWant) async throws -> [NamedView] {
    try await reading(.oneStatement) { try NamedViewRows(tables: $0).views(want) }
  }

  package func namedView(_ number: Int64, in deployment: String) async throws -> (view: NamedView, address: String)? {
    try await reading(.oneStatement) { try NamedViewRows(tables: $0).view(number, in: deployment) }
  }

  package func namedView(at addresses: [String], _ want: NamedViewWant) async throws -> NamedView? {
    try await reading(.severalStatements) { try NamedViewRows(tables: $0).view(at: addresses, want) }
  }

  package func viewDefaults(_ want: NamedViewWant) async throws -> [ViewDefault] {
    try await reading(.oneStatement) { try NamedViewRows(tables: $0).defaults(want) }
  }

  package func columns(
    of model: String, in deployment: String, for person: PersonID
  ) async throws -> [String]? {
    try await reading(.oneStatement) { try VisitRows(tables: $0).columns(of: model, in: deployment, for: person) }
  }

  package func recentModels(in deployment: String, for person: PersonID) async throws -> [String] {
    try await reading(.oneStatement) { try VisitRows(tables: $0).recentModels(in: deployment, for: person) }
  }

  package func fact(_ fact: PeopleFact) async throws -> String? {
    try await reading(.oneStatement) { try VisitRows(tables: $0).fact(fact) }
  }

  package func audit(_ want: AuditWant) async throws -> [AuditEntry] {
    try await reading(.severalStatements) { try AuditRows(tables: $0).entries(want) }
  }

  package func auditAnchor() async throws -> AuditAnchor {
    try await reading(.oneStatement) { try AuditRows(tables: $0).anchor() }
  }

  package func perform(_ plan: PeoplePlan) async throws -> PeopleOutcome {
    try await writing(keeping: { (outcome: PeopleOutcome) in outcome.isDone }) {
      try PeopleChanges(tables: $0).perform(plan)
    }
  }
}
