import Crypto
import Storage
import Wire

/// A node's view of one deployment's objects in PostgreSQL. It holds nothing open: connections and threads are the
/// node's.
package final class PostgresObjectStore: ObjectStore {
  let deployment: PostgresDeployment
  let writer: PostgresWriter
  package let leaseHolder: LeaseHolder
  private let reading: PostgresReading
  /// By what it leaves the node's listener.
  private let listening: ObjectID

  /// For how long a node that has gone keeps others from what must run once.
  private static let leaseMilliseconds: Int64 = 30_000

  init(_ deployment: PostgresDeployment) throws(StorageError) {
    self.deployment = deployment
    var random = SystemRandom()
    leaseHolder = LeaseHolder(id: .random(using: &random), milliseconds: Self.leaseMilliseconds)
    writer = PostgresWriter(deployment: deployment)
    reading = PostgresReading(deployment) { try deployment.catchUp(on: $0) }
    listening = try deployment.context.feeds.listener.join(deployment)
  }

  package var dataModel: StoredDataModel { deployment.current.model }

  package func read<Result: Sendable>(
    _ body: @Sendable @escaping (any Snapshot) throws -> Result
  ) async throws -> Result {
    try await deployment.gate.pass { try await reading.read(body) }
  }

  package func readAtOnce<Result: Sendable>(_ body: (any Snapshot) throws -> Result) throws -> Result? {
    try deployment.gate.pass { try reading.atOnce(body) }
  }

  package func write(_ plan: WritePlan) async throws -> WriteOutcome {
    do {
      return try await writer.submit(plan)
    } catch StorageError.replan(let version) {
      if dataModel.version < version {
        try await deployment.readingTables { [deployment] in try deployment.catchUp(on: $0) }
      }
      throw StorageError.replan(version: version)
    }
  }

  package func close() async {
    deployment.waiters.end()
    deployment.context.feeds.listener.leave(listening)
    await writer.close()
    await deployment.gate.close()
  }
}

extension PostgresDeployment {
  /// Reads the data model in force, which this node may not have heard of yet: who is refused because of it plans under
  /// it next.
  func catchUp(on connection: PostgresConnection) throws {
    if let found = try Catalog(schema: schema).current(on: connection) { current.note(found) }
  }
}
