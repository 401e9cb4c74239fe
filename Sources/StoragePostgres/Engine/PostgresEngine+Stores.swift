import DataModel
import Storage
import Wire

// Where `PostgresEngine` gets stores from. All of it blocks.

extension PostgresContext {
  /// - Throws: `StorageError`; `unusable` where the schema is no deployment's.
  func openStore(in schema: DeploymentSchema) throws -> PostgresObjectStore {
    let found = try pool.read { try Opened(schema, on: $0) }
    return try PostgresObjectStore(
      PostgresDeployment(
        schema: schema, context: self, current: ModelCache(found.model),
        waiters: EntryWaiters(last: found.standing.last, limit: options.waitingReaders),
        feed: FeedState(found.standing), users: UserSharing(stored: found.appUser), metrics: WriterMetrics()))
  }

  func makeStore(in schema: DeploymentSchema, model: DataModel, by person: Person?) throws -> PostgresObjectStore {
    try pool.lend(.administrator) {
      try Catalog(schema: schema).make(model, at: clock.now, by: person, on: $0)
    }
    return try openStore(in: schema)
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
