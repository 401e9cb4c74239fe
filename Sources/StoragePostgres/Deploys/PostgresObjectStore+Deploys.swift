import DataModel
import Storage
import Wire

extension PostgresObjectStore {
  private var catalog: Catalog { Catalog(schema: deployment.schema) }

  package func deploy(_ model: DataModel, _ terms: DeployTerms) async throws -> StoredDataModel {
    let run = DeployRun(deployment: deployment, model: model, terms: terms)
    let outcome = try await deployment.gate.pass {
      try await deployment.context.threads.working.runForStorage { try run.perform() }
    }
    deployment.current.note(outcome.stored)
    await deployment.context.feeds.notifier.tellNow(
      EntryNews(
        of: deployment.schema, last: deployment.waiters.last, endsSessions: false, version: outcome.stored.version))
    if !outcome.areIndexesBuilt { indexBuilder.start() }
    return outcome.stored
  }

  package func rehearse(_ model: DataModel) async throws -> DeployRehearsal {
    try await deployment.readingTables { [schema = deployment.schema] connection in
      let ground = try DeployGround.read(schema, on: connection)
      let plan = try DeployPlan(model, over: ground)
      return DeployRehearsal(
        buildings: try plan.indexWork(for: model, as: ground.version + 1).buildings,
        secondsHoldingUp: plan.secondsHoldingUp)
    }
  }

  package func pendingIndexes() async throws -> [IndexBuilding] { try await indexWork().buildings }

  private func indexWork() async throws -> IndexWork {
    try await deployment.readingTables { [schema = deployment.schema, model = dataModel] connection in
      try DeployGround.read(schema, on: connection).indexWork(for: model.models)
    }
  }

  package func indexes() async throws -> [(model: String, indexes: [StoredIndex])] {
    let model = dataModel
    let pending = Set(try await indexWork().missing.map(\.plan.name))
    return model.models.map { model in
      let indexes = IndexPlan.all(of: model).map { plan in
        var described = plan.described
        described.status = pending.contains(plan.name) ? .pending : .ready
        return described
      }
      return (model.name, indexes)
    }
  }

  package func deploys() async throws -> [DeployRecord] {
    try await deployment.readingTables { [catalog] in try catalog.history(on: $0) }
  }

  package func document(ofDeploy version: Int) async throws -> [UInt8]? {
    try await deployment.readingTables { [catalog] in try catalog.document(ofVersion: version, on: $0) }
  }
}
