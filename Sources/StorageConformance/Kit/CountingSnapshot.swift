import DataModel
import Storage
import Wire

/// A snapshot that counts what is asked of it: over a network each call is a round trip.
package final class CountingSnapshot: Snapshot {
  private let inner: any Snapshot
  /// The calls so far, by name.
  package private(set) var calls: [String] = []

  package init(_ inner: any Snapshot) { self.inner = inner }

  private func counted<Result>(_ name: String, _ body: (any Snapshot) throws -> Result) rethrows -> Result {
    calls.append(name)
    return try body(inner)
  }

  package func nextSequence() throws -> Int64 { try counted("nextSequence") { try $0.nextSequence() } }

  package func revision() throws -> Revision { try counted("revision") { try $0.revision() } }

  package func stateVersion(of model: StoredModel) -> Int? {
    counted("stateVersion") { $0.stateVersion(of: model) }
  }

  package func object(_ model: StoredModel, _ id: ObjectID) throws -> RowPage? {
    try counted("object") { try $0.object(model, id) }
  }

  package func object(_ model: StoredModel, _ id: ObjectID, versionsOf models: [StoredModel]) throws -> ReadObject? {
    try counted("object") { try $0.object(model, id, versionsOf: models) }
  }

  package func fetch(_ wants: [Want], attachments: [ObjectID]) throws -> Fetched {
    try counted("fetch") { try $0.fetch(wants, attachments: attachments) }
  }

  package func list(_ want: ListWant, page: (RowPage, [Int?]) throws -> Void) throws -> ReadList {
    try counted("list") { try $0.list(want, page: page) }
  }

  package func list(_ plan: ReadPlan, page: (RowPage) throws -> Void) throws {
    try counted("list") { try $0.list(plan, page: page) }
  }

  package func count(_ model: StoredModel, _ predicate: Predicate) throws -> Int {
    try counted("count") { try $0.count(model, predicate) }
  }

  package func count(
    _ model: StoredModel, _ predicate: Predicate, upTo most: Int, within limit: Duration
  ) throws -> BoundedCount {
    try counted("count") { try $0.count(model, predicate, upTo: most, within: limit) }
  }

  package func limited<Result>(to limit: Duration, _ body: () throws -> Result) throws -> Result? {
    try inner.limited(to: limit, body)
  }

  package func examined<Result>(_ body: () throws -> Result) throws -> (result: Result, cost: ReadCost?) {
    try inner.examined(body)
  }

  package func oplog(from start: Int64, limit: Int) throws -> [OplogEntry] {
    try counted("oplog") { try $0.oplog(from: start, limit: limit) }
  }

  package func oplog(
    _ plan: OplogPlan, under model: StoredDataModel, page: (OplogPage) throws -> Void
  ) throws -> OplogReach {
    try counted("oplog") { try $0.oplog(plan, under: model, page: page) }
  }

  package func changes(_ plan: ChangePlan) throws -> ChangePage { try counted("changes") { try $0.changes(plan) } }

  package func history(_ plan: HistoryPlan) throws -> HistoryPage { try counted("history") { try $0.history(plan) } }

  package func deletions(_ plan: DeletionPlan) throws -> DeletionPage {
    try counted("deletions") { try $0.deletions(plan) }
  }

  package func oplogBounds() throws -> OplogBounds { try counted("oplogBounds") { try $0.oplogBounds() } }

  package func attachments(_ ids: [ObjectID]) throws -> [ObjectID: AttachmentRecord] {
    try counted("attachments") { try $0.attachments(ids) }
  }

  package func modelNames() throws -> [Int: String] { try counted("modelNames") { try $0.modelNames() } }

  package func users(_ ids: [ObjectID]) throws -> [ObjectID: UserRecord] {
    try counted("users") { try $0.users(ids) }
  }

  package func knows(tokenHash: [UInt8]) throws -> Bool {
    try counted("knows") { try $0.knows(tokenHash: tokenHash) }
  }

  package func session(_ id: ObjectID) throws -> (user: ObjectID, session: UserSession)? {
    try counted("session") { try $0.session(id) }
  }
}
