import Crypto
import DataModel
import Storage
import Wire

/// A store in front of another one: it hands on whatever it does not do otherwise itself.
package protocol WrappedStore: ObjectStore {
  var inner: any ObjectStore { get }
}

extension WrappedStore {
  package var dataModel: StoredDataModel { inner.dataModel }

  package func read<Result: Sendable>(
    _ body: @Sendable @escaping (any Snapshot) throws -> Result
  ) async throws -> Result { try await inner.read(body) }

  package func read<Result: Sendable>(
    beginningWith first: ObjectLookup, _ body: @Sendable @escaping (any Snapshot) throws -> Result
  ) async throws -> Result { try await inner.read(beginningWith: first, body) }

  package func readAtOnce<Result: Sendable>(_ body: (any Snapshot) throws -> Result) throws -> Result? {
    try inner.readAtOnce(body)
  }

  package var leaseHolder: LeaseHolder { inner.leaseHolder }

  package func write(_ plan: WritePlan) async throws -> WriteOutcome { try await inner.write(plan) }

  // MARK: Deploys.

  package func deploy(_ model: DataModel, _ terms: DeployTerms) async throws -> StoredDataModel {
    try await inner.deploy(model, terms)
  }

  package func rehearse(_ model: DataModel) async throws -> DeployRehearsal { try await inner.rehearse(model) }
  package func pendingIndexes() async throws -> [IndexBuilding] { try await inner.pendingIndexes() }
  package func deploys() async throws -> [DeployRecord] { try await inner.deploys() }

  package func document(ofDeploy version: Int) async throws -> [UInt8]? {
    try await inner.document(ofDeploy: version)
  }

  package func indexes() async throws -> [(model: String, indexes: [StoredIndex])] { try await inner.indexes() }

  // MARK: The feed.

  package var feedID: String { inner.feedID }

  package func waitForEntry(
    from position: Int64, until deadline: ContinuousClock.Instant, since wakes: Int
  ) async throws -> EntryWait {
    try await inner.waitForEntry(from: position, until: deadline, since: wakes)
  }

  package func wakeWaits() { inner.wakeWaits() }
  package var waitWakes: Int { inner.waitWakes }
  package func endWaits() { inner.endWaits() }

  // MARK: Beside the objects.

  package func keepUsers(of model: String?) { inner.keepUsers(of: model) }
  package var sessionRevision: Int { inner.sessionRevision }

  package func target(for hash: ContentHash) async throws -> BlobTarget { try await inner.target(for: hash) }

  package func unneededBlobs(since second: Int64, most: Int) async throws -> [BlobKey] {
    try await inner.unneededBlobs(since: second, most: most)
  }

  package func blobsBeingRemoved(most: Int) async throws -> [BlobKey] {
    try await inner.blobsBeingRemoved(most: most)
  }

  package func unknownBlobs(among keys: [BlobKey]) async throws -> [BlobKey] {
    try await inner.unknownBlobs(among: keys)
  }

  package func blobs(after hash: ContentHash?, most: Int) async throws -> [BlobRecord] {
    try await inner.blobs(after: hash, most: most)
  }

  package func recount(most: Int) async throws -> Recount { try await inner.recount(most: most) }

  package func webhooks() async throws -> [WebhookRecord] { try await inner.webhooks() }

  package func deliveries(of webhook: String) async throws -> [WebhookDelivery] {
    try await inner.deliveries(of: webhook)
  }

  package func fired(_ webhook: String, among objects: [ObjectID]) async throws -> [ObjectID: Int64] {
    try await inner.fired(webhook, among: objects)
  }

  package func attempts(of webhook: String) async throws -> [WebhookAttempt] {
    try await inner.attempts(of: webhook)
  }

  package func sealedSigningKey() async throws -> [UInt8]? { try await inner.sealedSigningKey() }

  // MARK: The store itself.

  package func tend() async throws { try await inner.tend() }
  package var isFit: Bool { inner.isFit }
  package var microsecondsWriting: UInt64 { inner.microsecondsWriting }
  package var figures: StoreFigures { inner.figures }
  package var use: StoreUse { inner.use }
  package func release() async { await inner.release() }
  package func close() async { await inner.close() }
}
