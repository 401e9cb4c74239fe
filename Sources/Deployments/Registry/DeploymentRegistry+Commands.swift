import Crypto
import DataModel
import Storage
import Synchronization
import Wire

// Making, changing and deleting deployments. Each change goes through the control store and comes into effect from there.

extension DeploymentRegistry {
  package struct NewDeployment: Sendable {
    package var name: String
    package var environment: String
    package var model: DataModel
    package var id: String?
    package var appID: String?
    package var person: Person?

    package init(
      name: String, environment: String, model: DataModel, id: String? = nil, appID: String? = nil,
      person: Person? = nil
    ) {
      self.name = name
      self.environment = environment
      self.model = model
      self.id = id
      self.appID = appID
      self.person = person
    }
  }

  /// What is wrong with a name; nil where it will do.
  package static func problem(withName name: String, of what: String, most: Int) -> String? {
    guard name.utf8.count <= most, !name.allSatisfy(\.isWhitespace) else {
      return "\(what)'s name has 1 to \(most) bytes that can be seen."
    }
    return DeploymentFault.problem(with: name, of: "\(what)'s name")
  }

  package static let environments = ["testing", "staging", "production"]

  /// Makes a deployment. The password is returned this once and kept as a hash.
  /// - Throws: `DeploymentFault`, `StorageError`.
  package func create(_ new: NewDeployment) async throws -> (deployment: Deployment, password: String) {
    if let problem = Self.problem(withName: new.name, of: "A deployment", most: 200) { throw DeploymentFault(problem) }
    try DeploymentFault.refuseHidden(in: new.person)
    guard Self.environments.contains(new.environment) else {
      throw DeploymentFault(
        "The environment is one of \(Self.environments.joined(separator: ", ")), not \"\(CutText.cut(new.environment))\"."
      )
    }
    for (option, id) in [("--id", new.id), ("--app-id", new.appID)] {
      if let id, !DeploymentID.isValid(id) {
        throw DeploymentFault("\(option) takes 24 lower-case hex digits, not \"\(CutText.cut(id))\".")
      }
    }
    let password = Secret.randomText(bytes: 24)
    let record = DeploymentRecord(
      id: new.id ?? DeploymentID.random(), name: new.name, environment: new.environment,
      appID: new.appID ?? DeploymentID.random(), createdAt: clock.now, passwordHash: SHA256.hash(password),
      settings: DeploymentSetting.ofNewDeployments)
    try await changing { try await make(record, new) }
    return (try deployment(record.id), password)
  }

  private func make(_ record: DeploymentRecord, _ new: NewDeployment) async throws -> MadeStore {
    guard !isRegistered(record.id) else { throw DeploymentFault("There is a deployment \(record.id) already.") }
    let store = try await engine.create(deployment: record.id, model: new.model, by: new.person)
    do {
      try await engine.control.add(record)
    } catch {
      // Nobody knows of it: what was made goes again, so that the id is free.
      await store.close()
      try? await engine.remove(deployment: record.id)
      throw error
    }
    return MadeStore(id: record.id, store: store)
  }

  /// Removes a deployment with all its objects, for good; also one that cannot be used.
  package func delete(_ id: String) async throws {
    guard self[id] != nil || unusable(id) != nil else { throw Self.noDeployment(id) }
    state.withLock { _ = $0.beingDeleted.insert(id) }
    defer { state.withLock { _ = $0.beingDeleted.remove(id) } }
    try await changing {
      try await engine.control.remove(deployment: id)
      return nil
    }
    await state.withLock { $0.closing[id] }?.value
    try await engine.remove(deployment: id)
  }

  /// Sets settings, all of them or none; an empty assignment (`region=`) is kept as empty, nil goes back to the default.
  /// - Parameters:
  ///   - conditions: what must be set now, as whoever sets them has seen it; nil where nothing must be.
  ///   - maker: as `SettingNote` names who sets them.
  ///   - audit: what is entered into the audit in the same transaction.
  @discardableResult
  package func set(
    _ values: [SettingsPlan.Assignment], of id: String, if conditions: [SettingsPlan.Assignment] = [],
    by maker: String = SettingNote.command, audit: [AuditDraft] = []
  ) async throws -> SettingsOutcome {
    let deployment = try deployment(id)
    for (key, value) in values {
      guard let setting = DeploymentSetting(rawValue: key) else {
        throw DeploymentFault(
          "There is no setting \(CutText.cut(key)). There are "
            + "\(DeploymentSetting.allCases.map(\.rawValue).joined(separator: ", ")).")
      }
      if let value, let problem = setting.problem(with: value) { throw DeploymentFault(problem) }
      if setting == .appUser, let value, deployment.store.dataModel[value] == nil {
        throw DeploymentFault("app_user: the data model has no model \"\(CutText.cut(value))\".")
      }
    }
    let plan = SettingsPlan(values, if: conditions, by: SettingNote(at: clock.now, by: maker), audit: audit)
    var outcome = SettingsOutcome.refused
    try await changing {
      outcome = try await engine.control.set(plan, of: id)
      return nil
    }
    return outcome
  }

  package func resetPassword(of id: String) async throws -> String {
    _ = try deployment(id)
    let password = Secret.randomText(bytes: 24)
    let hash = SHA256.hash(password)
    try await changing {
      try await engine.control.setPassword(hash: hash, of: id)
      return nil
    }
    return password
  }
}
