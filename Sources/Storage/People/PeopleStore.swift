/// Who may sign in, who is signed in, and what they did: kept beside deployments and their credentials.
///
/// 1. A plan is on disk when its call returns, as a whole, with its entries in the audit; or not at all.
/// 2. Entries of the audit are numbered and chained in the order of the plans, whoever performs them.
/// 3. Nothing here ends by itself: who reads compares times, and `PeopleChange.forget` removes what is over.
///
/// - Throws: `StorageError` throughout.
package protocol PeopleStore: Sendable {
  /// All, those who were removed too, in order of creation.
  func people() async throws -> [PersonRecord]
  func person(_ id: PersonID) async throws -> PersonRecord?
  /// The names of these people, of those who were removed too; who is none is left out.
  func names(of people: Set<PersonID>) async throws -> [PersonID: String]
  /// Whoever can sign in with this address, whatever the case of its letters.
  func person(email: String) async throws -> PersonRecord?

  /// The session of a token, with its person.
  func session(tokenHash: [UInt8]) async throws -> (SessionRecord, PersonRecord)?
  /// The one that was used last comes first.
  func sessions(of person: PersonID) async throws -> [SessionRecord]
  func shown(_ name: String, to session: SessionID) async throws -> ShownValue?

  /// All that are kept, the newest first.
  func links() async throws -> [LinkRecord]
  func link(hash: [UInt8]) async throws -> LinkRecord?

  func held(_ number: Int64, of person: PersonID) async throws -> HeldForm?
  func nonce(_ nonce: [UInt8]) async throws -> NonceRecord?
  func view(_ number: Int64, of person: PersonID, in deployment: String) async throws -> ViewState?
  /// The person's own ones and those that are shared, by model, name and number.
  func namedViews(_ want: NamedViewWant) async throws -> [NamedView]
  /// With what it shows, whomever it is of.
  func namedView(_ number: Int64, in deployment: String) async throws -> (view: NamedView, address: String)?
  /// Of the views that are there for a person one that shows just one of these: an own one before others.
  func namedView(at addresses: [String], _ want: NamedViewWant) async throws -> NamedView?
  /// The person's own ones and those for everybody, by model, an own one first.
  func viewDefaults(_ want: NamedViewWant) async throws -> [ViewDefault]
  func columns(of model: String, in deployment: String, for person: PersonID) async throws -> [String]?
  /// The models that the person opened last, as `PeopleChange.recent` said.
  func recentModels(in deployment: String, for person: PersonID) async throws -> [String]
  func fact(_ fact: PeopleFact) async throws -> String?

  func audit(_ want: AuditWant) async throws -> [AuditEntry]
  /// What the oldest entry is chained to.
  func auditAnchor() async throws -> AuditAnchor

  func perform(_ plan: PeoplePlan) async throws -> PeopleOutcome
}
