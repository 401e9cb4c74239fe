import Storage

extension SQLiteControlStore: PeopleStore {
  func people() async throws -> [PersonRecord] { try await run { try PersonRows(connection: $0).people() } }

  func person(_ id: PersonID) async throws -> PersonRecord? {
    try await run { try PersonRows(connection: $0).person(id) }
  }

  func names(of people: Set<PersonID>) async throws -> [PersonID: String] {
    try await run { try PersonRows(connection: $0).names(of: people) }
  }

  func person(email: String) async throws -> PersonRecord? {
    try await run { try PersonRows(connection: $0).person(email: email) }
  }

  func session(tokenHash: [UInt8]) async throws -> (SessionRecord, PersonRecord)? {
    try await run { connection in
      guard let session = try SessionRows(connection: connection).session(tokenHash: tokenHash),
        let person = try PersonRows(connection: connection).person(session.person)
      else { return nil }
      return (session, person)
    }
  }

  func sessions(of person: PersonID) async throws -> [SessionRecord] {
    try await run { try SessionRows(connection: $0).sessions(of: person) }
  }

  func shown(_ name: String, to session: SessionID) async throws -> ShownValue? {
    try await run { try SessionRows(connection: $0).shown(name, to: session) }
  }

  func links() async throws -> [LinkRecord] { try await run { try PersonRows(connection: $0).links() } }

  func link(hash: [UInt8]) async throws -> LinkRecord? {
    try await run { try PersonRows(connection: $0).link(hash: hash) }
  }

  func held(_ number: Int64, of person: PersonID) async throws -> HeldForm? {
    try await run { try VisitRows(connection: $0).held(number, of: person) }
  }

  func nonce(_ nonce: [UInt8]) async throws -> NonceRecord? {
    try await run { try VisitRows(connection: $0).nonce(nonce) }
  }

  func view(_ number: Int64, of person: PersonID, in deployment: String) async throws -> ViewState? {
    try await run { try VisitRows(connection: $0).view(number, of: person, in: deployment) }
  }

  func namedViews(_ want: NamedViewWant) async throws -> [NamedView] {
    try await run { try NamedViewRows(connection: $0).views(want) }
  }

  func namedView(_ number: Int64, in deployment: String) async throws -> (view: NamedView, address: String)? {
    try await run { try NamedViewRows(connection: $0).view(number, in: deployment) }
  }

  func namedView(at addresses: [String], _ want: NamedViewWant) async throws -> NamedView? {
    try await run { try NamedViewRows(connection: $0).view(at: addresses, want) }
  }

  func viewDefaults(_ want: NamedViewWant) async throws -> [ViewDefault] {
    try await run { try NamedViewRows(connection: $0).defaults(want) }
  }

  func columns(of model: String, in deployment: String, for person: PersonID) async throws -> [String]? {
    try await run { try VisitRows(connection: $0).columns(of: model, in: deployment, for: person) }
  }

  func recentModels(in deployment: String, for person: PersonID) async throws -> [String] {
    try await run { try VisitRows(connection: $0).recentModels(in: deployment, for: person) }
  }

  func fact(_ fact: PeopleFact) async throws -> String? {
    try await run { try VisitRows(connection: $0).fact(fact) }
  }

  func audit(_ want: AuditWant) async throws -> [AuditEntry] {
    try await run { try AuditRows(connection: $0).entries(want) }
  }

  func auditAnchor() async throws -> AuditAnchor { try await run { try AuditRows(connection: $0).anchor() } }

  func perform(_ plan: PeoplePlan) async throws -> PeopleOutcome {
    try await run { [self] _ in
      try write(keeping: { (outcome: PeopleOutcome) in outcome.isDone }) {
        try PeopleChanges(connection: $0).perform(plan)
      }
    }
  }
}
