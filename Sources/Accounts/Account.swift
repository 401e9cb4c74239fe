import Storage
import Synchronization
import Wire

/// A deployment as requests meet it: who it is, what is set, whose credentials are good, and its
/// objects.
package final class Account: Sendable {
  package let id: String
  package let store: any ObjectStore
  package let limiter = RateLimiter()
  let connections = ConnectionNotes()
  private let state: Mutex<State>

  package struct State: Sendable {
    package var record: DeploymentRecord
    /// By the hash of the token. A look-up by hash tells an attacker nothing: to come near a hash they
    /// would have to know a secret that gives it.
    package var tokens: [[UInt8]: TokenRecord]
    package var origins: AllowedOrigins
    /// Uses of tokens that the control store does not know of yet.
    var uses: [String: Instant] = [:]

    init(_ record: DeploymentRecord, tokens: [TokenRecord]) {
      self.record = record
      self.tokens = Dictionary(tokens.map { ($0.hash, $0) }, uniquingKeysWith: { first, _ in first })
      origins = AllowedOrigins(Account.value(of: .corsOrigins, in: record) ?? "")
    }

    /// Who presents these credentials; nil when they are not good here.
    mutating func caller(with credentials: Credentials, at now: Instant) -> Caller? {
      switch credentials {
      case .password(let user, let password):
        let isGood = ConstantTime.areEqual(SHA256.hash(password), record.passwordHash)
        return isGood && user == record.id ? .password : nil
      case .token(let token):
        let hash = SHA256.hash(token)
        guard let found = tokens[hash], ConstantTime.areEqual(found.hash, hash) else { return nil }
        if let expiry = found.expiresAt, expiry <= now { return nil }
        uses[found.name] = now
        return .token(name: found.name, isReadOnly: found.isReadOnly)
      // Storage knows devices.
      case .device: return nil
      }
    }
  }

  init(_ record: DeploymentRecord, tokens: [TokenRecord], store: any ObjectStore) {
    self.id = record.id
    self.store = store
    self.state = Mutex(State(record, tokens: tokens))
    settingsChanged()
  }

  package var record: DeploymentRecord { state.withLock { $0.record } }
  package var origins: AllowedOrigins { state.withLock { $0.origins } }
  package var tokens: [TokenRecord] {
    state.withLock { state in
      state.tokens.values.sorted { ($0.createdAt, $0.name) < ($1.createdAt, $1.name) }
    }
  }

  /// A setting's value, or its default.
  package func value(of setting: DeploymentSetting) -> String? { Self.value(of: setting, in: record) }

  private static func value(of setting: DeploymentSetting, in record: DeploymentRecord) -> String? {
    record.settings[setting.rawValue] ?? setting.defaultValue
  }

  /// Who presents these credentials; nil when they are not good here.
  package func caller(with credentials: Credentials, at now: Instant) -> Caller? {
    state.withLock { $0.caller(with: credentials, at: now) }
  }

  // MARK: Changes, after the control store has them.

  func change(_ change: (inout State) -> Void) {
    state.withLock { state in
      change(&state)
      state.origins = AllowedOrigins(Self.value(of: .corsOrigins, in: state.record) ?? "")
    }
    settingsChanged()
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
  func takeUses() -> [String: Instant] {
    state.withLock { state in
      defer { state.uses = [:] }
      for (hash, token) in state.tokens {
        if let use = state.uses[token.name] { state.tokens[hash]?.lastUsedAt = use }
      }
      return state.uses
    }
  }
}
