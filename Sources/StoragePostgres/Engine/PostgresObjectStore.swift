import Crypto
import Storage
import Synchronization
import Wire

/// A node's view of one deployment's objects in PostgreSQL. It holds nothing open: connections and threads are the
/// node's.
package final class PostgresObjectStore: ObjectStore {
  let deployment: PostgresDeployment
  let writer: PostgresWriter
  let indexBuilder: IndexBuilder
  package let leaseHolder: LeaseHolder
  private let reading: PostgresReading
  private let calls = Atomic(0)
  /// By what it leaves the node's listener.
  private let listening: ObjectID

  /// For how long a node that has gone keeps others from what must run once.
  private static let leaseMilliseconds: Int64 = 30_000

  init(_ deployment: PostgresDeployment) throws(StorageError) {
    self.deployment = deployment
    var random = SystemRandom()
    leaseHolder = LeaseHolder(id: .random(using: &random), milliseconds: Self.leaseMilliseconds)
    writer = PostgresWriter(deployment: deployment)
    let builder = IndexBuilder(deployment)
    indexBuilder = builder
    reading = PostgresReading(deployment) { if try deployment.catchUp(on: $0) { builder.start() } }
    listening = try deployment.context.feeds.listener.join(deployment)
    // What was not built when the last node ended.
    builder.start()
  }

  package var dataModel: StoredDataModel { deployment.current.model }

  /// It holds nothing open that `release` could give back; that it is called says that the node is at work.
  package var use: StoreUse { StoreUse(calls: calls.load(ordering: .relaxed), isBusy: false, isOpen: false) }

  private func noteCall() { calls.wrappingAdd(1, ordering: .relaxed) }

  package func read<Result: Sendable>(
    _ body: @Sendable @escaping (any Snapshot) throws -> Result
  ) async throws -> Result {
    noteCall()
    return try await deployment.gate.pass { try await reading.read(body) }
  }

  package func read<Result: Sendable>(
    beginningWith first: ObjectLookup, _ body: @Sendable @escaping (any Snapshot) throws -> Result
  ) async throws -> Result {
    noteCall()
    return try await deployment.gate.pass { try await reading.read(beginningWith: first, body) }
  }

  package func readAtOnce<Result: Sendable>(_ body: (any Snapshot) throws -> Result) throws -> Result? {
    noteCall()
    return try deployment.gate.pass { try reading.atOnce(body) }
  }

  package func write(_ plan: WritePlan) async throws -> WriteOutcome {
    noteCall()
    do {
      return try await writer.submit(plan)
    } catch StorageError.replan(let version) {
      if dataModel.version < version {
        let isNewer = try await deployment.readingTables { [deployment] in try deployment.catchUp(on: $0) }
        if isNewer { indexBuilder.start() }
      }
      throw StorageError.replan(version: version)
    }
  }

  package func close() async {
    deployment.waiters.end()
    deployment.context.feeds.listener.leave(listening)
    await indexBuilder.stop()
    await writer.close()
    await deployment.gate.close()
  }
}

extension PostgresDeployment {
  /// Reads the data model in force, which this node may not have heard of yet: who is refused because of it plans under
  /// it next.
  /// - Returns: whether it is newer. The node that deployed it may be gone, and its indexes not built.
  @discardableResult
  func catchUp(on connection: PostgresConnection) throws -> Bool {
    guard let found = try Catalog(schema: schema).current(on: connection) else { return false }
    let isNewer = found.version > current.model.version
    current.note(found)
    return isNewer
  }
}
