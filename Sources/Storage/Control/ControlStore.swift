import Wire

/// What a server keeps besides objects: deployments, their settings, and the hashes of credentials.
///
/// 1. Each change is on disk when its call returns, and is done as a whole or not at all.
/// 2. Each change of what nodes act by raises the revision, in the same transaction, and is remembered with it:
///    who asks for what happened since a revision misses nothing.
/// 3. What is read at once is of one revision.
///
/// - Throws: `StorageError` throughout.
package protocol ControlStore: Sendable {
  /// The revision of what is kept: it only rises, also over a restart. 0 before the first change.
  func revision() async throws -> Int64
  /// All deployments, in order of creation.
  func contents() async throws -> ControlContents
  /// What happened after a revision.
  func changes(since revision: Int64) async throws -> ControlChanges

  func add(_ deployment: DeploymentRecord) async throws
  /// Removes the deployment with its settings and credentials. Its objects are the engine's to remove.
  func remove(deployment id: String) async throws
  func set(_ plan: SettingsPlan, of deployment: String) async throws -> SettingsOutcome
  /// The new one was never used.
  func setPassword(hash: [UInt8], of deployment: String) async throws

  func add(_ token: TokenRecord) async throws
  func remove(token name: String, of deployment: String) async throws
  /// Says when credentials were last used, and from where; later times win. Nobody acts by that, so the revision stays.
  func touch(_ uses: [NotedUse]) async throws
}

extension ControlStore {
  /// Sets all of them or, when it throws, none.
  package func set(_ settings: [SettingsPlan.Assignment], of deployment: String) async throws {
    _ = try await set(SettingsPlan(settings), of: deployment)
  }

  package func deployments() async throws -> [DeploymentRecord] { try await contents().deployments.map(\.record) }
}

/// A deployment as it is kept.
package struct DeploymentRecord: Sendable, Equatable {
  /// 24 lower-case hex digits.
  package var id: String
  package var name: String
  /// `testing`, `staging` or `production`.
  package var environment: String
  package var appID: String
  package var createdAt: Instant
  /// SHA-256 of the API password.
  package var passwordHash: [UInt8]
  /// Only what was set.
  package var settings: [String: String]
  /// Of settings that were set, or taken back, since such notes are kept.
  package var settingNotes: [String: SettingNote] = [:]
  /// Of the API password.
  package var passwordUse: CredentialUse?

  package init(
    id: String, name: String, environment: String, appID: String, createdAt: Instant,
    passwordHash: [UInt8], settings: [String: String] = [:]
  ) {
    self.id = id
    self.name = name
    self.environment = environment
    self.appID = appID
    self.createdAt = createdAt
    self.passwordHash = passwordHash
    self.settings = settings
  }
}

/// A named token as it is kept. Names are unique in a deployment.
package struct TokenRecord: Sendable, Equatable {
  package var deployment: String
  package var name: String
  /// SHA-256 of the whole token, `O:` included.
  package var hash: [UInt8]
  package var isReadOnly: Bool
  package var createdAt: Instant
  package var lastUse: CredentialUse?
  package var expiresAt: Instant?

  package init(
    deployment: String, name: String, hash: [UInt8], isReadOnly: Bool, createdAt: Instant,
    lastUse: CredentialUse? = nil, expiresAt: Instant? = nil
  ) {
    self.deployment = deployment
    self.name = name
    self.hash = hash
    self.isReadOnly = isReadOnly
    self.createdAt = createdAt
    self.lastUse = lastUse
    self.expiresAt = expiresAt
  }
}
