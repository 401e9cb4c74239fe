import DataModel
import Storage
import Wire

extension SQLiteObjectStore {
  /// Deploys that may come between the plan of one and its end.
  private static var mostPlans: Int { 20 }

  private func readingCatalog<Result: Sendable>(
    _ body: @Sendable @escaping (Catalog) throws -> Result
  ) async throws -> Result {
    try await readingTables { try body(Catalog(connection: $0)) }
  }

  package func deploy(_ model: DataModel, _ terms: DeployTerms) async throws -> StoredDataModel {
    for _ in 0..<Self.mostPlans {
      let plan = try await readingCatalog { try $0.plan(model) }
      // A plan is carried out over the version that it was made over, or made anew.
      if let wanted = terms.over, plan.version != wanted + 1 { throw StorageError.replan(version: plan.version - 1) }
      guard let (stored, areIndexesBuilt) = try await carryOut(plan, of: model, terms) else { continue }
      if !areIndexesBuilt { file.indexBuilder.start() }
      return stored
    }
    throw StorageError.busy
  }

  /// New tables in steps, between which writes go on; then all that makes the data model current in one.
  /// - Returns: nil where another deploy came between.
  private func carryOut(
    _ plan: DeployPlan, of model: DataModel, _ terms: DeployTerms
  ) async throws -> (stored: StoredDataModel, areIndexesBuilt: Bool)? {
    var plan = plan
    while !plan.newTables.isEmpty {
      let now = plan
      let rest = try await file.writer.alone { connection in
        try Self.inTransaction(on: connection) { catalog in (try catalog.makeTables(of: now), isKept: true) }
      }
      guard let rest else { return nil }
      plan = rest
    }
    let last = plan
    return try await file.writer.alone { [self] connection in
      // It may not come to the commit, or fail there.
      defer { file.shared.commits.note(deployed: file.shared.deployed.model.version) }
      return try Self.inTransaction(on: connection) { catalog in
        let done = try catalog.finish(last, model, at: file.context.clock.now, terms)
        if let done { file.shared.commits.note(deployed: done.stored.version) }
        return (done, isKept: done != nil)
      } afterCommit: { done in
        // On the writer's thread, before the next group: behaviour, hash and time move together. The
        // count comes first: who plans under the new model must not read a snapshot from before it.
        guard let done else { return }
        file.shared.commits.rise()
        file.shared.deployed.note(done.stored)
        current.note(done.stored)
      }
    }
  }

  package func rehearse(_ model: DataModel) async throws -> DeployRehearsal {
    try await readingCatalog { catalog in
      let plan = try catalog.plan(model)
      return DeployRehearsal(buildings: plan.indexes.buildings, secondsHoldingUp: plan.secondsHoldingUp)
    }
  }

  package func pendingIndexes() async throws -> [IndexBuilding] {
    let stored = file.shared.deployed.model
    return try await readingCatalog { try $0.indexWork(for: stored.models).buildings }
  }

  /// Runs `body` in a transaction, which is rolled back where it throws or nothing is to be kept.
  private static func inTransaction<Result>(
    on connection: Connection, _ body: (Catalog) throws -> (Result, isKept: Bool),
    afterCommit: (Result) -> Void = { _ in }
  ) throws -> Result {
    let (result, isKept) = try connection.write(keeping: \.isKept) { try body(Catalog(connection: connection)) }
    if isKept { afterCommit(result) }
    return result
  }

  package func deploys() async throws -> [DeployRecord] { try await readingCatalog { try $0.history() } }

  package func document(ofDeploy version: Int) async throws -> [UInt8]? {
    try await readingCatalog { try $0.document(ofVersion: version) }
  }

  package func indexes() async throws -> [(model: String, indexes: [StoredIndex])] {
    let stored = file.shared.deployed.model
    let existing = try await readingCatalog { try $0.existingIndexes() }
    return stored.models.map { model in
      let indexes = IndexPlan.all(of: model).map { plan in
        var described = plan.described
        let isReady = existing[plan.table] != nil
        described.status = isReady ? .ready : .pending
        described.usage = isReady ? file.uses.usage(of: plan.table) : nil
        return described
      }
      return (model.name, indexes)
    }
  }
}
