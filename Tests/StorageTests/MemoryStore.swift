import Wire

@testable import Storage

/// A store in memory: the smallest engine that rules can run on. Marks are copies.
final class MemoryStore: WriteStore {
  struct Contents {
    var objects: [ObjectID: FoundObject] = [:]
    /// The entries of the oplog in a word each: `create 1`.
    var entries: [String] = []
    var users: [ObjectID: UserRecord] = [:]
    var leases: [String: LeaseRow] = [:]
    var counters: [Int: GroupState.Counter] = [:]
  }

  var contents = Contents()
  private var marked: Contents?
  var sessions: [ObjectID: SessionState] = [:]

  func table(of model: StoredModel) -> WrittenTable { RuleScene.table }

  func object(_ id: ObjectID, in table: WrittenTable) -> FoundObject? { contents.objects[id] }

  /// By id; what is not named never was.
  var deletions: [ObjectID: Int64?] = [:]

  /// The ids that were looked for.
  private(set) var looked: [ObjectID] = []
  /// What each stored entry names.
  private(set) var previous: [Int64?] = []

  func lastDeletion(of id: ObjectID, in table: WrittenTable) -> Int64? {
    looked.append(id)
    return deletions[id, default: 0]
  }

  func read(_ needs: KeptNeeds, appUser: String?, into rows: inout KeptRows) {
    if let id = needs.user {
      rows.user = contents.users[id]
      rows.isUserThere = contents.objects[id] != nil
    }
    if let name = needs.lease { rows.lease = contents.leases[name] }
  }

  func state(ofSession id: ObjectID) -> SessionState? { sessions[id] }

  func store(_ change: ObjectChange, origin: String) -> Bool {
    switch change.operation {
    case .create where contents.objects[change.id] != nil: return false
    case .delete: contents.objects[change.id] = nil
    case .create, .update:
      contents.objects[change.id] = FoundObject(
        id: change.id, row: change.row, updatedAt: change.updatedAt, sequence: change.sequence, own: change.own,
        hidden: change.hidden.isEmpty ? [.null, .null] : change.hidden)
    }
    previous.append(change.previous)
    contents.entries.append("\(change.operation) \(change.id.description.suffix(1))")
    return true
  }

  func store(_ changes: KeptChanges, origin: String) {
    if let user = changes.user { contents.users[user.new.id] = user.new }
    if let lease = changes.lease { contents.leases[lease.name] = lease }
  }

  func store(_ counter: GroupState.Counter, ofModel number: Int) { contents.counters[number] = counter }

  func mark() { marked = contents }
  func takeBack() { if let marked { contents = marked } }
  func release() { marked = nil }
}
