import DataModel
import Storage
import Wire

// Where `PostgresEngine` gets stores from. All of it blocks.

extension PostgresContext {
  /// - Throws: `StorageError`; `unusable` where the schema is no deployment's.
  func openStore(of deployment: String) throws -> PostgresObjectStore {
    let schema = try Self.schema(of: deployment)
    let found = try pool.read { try Opened(schema, on: $0) }
    return try PostgresObjectStore(
      PostgresDeployment(
        schema: schema, context: self, current: ModelCache(found.model),
        waiters: EntryWaiters(last: found.standing.last, limit: options.waitingReaders),
        feed: FeedState(found.standing), users: UserSharing(stored: found.appUser), metrics: WriterMetrics()))
  }

  func makeStore(of deployment: String, model: DataModel, by person: Person?) throws -> PostgresObjectStore {
    let schema = try Self.schema(of: deployment)
    try pool.lend(.administrator) {
      try Catalog(schema: schema).make(model, at: clock.now, by: person, on: $0)
    }
    return try openStore(of: deployment)
  }

  private static func schema(of id: String) throws(StorageError) -> DeploymentSchema {
    guard let schema = DeploymentSchema(deployment: id) else { throw .broken("a deployment without an id") }
    return schema
  }
}

/// What is read once when a deployment is opened.
private struct Opened {
  let model: StoredDataModel
  let standing: FeedStanding
  let appUser: String?

  init(_ schema: DeploymentSchema, on connection: PostgresConnection) throws {
    guard let model = try Catalog(schema: schema).current(on: connection) else {
      throw StorageError.unusable("The schema \(schema.name) holds no deployed data model. Restore it from a backup.")
    }
    self.model = model
    let results = try connection.perform { pipeline in
      pipeline.add(FeedStanding.newest(in: schema))
      pipeline.add(FactTable(schema: schema).reading) { $0.add(text: DeploymentFact.appUser.rawValue) }
    }
    standing = try FeedStanding(results[0])
    appUser = try results[1].first?.text(0)
  }
}
