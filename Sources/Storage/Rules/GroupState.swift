/// What a group of writes has come to so far: what its next step goes on from, and what is stored of it at the end.
package struct GroupState: Sendable {
  /// Of one model: how many objects it has, and the last number in the order of creation.
  package struct Counter: Sendable, Equatable {
    package var count: Int64
    package var lastRow: Int64

    package init(count: Int64, lastRow: Int64) {
      self.count = count
      self.lastRow = lastRow
    }
  }

  /// By model number.
  package private(set) var counters: [Int: Counter]
  package private(set) var lastSequence: Int64
  /// The version of the data model in force, as it is stored.
  package let version: Int
  /// The name of the model whose objects are the app's users, as it is stored.
  package private(set) var appUser: String?
  /// Models whose counters are to be stored.
  package private(set) var changed: Set<Int> = []
  /// Models with objects that were written; those of plans that were taken back too.
  package private(set) var touched: Set<Int> = []
  /// Whether a step may have ended sessions.
  package private(set) var hasEndedSessions = false

  /// Sequences go on above `lastSequence`.
  package init(counters: [Int: Counter], lastSequence: Int64, version: Int, appUser: String?) {
    self.counters = counters
    self.lastSequence = lastSequence
    self.version = version
    self.appUser = appUser
  }

  package func lastRow(of model: Int) -> Int64 { counters[model]?.lastRow ?? 0 }

  /// Takes in what was stored.
  package mutating func note(_ change: ObjectChange) {
    assert(change.sequence > lastSequence, "the oplog goes on")
    let model = change.table.model.number
    lastSequence = change.sequence
    touched.insert(model)
    switch change.operation {
    case .update: return
    case .create: counters[model, default: Counter(count: 0, lastRow: 0)].create(change.row)
    case .delete: counters[model, default: Counter(count: 0, lastRow: 0)].count -= 1
    }
    assert(counters[model].map { $0.count >= 0 } ?? true, "no model has fewer than no objects")
    changed.insert(model)
  }

  /// The same of what lies beside the objects.
  package mutating func note(_ changes: KeptChanges) {
    for object in changes.linking {
      assert(object.sequence > lastSequence, "the oplog goes on")
      lastSequence = object.sequence
      touched.insert(object.model)
    }
    if let name = changes.appUser { appUser = name }
    if changes.endsSessions { hasEndedSessions = true }
  }

  /// Goes back to an earlier state, keeping what only says that something may have happened.
  package mutating func takeBack(to mark: GroupState) {
    counters = mark.counters
    lastSequence = mark.lastSequence
    appUser = mark.appUser
    changed = mark.changed
  }

  /// The group is stored.
  mutating func beginNext() {
    changed.removeAll(keepingCapacity: true)
    touched.removeAll(keepingCapacity: true)
    hasEndedSessions = false
  }
}

extension GroupState.Counter {
  fileprivate mutating func create(_ row: Int64) {
    count += 1
    lastRow = row
  }
}
