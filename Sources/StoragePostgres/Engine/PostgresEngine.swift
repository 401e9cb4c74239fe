import DataModel
import Metrics
import Storage
import Wire

/// A database of PostgreSQL: the schema `sojourn`, and the schema `d_ID` for each deployment. Any number of nodes use it
/// at once, each with connections of its own.
package final class PostgresEngine: StorageEngine {
  package var control: any ControlStore { controlStore }
  package var people: any PeopleStore { controlStore }
  package var isShared: Bool { true }
  private let controlStore: PostgresControlStore
  private let context: PostgresContext

  /// - Throws: `StorageError.unusable` where the database is not laid out for this version.
  package init(
    _ address: PostgresAddress, clock: any WallClock, limits: PostgresPool.Limits = .standard,
    options: PostgresOptions = .init()
  ) throws {
    let pool = PostgresPool(address, limits: limits, readSeconds: options.secondsPerRead, report: options.report)
    do {
      if let problem = try pool.lend(.administrator, { try PostgresLayout($0).problem() }) {
        throw StorageError.unusable(problem)
      }
    } catch {
      pool.close()
      throw error
    }
    context = PostgresContext(
      pool: pool, threads: try PostgresThreads(for: limits, besideDatabase: address.isOnThisMachine), clock: clock,
      options: options)
    controlStore = PostgresControlStore(context)
  }

  package func open(deployment id: String) async throws -> any ObjectStore {
    let schema = try Self.schema(of: id)
    return try await context.threads.working.runForStorage { [context] in
      guard try context.pool.read({ try $0.finds(schema) }) else {
        throw StorageError.unusable(
          "The data of deployment \(id) is missing: the database has no schema \(schema.name). Restore it from a "
            + "backup.")
      }
      return try context.openStore(in: schema)
    }
  }

  package func create(deployment id: String, model: DataModel, by person: Person?) async throws -> any ObjectStore {
    let schema = try Self.schema(of: id)
    return try await context.threads.working.runForStorage { [context] in
      // What lies there under an id that is not registered was left by a creation that was cut off; with objects in
      // it, it is a deployment that the control store has lost.
      guard try !context.pool.read({ try $0.holdsObjects(in: schema) }) else {
        throw StorageError.unusable(
          "The schema \(schema.name) holds objects, though the schema sojourn knows no deployment \(id). Restore the "
            + "database from a backup, or rename that schema.")
      }
      try context.remove(schema)
      do {
        return try context.makeStore(in: schema, model: model, by: person)
      } catch {
        try? context.remove(schema)
        throw error
      }
    }
  }

  package func strays() async throws -> [String] {
    // Data before names: a deployment that is made meanwhile is no stray.
    let found = try await context.threads.reading.runForStorage { [pool = context.pool] in
      try pool.read { try $0.deploymentSchemas() }
    }
    let known = Set(try await control.deployments().map(\.id))
    return found.map(\.deployment).filter { !known.contains($0) }
  }

  package func remove(deployment id: String) async throws {
    let schema = try Self.schema(of: id)
    try await context.threads.working.runForStorage { [context] in try context.remove(schema) }
  }

  /// Runs `body` with the node's administrative connection.
  package func administering<Result>(_ body: (PostgresConnection) throws -> Result) throws -> Result {
    try context.pool.lend(.administrator, body)
  }

  package func measure(_ page: inout MetricPage) {
    context.pool.figures.measure(&page)
    context.feeds.measure(&page)
  }

  package func close() async {
    context.feeds.close()
    context.threads.close()
    context.pool.close()
  }

  private static func schema(of id: String) throws(StorageError) -> DeploymentSchema {
    guard let schema = DeploymentSchema(deployment: id) else {
      throw .unusable("«\(id.prefix(100))» is no id of a deployment: it has 24 lower-case hex digits.")
    }
    return schema
  }
}

extension PostgresContext {
  /// With all that is in it; nothing where it is not there. Tables of objects go first, some at a time (see
  /// `DeployRecording.tablesInPart`); the oplog, which says that there are objects, goes last.
  fileprivate func remove(_ schema: DeploymentSchema) throws {
    try pool.lend(.administrator) { connection in
      let names = try connection.rows(
        """
        SELECT relname::text FROM pg_catalog.pg_class
        WHERE relnamespace = pg_catalog.to_regnamespace($1) AND relkind = 'r' AND relname ~ '^m[0-9]+$'
        """
      ) { $0.add(text: schema.name) }
      var rest = try names.map { "\(schema.name).\(try $0.text(0))" }[...]
      while !rest.isEmpty {
        let part = rest.prefix(DeployRecording.tablesInPart).joined(separator: ", ")
        rest = rest.dropFirst(DeployRecording.tablesInPart)
        _ = try connection.perform { $0.addOnce("DROP TABLE IF EXISTS \(part)") }
      }
      _ = try connection.perform { $0.addOnce("DROP SCHEMA IF EXISTS \(schema.name) CASCADE") }
    }
  }
}

extension PostgresConnection {
  /// Schemas that are named as a deployment's, in order of ids.
  func deploymentSchemas() throws -> [DeploymentSchema] {
    let names = try rows("SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname LIKE 'd\\_%' ORDER BY 1")
    return try names.map { try $0.text(0) }.compactMap { DeploymentSchema(named: $0) }
  }

  fileprivate func finds(_ schema: DeploymentSchema) throws -> Bool {
    try rows("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1") { $0.add(text: schema.name) }.count > 0
  }

  fileprivate func holdsObjects(in schema: DeploymentSchema) throws -> Bool {
    let hasOplog = try rows("SELECT 1 FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass($1)") {
      $0.add(text: "\(schema.name).oplog")
    }
    return try hasOplog.count > 0 && rows("SELECT 1 FROM \(schema.name).oplog LIMIT 1").count > 0
  }
}
