import DataModel
import Storage

// Data models of deployments: what a deploy would do, doing it, the history, and going back.

extension DeploymentRegistry {
  /// What a deploy does.
  package struct DeployEffect: Sendable {
    package var changes: [DataModelChange]
    /// Indexes over objects that are there, built after the deploy.
    package var buildings: [IndexBuilding]
    /// About how long writes would wait for the deploy itself; nil where it is done.
    package var secondsHoldingUp: Double?
  }

  /// Nothing of it is done.
  /// - Throws: `DeploymentFault`; `StorageError`, which the deploy would throw as well.
  package func preview(_ model: DataModel, of id: String) async throws -> DeployEffect {
    let store = try deployment(id).store
    try await refuseTakeovers(by: model, store)
    let rehearsal = try await store.rehearse(model)
    return DeployEffect(
      changes: model.changes(since: store.dataModel.model), buildings: rehearsal.buildings,
      secondsHoldingUp: rehearsal.secondsHoldingUp)
  }

  /// Makes a data model current while the deployment is in use.
  /// - Throws: `DeploymentFault`, `StorageError`; `replan` where another version is in force than `terms` say.
  package func deploy(
    _ model: DataModel, to id: String, _ terms: DeployTerms
  ) async throws -> (stored: StoredDataModel, effect: DeployEffect) {
    let store = try deployment(id).store
    try DeploymentFault.refuseHidden(in: terms.by)
    try await refuseTakeovers(by: model, store)
    let changes = model.changes(since: store.dataModel.model)
    let stored = try await store.deploy(model, terms)
    return (stored, DeployEffect(changes: changes, buildings: try await store.pendingIndexes()))
  }

  package func deploy(
    _ model: DataModel, to id: String, by person: Person?
  ) async throws -> (stored: StoredDataModel, effect: DeployEffect) {
    try await deploy(model, to: id, DeployTerms(by: person))
  }

  /// The latest first; the first of them is in force.
  package func deploys(of id: String) async throws -> [DeployRecord] { try await deployment(id).store.deploys() }

  /// The data model of an earlier deploy, read from its own document.
  package func dataModel(ofDeploy version: Int, of id: String) async throws -> DataModel {
    guard let document = try await deployment(id).store.document(ofDeploy: version) else {
      throw DeploymentFault(
        "The deployment \(id) has no deploy \(version). `sojourn data-model history` shows those there are.")
    }
    let (model, findings) = DataModelReader.read(document)
    guard let model else {
      let errors = findings.filter { $0.severity == .error }.map(\.description).joined(separator: "\n")
      throw DeploymentFault(
        "The data model of deploy \(version) no longer passes the checks of this version:\n\(errors)")
    }
    return model
  }

  // MARK: Webhooks.

  /// Deploys that are looked through for what a webhook was that is not declared now.
  private static let earlierDeploys = 100

  /// - Throws: `DeploymentFault` where what is configured for a webhook would serve another one.
  private func refuseTakeovers(by model: DataModel, _ store: any ObjectStore) async throws {
    let names = Set(try await store.webhooks().map(\.name)).intersection(model.webhooks.map(\.declaration.name))
    if names.isEmpty { return }
    var before: [String: ModelWebhook] = [:]
    for webhook in store.dataModel.model.webhooks where names.contains(webhook.declaration.name) {
      before[webhook.declaration.name] = webhook
    }
    // What is not declared now keeps its endpoint for when it comes back.
    if before.count < names.count {
      for deploy in try await store.deploys().prefix(Self.earlierDeploys) where before.count < names.count {
        guard let document = try await store.document(ofDeploy: deploy.version) else { continue }
        for webhook in DataModelReader.read(document).model?.webhooks ?? []
        where names.contains(webhook.declaration.name) && before[webhook.declaration.name] == nil {
          before[webhook.declaration.name] = webhook
        }
      }
    }
    let takeovers = WebhookTakeover.all(in: model, configured: names.sorted().map { ($0, before[$0]) })
    if takeovers.isEmpty { return }
    throw DeploymentFault(takeovers.map(\.sentence).joined(separator: "\n"))
  }
}
