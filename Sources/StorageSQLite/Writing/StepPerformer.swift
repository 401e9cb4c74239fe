import DataModel
import Storage
import Wire

/// Does the steps of plans inside the writer's transaction: checks the precondition, writes the object,
/// appends the oplog. Keeps the counters that the transaction will store.
final class StepPerformer {
  let connection: Connection
  /// Objects and the last place in the order of creation, by model number.
  private(set) var counters: [Int: Counter]
  private var changed: Set<Int> = []
  private(set) var lastSequence: Int64
  /// Models with objects that this transaction wrote; those of plans that were taken back too.
  private var touched: Set<Int> = []
  private var statements: [StoredModel.Binding: Statements] = [:]
  private let oplog: Statement
  private var state = ByteWriter(capacity: 4096)
  private let sharing: UserSharing
  /// Whether a step may have ended sessions since this was cleared.
  var hasEndedSessions = false
  private let ledger: AttachmentLedger

  struct Counter {
    var count: Int64
    var lastRow: Int64
  }

  /// What a rolled-back plan takes back.
  struct Mark {
    fileprivate let counters: [Int: Counter]
    fileprivate let changed: Set<Int>
    fileprivate let lastSequence: Int64
  }

  private final class Statements {
    let insert: Statement
    let select: Statement
    let delete: Statement
    let types: [ColumnType]
    let table: WrittenTable
    /// The places of attachments among the model's columns.
    let attachments: [Int]
    /// The same in `table.hidden`.
    let hiddenAttachments: [Int]

    init(_ model: StoredModel, on connection: Connection) throws {
      table = WrittenTable(model, layout: try TableLayout(ofModel: model.number, on: connection))
      let places = String(repeating: ", ?", count: model.columns.count)
      insert = try Statement(
        "INSERT INTO \(model.table) (\(table.ownSelection)) VALUES (?, ?, ?, ?\(places))", on: connection)
      select = try Statement("SELECT \(table.selection) FROM \(model.table) WHERE id = ?", on: connection)
      delete = try Statement("DELETE FROM \(model.table) WHERE n = ?", on: connection)
      types = model.types
      attachments = model.columns.indices.filter { FieldType.isAttachment(model.columns[$0].storedType) }
      let hidden = table.hidden
      hiddenAttachments = hidden.indices.filter { FieldType.isAttachment(hidden[$0].storedType) }
    }
  }

  /// An object as it is found.
  private struct Found {
    /// With the values that reads see.
    var state: ObjectState
    /// As they lie in the columns of the plan's data model.
    var own: [StoredValue]
    /// Of the columns that this data model does not show.
    var hidden: [StoredValue]
  }

  /// Sequences go on above `floor`, whatever the oplog holds.
  init(_ connection: Connection, floor: Int64 = 0, users sharing: UserSharing = UserSharing()) throws {
    self.sharing = sharing
    self.connection = connection
    ledger = AttachmentLedger(connection: connection)
    self.oplog = try Statement(
      """
      INSERT INTO oplog (sequence, model, operation, id, updated_at, origin, state)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, on: connection)
    let sequence = try connection.statement("SELECT max(sequence) FROM oplog")
    lastSequence = max(floor, try sequence.step() ? sequence.integer(0) : 0)
    sequence.reset()
    counters = [:]
    let rows = try connection.statement("SELECT number, count, last_row FROM models")
    while try rows.step() {
      counters[Int(rows.integer(0))] = Counter(count: rows.integer(1), lastRow: rows.integer(2))
    }
    rows.reset()
  }

  var mark: Mark { Mark(counters: counters, changed: changed, lastSequence: lastSequence) }

  func takeBack(to mark: Mark) {
    counters = mark.counters
    changed = mark.changed
    lastSequence = mark.lastSequence
  }

  /// Writes the counters that changed. The last thing before the commit.
  func storeCounters() throws {
    for model in changed {
      guard let counter = counters[model] else { continue }
      let store = try connection.statement("UPDATE models SET count = ?, last_row = ? WHERE number = ?")
      store.bind(1, integer: counter.count)
      store.bind(2, integer: counter.lastRow)
      store.bind(3, integer: Int64(model))
      try store.run()
    }
    changed.removeAll(keepingCapacity: true)
  }

  /// The numbers of the models whose objects were written since this was asked last.
  func takeTouched() -> Set<Int> {
    defer { touched.removeAll(keepingCapacity: true) }
    return touched
  }

  /// Does one step. An outcome that is a failure has written nothing.
  func perform(
    _ step: WriteStep, of plan: WritePlan, atMilliseconds now: Int64
  ) throws -> StepOutcome {
    switch step {
    case .refused: return .refused
    case .receive(let attachment): return try receive(attachment, of: plan, at: now)
    case .create(let model, let id, let values):
      return try insert(model, id, values, of: plan, at: now).map { .created($0) } ?? .idInUse
    case .put(let model, let id, let values):
      guard let old = try find(model, id) else {
        return try insert(model, id, values, of: plan, at: now).map { .created($0) } ?? .idInUse
      }
      return try update(model, old, to: values, of: plan, at: now) { _ in true }
    case .patch(let model, let id, let fields):
      guard let old = try find(model, id) else { return .missing }
      var values = old.state.values
      for field in fields { values[field.position] = field.value }
      // A field that is not named keeps what it has, also what reads as null.
      return try update(model, old, to: values, of: plan, at: now) { position in
        fields.contains { $0.position == position }
      }
    case .delete(let model, let id):
      guard let old = try find(model, id) else { return .missing }
      let sequence = nextSequence(at: now)
      let delete = try statements(of: model).delete
      delete.bind(1, integer: old.state.row)
      try delete.run()
      try relink(model, from: old, to: nil, of: plan, at: now)
      try append(
        .delete, model, old.state.id, updatedAt: max(old.state.updatedAt, now / 1000), sequence: sequence,
        own: old.own, hidden: old.hidden, of: plan)
      if model.name == sharing.model {
        hasEndedSessions = true
        try users.objectWasDeleted(id, at: Instant(clampingMilliseconds: now))
      }
      count(model, by: -1)
      return .deleted
    }
  }

  /// Why the session's device may not write; nil where it may.
  func refusal(of session: ObjectID) throws -> StorageError? {
    let state = try users.state(ofSession: session)
    return state == .enrolled ? nil : .sessionEnded(state ?? .reset)
  }

  private var users: UserTables { UserTables(connection: connection) }

  // MARK: Objects.

  private func find(_ model: StoredModel, _ id: ObjectID) throws -> Found? {
    let statements = try statements(of: model)
    let select = statements.select
    select.bind(1, id: id)
    defer { select.reset() }
    guard try select.step() else { return nil }
    var own: [StoredValue] = []
    own.reserveCapacity(statements.types.count)
    for (position, type) in statements.types.enumerated() {
      own.append(try select.value(Int32(position + 4), as: type))
    }
    let hidden = try statements.table.hidden.indices.map { try select.value(Int32($0 + own.count + 4)) }
    let state = ObjectState(
      id: id, updatedAt: select.integer(1), row: select.integer(2), sequence: select.integer(3),
      values: statements.table.values(own, hidden))
    return Found(state: state, own: own, hidden: hidden)
  }

  /// Nil when the id is in use. The outer optional is that; the inner says whether states are wanted.
  private func insert(
    _ model: StoredModel, _ id: ObjectID, _ values: [StoredValue], of plan: WritePlan, at now: Int64
  ) throws -> ObjectState?? {
    let sequence = nextSequence(at: now)
    let row = (counters[model.number]?.lastRow ?? 0) + 1
    let updatedAt = now / 1000
    let insert = try statements(of: model).insert
    insert.bind(1, id: id)
    insert.bind(2, integer: updatedAt)
    insert.bind(3, integer: row)
    insert.bind(4, integer: sequence)
    for (position, value) in values.enumerated() { insert.bind(Int32(position + 5), value) }
    guard try insert.runUnlessTaken() else { return nil }
    try relink(model, from: nil, to: (values, []), of: plan, at: now)
    try append(
      .create, model, id, updatedAt: updatedAt, sequence: sequence, own: values, hidden: [], of: plan)
    count(model, by: 1, row: row)
    return .some(
      plan.returnsStates
        ? ObjectState(id: id, updatedAt: updatedAt, row: row, sequence: sequence, values: values) : nil)
  }

  /// Writes the fields that change. Null over a value of another type changes the object even where that
  /// value reads as null, if the step names the field: the value is discarded.
  private func update(
    _ model: StoredModel, _ old: Found, to values: [StoredValue], of plan: WritePlan, at now: Int64,
    isNamed: (Int) -> Bool
  ) throws -> StepOutcome {
    let table = try statements(of: model).table
    let values = try settled(values, of: model, over: old.state.values, of: plan)
    let changes = values.indices.filter { position in
      values[position] != old.state.values[position]
        || values[position].isNull && table.holdsOther(at: position, in: old.hidden) && isNamed(position)
    }
    if changes.isEmpty { return .unchanged(plan.returnsStates ? old.state : nil) }
    let sequence = nextSequence(at: now)
    let updatedAt = max(old.state.updatedAt, now / 1000)
    // Only what changes is named: SQLite then leaves the other columns' indexes alone.
    var assignments = ""
    var (own, hidden) = (old.own, old.hidden)
    for position in changes {
      assignments += ", \(model.columns[position].ownName) = ?"
      own[position] = values[position]
      // A value belongs to the type under which it was last written: those of other types go.
      for other in table.others(at: position) {
        assignments += ", c\(table.hidden[other.place].number) = NULL"
        hidden[other.place] = .null
      }
    }
    let update = try connection.statement(
      "UPDATE \(model.table) SET updated_at = ?, sequence = ?\(assignments) WHERE n = ?")
    update.bind(1, integer: updatedAt)
    update.bind(2, integer: sequence)
    for (place, position) in changes.enumerated() { update.bind(Int32(place + 3), values[position]) }
    update.bind(Int32(changes.count + 3), integer: old.state.row)
    try update.run()
    try relink(model, from: old, to: (own, hidden), of: plan, at: now)
    try append(
      .update, model, old.state.id, updatedAt: updatedAt, sequence: sequence, own: own, hidden: hidden, of: plan)
    return .updated(
      plan.returnsStates
        ? ObjectState(
          id: old.state.id, updatedAt: updatedAt, row: old.state.row, sequence: sequence, values: values)
        : nil)
  }

  /// The entry holds the whole row, also what the plan's data model does not show: each value under the
  /// number of the column in which it lies.
  private func append(
    _ operation: OplogEntry.Operation, _ model: StoredModel, _ id: ObjectID, updatedAt: Int64,
    sequence: Int64, own: [StoredValue], hidden: [StoredValue], of plan: WritePlan
  ) throws {
    state.removeAll()
    for (position, value) in own.enumerated() {
      StateCoding.append(column: model.columns[position].number, value: value, to: &state)
    }
    if !hidden.isEmpty {
      for (column, value) in zip(try statements(of: model).table.hidden, hidden) {
        StateCoding.append(column: column.number, value: value, to: &state)
      }
    }
    try note(operation, model.number, id, updatedAt: updatedAt, sequence: sequence, of: plan)
  }

  /// Writes the entry of what lies in `state`.
  private func note(
    _ operation: OplogEntry.Operation, _ model: Int, _ id: ObjectID, updatedAt: Int64, sequence: Int64,
    of plan: WritePlan
  ) throws {
    touched.insert(model)
    oplog.bind(1, integer: sequence)
    oplog.bind(2, integer: Int64(model))
    oplog.bind(3, integer: Int64(operation.rawValue))
    oplog.bind(4, id: id)
    oplog.bind(5, integer: updatedAt)
    oplog.bind(6, text: plan.origin)
    state.withBytes { oplog.bind(7, blob: $0) }
    try oplog.run()
    lastSequence = sequence
  }

  // MARK: Attachments.

  /// The values with the present attachment wherever a new one is the same: same bytes, same name.
  private func settled(
    _ values: [StoredValue], of model: StoredModel, over old: [StoredValue], of plan: WritePlan
  ) throws -> [StoredValue] {
    if plan.attachments.isEmpty { return values }
    var values = values
    for position in try statements(of: model).attachments {
      guard case .id(let id) = values[position], let new = plan.attachments[id], case .id(let present) = old[position],
        try ledger.holds(present, theSameAs: new)
      else { continue }
      values[position] = old[position]
      try ledger.note(new.hash, isLost: false)
    }
    return values
  }

  /// Counts who links which attachment, after an object went from one state to another.
  private func relink(
    _ model: StoredModel, from old: Found?, to new: (own: [StoredValue], hidden: [StoredValue])?, of plan: WritePlan,
    at now: Int64
  ) throws {
    let statements = try statements(of: model)
    if statements.attachments.isEmpty, statements.hiddenAttachments.isEmpty { return }
    for (places, before, after) in [
      (statements.attachments, old?.own, new?.own), (statements.hiddenAttachments, old?.hidden, new?.hidden),
    ] {
      for place in places {
        let (left, linked) = (
          before.map { $0[place] } ?? .null, after.flatMap { $0.isEmpty ? nil : $0[place] } ?? .null
        )
        guard left != linked else { continue }
        if case .id(let id) = linked { try ledger.link(id, bringing: plan.attachments[id], at: now / 1000) }
        if case .id(let id) = left { try ledger.unlink(id, at: now / 1000) }
      }
    }
  }

  /// Bytes that come on their own, and what that changes of the objects that wait for them.
  private func receive(_ attachment: NewAttachment, of plan: WritePlan, at now: Int64) throws -> StepOutcome {
    guard let links = try ledger.receive(attachment, at: now / 1000) else { return .idInUse }
    if links > 0 {
      try ledger.eachLinking(attachment.id) { found in
        let sequence = nextSequence(at: now)
        let updatedAt = max(found.updatedAt, now / 1000)
        try ledger.touch(found, updatedAt: updatedAt, sequence: sequence)
        state.removeAll()
        for (column, value) in found.values { StateCoding.append(column: column, value: value, to: &state) }
        try note(.update, found.model, found.id, updatedAt: updatedAt, sequence: sequence, of: plan)
      }
    }
    return .created(nil)
  }

  // MARK: Small things.

  private func nextSequence(at now: Int64) -> Int64 {
    SequenceRule.next(after: lastSequence, milliseconds: now)
  }

  private func count(_ model: StoredModel, by change: Int64, row: Int64? = nil) {
    var counter = counters[model.number] ?? Counter(count: 0, lastRow: 0)
    counter.count += change
    if let row { counter.lastRow = row }
    counters[model.number] = counter
    changed.insert(model.number)
  }

  private func statements(of model: StoredModel) throws -> Statements {
    if let found = statements[model.binding] { return found }
    // A deploy makes new bindings; those before it are not asked for much longer.
    if statements.count > 200 { statements.removeAll() }
    let made = try Statements(model, on: connection)
    statements[model.binding] = made
    return made
  }
}
