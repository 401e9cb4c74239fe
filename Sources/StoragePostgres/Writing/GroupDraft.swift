import Storage
import Wire

/// What a group of writes has read and come to so far, in memory: the objects that its steps asked for, each as the
/// database has it and as it is from now on, and what is still to be sent.
///
/// What always holds:
/// 1. A row that is known is as the transaction would find it, had everything been sent.
/// 2. What was stored since `mark` can be taken back, without the database where nothing was sent since.
struct GroupDraft {
  /// An object, under one data model.
  struct Key: Hashable {
    let binding: StoredModel.Binding
    let id: ObjectID

    init(_ model: StoredModel, _ id: ObjectID) {
      binding = model.binding
      self.id = id
    }

    init(version: Int, model: Int, _ id: ObjectID) {
      binding = StoredModel.Binding(version: version, model: model)
      self.id = id
    }
  }

  struct Row {
    /// As the database has it, with what was sent; nil where there is none.
    var sent: FoundObject?
    /// As it is from now on.
    var current: FoundObject?
    /// Of its last deletion: 0 where there was none, nil where nobody asked.
    var deletion: Int64?
    var isChanged = false
    /// Positions and indexes in which an update may have changed it since it was sent.
    var changed: Set<Int> = []
    var cleared: Set<Int> = []

    init(_ object: FoundObject?, deletion: Int64? = nil) {
      sent = object
      current = object
      self.deletion = deletion
    }

    fileprivate mutating func settle() {
      sent = current
      isChanged = false
      changed.removeAll()
      cleared.removeAll()
    }
  }

  private struct Mark {
    /// Rows as they were before each change; nil where one was not known.
    var rows: [(key: Key, before: Row?)] = []
    var changedCount: Int
    var oplog: OplogDraft.End
    var keptCount: Int
    /// Whether what came before the mark was sent, and the database has a mark there.
    var isSent = false
  }

  private(set) var rows: [Key: Row] = [:]
  /// Changed rows in the order of their first change.
  private(set) var changed: [Key] = []
  private(set) var oplog = OplogDraft()
  private(set) var kept: [(changes: KeptChanges, origin: String)] = []
  private var mark: Mark?

  var isEmpty: Bool { changed.isEmpty && oplog.isEmpty && kept.isEmpty }
  /// Whether objects are still to be written that are not among `rows`.
  var isLinking: Bool { kept.contains { !$0.changes.linking.isEmpty } }
  /// Whether the database has to have a mark before the next is sent.
  var needsMark: Bool { mark.map { !$0.isSent } ?? false }

  // MARK: Reading.

  /// Takes in what was read. What is known already stays.
  mutating func note(_ object: FoundObject?, deletion: Int64?, for key: Key) {
    if rows[key] == nil {
      rows[key] = Row(object, deletion: deletion)
    } else if let deletion, rows[key]?.deletion == nil {
      rows[key]?.deletion = deletion
    }
  }

  // MARK: Storing.

  /// False where the id of a new object is in use. The row is known.
  mutating func store(_ change: ObjectChange, origin: String) -> Bool {
    let key = Key(change.table.model, change.id)
    guard let before = rows[key] else {
      assertionFailure("an object that nobody has read is changed")
      return false
    }
    if change.operation == .create, before.current != nil { return false }
    mark?.rows.append((key, before))
    var row = before
    switch change.operation {
    case .create:
      row.current = change.object(hidden: Array(repeating: .null, count: change.table.hidden.count))
    case .update:
      row.current = change.object(hidden: change.hidden)
      row.changed.formUnion(change.changed)
      row.cleared.formUnion(change.cleared)
    case .delete:
      row.current = nil
      row.deletion = change.sequence
    }
    if !row.isChanged {
      row.isChanged = true
      changed.append(key)
    }
    rows[key] = row
    oplog.append(change, origin: origin)
    return true
  }

  /// Forgets rows that are written anew by other means.
  mutating func store(_ changes: KeptChanges, origin: String, version: Int) {
    for object in changes.linking {
      let key = Key(version: version, model: object.model, object.id)
      let row = rows.removeValue(forKey: key)
      assert(!(row?.isChanged ?? false), "who links an attachment was read after all was sent")
      mark?.rows.append((key, row))
    }
    kept.append((changes, origin))
  }

  // MARK: Sending.

  /// Everything was sent.
  mutating func settle() {
    for key in changed { rows[key]?.settle() }
    changed.removeAll(keepingCapacity: true)
    oplog.removeAll()
    kept.removeAll()
  }

  /// Calls `send` with what came before the mark, and goes on with what came since: what follows goes behind a mark
  /// of the database's own.
  mutating func sendBeforeMark(_ send: (GroupDraft) throws -> Void) throws {
    guard var mark else { return }
    var since: [Key: Row?] = [:]
    for (key, _) in mark.rows { since[key] = .some(rows[key]) }
    let rest = (oplog: oplog.cut(to: mark.oplog), kept: Array(kept[mark.keptCount...]), changed: changed)
    kept.removeLast(kept.count - mark.keptCount)
    for (key, before) in mark.rows.reversed() { rows[key] = before }
    changed.removeLast(changed.count - mark.changedCount)
    try send(self)
    settle()
    mark.rows = since.keys.map { ($0, rows[$0]) }
    mark.oplog = oplog.end
    (mark.changedCount, mark.keptCount, mark.isSent) = (0, 0, true)
    self.mark = mark
    for (key, row) in since { put(row, at: key) }
    oplog = rest.oplog
    kept = rest.kept
  }

  /// A row as it came to be since the mark, over what the database has from before it.
  private mutating func put(_ row: Row?, at key: Key) {
    guard var row else {
      rows[key] = nil
      return
    }
    if let before = rows[key] { row.sent = before.current }
    if row.isChanged { changed.append(key) }
    rows[key] = row
  }

  // MARK: Marks.

  mutating func setMark() {
    assert(mark == nil, "one mark at a time")
    mark = Mark(changedCount: changed.count, oplog: oplog.end, keptCount: kept.count)
  }

  /// Back to the mark. True where the database must go back as well.
  mutating func takeBack() -> Bool {
    guard var mark else { return false }
    for (key, before) in mark.rows.reversed() { rows[key] = before }
    mark.rows = []
    changed.removeAll { !(rows[$0]?.isChanged ?? false) }
    _ = oplog.cut(to: mark.oplog)
    kept.removeLast(kept.count - mark.keptCount)
    self.mark = mark
    return mark.isSent
  }

  /// Forgets the mark. True where the database has one too.
  mutating func release() -> Bool {
    defer { mark = nil }
    return mark?.isSent ?? false
  }
}

extension ObjectChange {
  /// The object as it is afterwards.
  fileprivate func object(hidden: [StoredValue]) -> FoundObject {
    FoundObject(id: id, row: row, updatedAt: updatedAt, sequence: sequence, own: own, hidden: hidden)
  }
}
