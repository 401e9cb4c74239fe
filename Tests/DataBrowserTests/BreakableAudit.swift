import Storage
import StorageConformance
import Synchronization

/// The store of people, which takes no entry into the audit while a test says so.
final class BreakableAudit: PeopleStore {
  private let inner: any PeopleStore
  let isBroken = Atomic(false)

  init(_ inner: any PeopleStore) { self.inner = inner }

  func perform(_ plan: PeoplePlan) async throws -> PeopleOutcome {
    if isBroken.load(ordering: .relaxed), !plan.audit.isEmpty {
      throw StorageError.unavailable("the audit cannot be written")
    }
    return try await inner.perform(plan)
  }

  func people() async throws -> [PersonRecord] { try await inner.people() }
  func person(_ id: PersonID) async throws -> PersonRecord? { try await inner.person(id) }
  func names(of people: Set<PersonID>) async throws -> [PersonID: String] { try await inner.names(of: people) }
  func person(email: String) async throws -> PersonRecord? { try await inner.person(email: email) }
  func session(tokenHash: [UInt8]) async throws -> (SessionRecord, PersonRecord)? {
    try await inner.session(tokenHash: tokenHash)
  }
  func sessions(of person: PersonID) async throws -> [SessionRecord] { try await inner.sessions(of: person) }
  func shown(_ name: String, to session: SessionID) async throws -> ShownValue? {
    try await inner.shown(name, to: session)
  }
  func links() async throws -> [LinkRecord] { try await inner.links() }
  func link(hash: [UInt8]) async throws -> LinkRecord? { try await inner.link(hash: hash) }
  func held(_ number: Int64, of person: PersonID) async throws -> HeldForm? {
    try await inner.held(number, of: person)
  }
  func nonce(_ nonce: [UInt8]) async throws -> NonceRecord? { try await inner.nonce(nonce) }
  func view(_ number: Int64, of person: PersonID, in deployment: String) async throws -> ViewState? {
    try await inner.view(number, of: person, in: deployment)
  }
  func namedViews(_ want: NamedViewWant) async throws -> [NamedView] { try await inner.namedViews(want) }
  func namedView(_ number: Int64, in deployment: String) async throws -> (view: NamedView, address: String)? {
    try await inner.namedView(number, in: deployment)
  }
  func namedView(at addresses: [String], _ want: NamedViewWant) async throws -> NamedView? {
    try await inner.namedView(at: addresses, want)
  }
  func viewDefaults(_ want: NamedViewWant) async throws -> [ViewDefault] { try await inner.viewDefaults(want) }
  func columns(of model: String, in deployment: String, for person: PersonID) async throws -> [String]? {
    try await inner.columns(of: model, in: deployment, for: person)
  }
  func recentModels(in deployment: String, for person: PersonID) async throws -> [String] {
    try await inner.recentModels(in: deployment, for: person)
  }
  func fact(_ fact: PeopleFact) async throws -> String? { try await inner.fact(fact) }
  func audit(_ want: AuditWant) async throws -> [AuditEntry] { try await inner.audit(want) }
  func auditAnchor() async throws -> AuditAnchor { try await inner.auditAnchor() }
}

/// The control store of an engine, which sets nothing while a test says so, since the audit cannot be written, or lets
/// somebody else be faster.
final class BreakableControl: WrappedControl {
  let inner: any ControlStore
  let isBroken = Atomic(false)
  /// Done once, before the next settings are set.
  let meanwhile = Mutex<SettingsPlan?>(nil)

  init(_ inner: any ControlStore) { self.inner = inner }

  func set(_ plan: SettingsPlan, of deployment: String) async throws -> SettingsOutcome {
    if isBroken.load(ordering: .relaxed), !plan.audit.isEmpty {
      throw StorageError.unavailable("the audit cannot be written")
    }
    let faster = meanwhile.withLock { faster in
      defer { faster = nil }
      return faster
    }
    if let faster { _ = try await inner.set(faster, of: deployment) }
    return try await inner.set(plan, of: deployment)
  }
}

/// An engine with that control store.
struct BreakableEngine: WrappedEngine {
  let inner: any StorageEngine
  let breakable: BreakableControl

  init(_ inner: any StorageEngine) {
    self.inner = inner
    breakable = BreakableControl(inner.control)
  }

  var control: any ControlStore { breakable }
}
