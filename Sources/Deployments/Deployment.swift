import Crypto
import Storage
import Synchronization
import Wire

/// A deployment as requests meet it: who it is, what is set, whose credentials are good, and its
/// objects.
package final class Deployment: Sendable {
  package let id: String
  package let store: any ObjectStore
  package let limiter = RateLimiter()
  let connections = ConnectionNotes()
  private let state: Mutex<State>
  /// What layers above keep of the deployment.
  let slots = Mutex(SlotTable())
  /// When it is closed for want of use.
  let closing = Mutex(ClosingRule())
  /// When the next entry of the oplog that may go was written: its retention counts from here.
  let retention = Mutex(RetentionRule())
  /// How often something here was changed, after the change.
  private let changes = Atomic<Int>(0)

  package struct State: Sendable {
    package private(set) var record: DeploymentRecord
    /// By the hash of the token. A look-up by hash tells an attacker nothing: to come near a hash they
    /// would have to know a secret that gives it.
    package fileprivate(set) var tokens: [[UInt8]: TokenRecord]
    package private(set) var origins: AllowedOrigins
    /// Set for good when the deployment is deleted: no credentials are good then.
    private(set) var isDeleted = false
    /// Uses of tokens, and of the password, that the control store does not know of yet.
    fileprivate var uses: [String: CredentialUse] = [:]
    fileprivate var passwordUse: CredentialUse?
    /// Headers that were found good since the last change, by their tags.
    fileprivate var known: [SecretTags.Tag: Known] = [:]

    init(_ kept: KeptDeployment) {
      record = kept.record
      tokens = Self.byHash(kept.tokens)
      origins = Self.origins(of: kept.record)
    }

    /// - Returns: whether credentials that were good before may be good no longer.
    mutating func take(_ kept: KeptDeployment) -> Bool {
      var new = Self.byHash(kept.tokens)
      let lost = tokens.contains { hash, before in
        guard let now = new[hash] else { return true }
        // The control store may not know the last uses yet.
        if let use = before.lastUse, use.at > now.lastUse?.at ?? .first { new[hash]?.lastUse = use }
        return now.isReadOnly != before.isReadOnly || now.expiresAt != before.expiresAt
      }
      let passwordUse = record.passwordUse
      let isSamePassword = record.passwordHash == kept.record.passwordHash
      // What is noted of credentials that are no more is not told of those that took their place.
      if !isSamePassword { self.passwordUse = nil }
      for (hash, token) in tokens where new[hash] == nil { uses[token.name] = nil }
      defer {
        record = kept.record
        if isSamePassword, let passwordUse, passwordUse.at > record.passwordUse?.at ?? .first {
          record.passwordUse = passwordUse
        }
        tokens = new
        origins = Self.origins(of: kept.record)
        // Under the same lock: no header outlives what made it good.
        known = [:]
      }
      return lost || !isSamePassword
    }

    mutating func end() {
      isDeleted = true
      known = [:]
    }

    private static func byHash(_ tokens: [TokenRecord]) -> [[UInt8]: TokenRecord] {
      Dictionary(tokens.map { ($0.hash, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static func origins(of record: DeploymentRecord) -> AllowedOrigins {
      AllowedOrigins(Deployment.value(of: .corsOrigins, in: record) ?? "")
    }

    /// Who presents these credentials; nil when they are not good here. Of good ones the header that they
    /// came in is remembered by its tag, where it is given.
    mutating func caller(
      with credentials: Credentials, tag: SecretTags.Tag? = nil, _ use: CredentialUse
    ) -> Caller? {
      if isDeleted { return nil }
      switch credentials {
      case .password(let user, let password):
        guard ConstantTime.areEqual(SHA256.hash(password), record.passwordHash), user == record.id else { return nil }
        remember(.password, tag)
        passwordUse = use
        return .password
      case .token(let token):
        let hash = SHA256.hash(token)
        guard let caller = caller(withTokenOf: hash, use) else { return nil }
        remember(.token(hash), tag)
        return caller
      // Storage knows devices.
      case .device: return nil
      }
    }
  }

  /// Whose a header is.
  fileprivate enum Known: Sendable {
    case password
    /// By the token's hash: whether it is good is asked each time.
    case token([UInt8])
  }

  private static let tags = SecretTags()
  /// Headers that are remembered at a time. A deployment has few clients, each with one.
  static let mostKnown = 64

  init(_ kept: KeptDeployment, store: any ObjectStore) {
    self.id = kept.record.id
    self.store = store
    self.state = Mutex(State(kept))
    settingsChanged()
  }

  /// Another number whenever who may do what may have changed. To be loaded before credentials are checked: while
  /// it stays the same, what was found good then is good.
  package var revision: Int { changes.load(ordering: .acquiring) &+ store.sessionRevision }

  package var isDeleted: Bool { state.withLock { $0.isDeleted } }
  package var record: DeploymentRecord { state.withLock { $0.record } }
  package var origins: AllowedOrigins { state.withLock { $0.origins } }
  package var tokens: [TokenRecord] {
    state.withLock { state in
      state.tokens.values.sorted { ($0.createdAt, $0.name) < ($1.createdAt, $1.name) }
    }
  }

  /// A setting's value, or its default.
  package func value(of setting: DeploymentSetting) -> String? { Self.value(of: setting, in: record) }

  fileprivate static func value(of setting: DeploymentSetting, in record: DeploymentRecord) -> String? {
    record.settings[setting.rawValue] ?? setting.defaultValue
  }

  /// Who presents these credentials; nil when they are not good here. Of good ones the header that they
  /// came in, where it is given, is remembered until something changes. `address` is where it came from.
  package func caller(
    with credentials: Credentials, from header: UnsafeRawBufferPointer? = nil, at now: Instant, address: String = ""
  ) -> Caller? {
    let tag = header.map { Self.tags.tag(of: $0) }
    return state.withLock { $0.caller(with: credentials, tag: tag, CredentialUse(at: now, address: address)) }
  }

  /// Who presents this `Authorization` header, where it was found good before and nothing has changed
  /// since; nil says nothing of it. It spares a request the decoding and hashing of its credentials.
  package func knownCaller(
    from header: UnsafeRawBufferPointer, at now: Instant, address: String = ""
  ) -> Caller? {
    let tag = Self.tags.tag(of: header)
    let use = CredentialUse(at: now, address: address)
    return state.withLock { state in
      switch state.known[tag] {
      case nil: return nil
      case .password:
        state.passwordUse = use
        return .password
      case .token(let hash): return state.caller(withTokenOf: hash, use)
      }
    }
  }

  // MARK: Changes, after the control store has them.

  /// Takes what the control store keeps now. Who waits looks whether their credentials are good still, where some
  /// have ended.
  func take(_ kept: KeptDeployment) {
    assert(kept.record.id == id)
    let endsCredentials = state.withLock { $0.take(kept) }
    noteChange(endsCredentials: endsCredentials)
  }

  /// The deployment is being deleted.
  func noteDeletion() {
    state.withLock { $0.end() }
    noteChange(endsCredentials: true)
  }

  private func noteChange(endsCredentials: Bool) {
    changes.add(1, ordering: .releasing)
    _ = slots.withLock { $0.dropRevision() }
    settingsChanged()
    if endsCredentials { store.wakeWaits() }
  }

  /// Hands on what others act by.
  private func settingsChanged() {
    store.keepUsers(of: value(of: .appUser))
    limiter.change(
      to: RateLimiter.Limits(
        deployment: RateLimit(rate: value(of: .rateLimit), burst: value(of: .rateBurst)),
        users: RateLimit(rate: value(of: .userRateLimit), burst: value(of: .userRateBurst))))
  }

  /// Whether a switch is on.
  package func isOn(_ setting: DeploymentSetting) -> Bool { value(of: setting) == "true" }

  /// Notes that a session's device called.
  package func noteConnection(of session: ObjectID, at now: Instant) { connections.note(session, at: now) }

  /// Puts the last calls of devices into storage.
  /// - Throws: `StorageError`.
  func storeConnections() async throws {
    let notes = connections.all
    if notes.isEmpty { return }
    try await store.noteConnections(notes)
    connections.forget(notes)
  }

  /// The uses since the last time this was asked.
  func takeUses() -> [NotedUse] { state.withLock { $0.takeUses() } }
}

extension Deployment.State {
  fileprivate mutating func caller(withTokenOf hash: [UInt8], _ use: CredentialUse) -> Caller? {
    guard let found = tokens[hash], ConstantTime.areEqual(found.hash, hash) else { return nil }
    if let expiry = found.expiresAt, expiry <= use.at { return nil }
    uses[found.name] = use
    return .token(name: found.name, isReadOnly: found.isReadOnly, expiresAt: found.expiresAt)
  }

  fileprivate mutating func takeUses() -> [NotedUse] {
    for (hash, token) in tokens {
      if let use = uses[token.name] { tokens[hash]?.lastUse = use }
    }
    var noted = uses.map { NotedUse(of: $0.key, in: record.id, $0.value) }
    if let passwordUse {
      noted.append(NotedUse(of: nil, in: record.id, passwordUse))
      record.passwordUse = passwordUse
    }
    uses = [:]
    passwordUse = nil
    return noted
  }

  fileprivate mutating func remember(_ known: Deployment.Known, _ tag: SecretTags.Tag?) {
    guard let tag else { return }
    if self.known.count >= Deployment.mostKnown { self.known = [:] }
    self.known[tag] = known
  }
}
