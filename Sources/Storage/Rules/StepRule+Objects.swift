import Wire

extension StepRule {
  /// Fields by position, as a patch has them.
  typealias Fields = [(position: Int, value: StoredValue)]

  /// The values that reads see, with those of the patch.
  static func merged(_ old: FoundObject, with fields: Fields, in table: WrittenTable) -> [StoredValue] {
    var values = table.values(old.own, old.hidden)
    for field in fields where values.indices.contains(field.position) { values[field.position] = field.value }
    return values
  }

  /// The insert itself says whether the id is in use: then nothing of the effect is stored.
  static func create(
    _ id: ObjectID, _ values: [StoredValue], _ inputs: StepInputs, _ context: StepContext
  ) -> Effect {
    guard let table = inputs.table else { return Effect(.refused) }
    assert(values.count == table.model.columns.count, "a value for each column")
    let (sequence, row, second) = (context.nextSequence, context.lastRow + 1, context.second)
    let change = ObjectChange(
      operation: .create, table: table, id: id, row: row, sequence: sequence, previous: inputs.deletion,
      updatedAt: second, own: values, hidden: [])
    let state =
      context.returnsStates
      ? ObjectState(id: id, updatedAt: second, row: row, sequence: sequence, values: values) : nil
    return Effect(.created(state), object: change, kept: links(from: nil, to: change, inputs, context))
  }

  /// Writes the fields that change. Null over a value of another type changes the object even where that
  /// value reads as null, if the step names the field: the value is discarded. A field that is not named keeps
  /// what it has, also what reads as null.
  static func update(
    _ old: FoundObject, to values: [StoredValue], naming fields: Fields?, _ inputs: StepInputs,
    _ context: StepContext
  ) -> Effect {
    guard let table = inputs.table else { return Effect(.refused) }
    assert(values.count == table.model.columns.count, "a value for each column")
    let before = table.values(old.own, old.hidden)
    var draft = LedgerDraft(inputs.kept, at: context.second)
    let values = settled(values, over: before, table, context, &draft)
    var change = ObjectChange(
      operation: .update, table: table, id: old.id, row: old.row, sequence: context.nextSequence,
      previous: old.sequence, updatedAt: max(old.updatedAt, context.second), own: old.own, hidden: old.hidden)
    for position in values.indices {
      guard
        values[position] != before[position]
          || values[position].isNull && table.holdsOther(at: position, in: old.hidden)
            && (fields?.contains { $0.position == position } ?? true)
      else { continue }
      change.changed.append(position)
      change.own[position] = values[position]
      // A value belongs to the type under which it was last written: those of other types go.
      for other in table.others(at: position) {
        change.cleared.append(other.index)
        change.hidden[other.index] = .null
      }
    }
    func state(_ updatedAt: Int64, _ sequence: Int64) -> ObjectState? {
      guard context.returnsStates else { return nil }
      return ObjectState(id: old.id, updatedAt: updatedAt, row: old.row, sequence: sequence, values: values)
    }
    guard !change.changed.isEmpty else {
      return Effect(.unchanged(state(old.updatedAt, old.sequence)), kept: changes(of: draft))
    }
    return Effect(
      .updated(state(change.updatedAt, change.sequence)), object: change,
      kept: links(from: old, to: change, table, context, draft))
  }

  static func delete(_ inputs: StepInputs, _ context: StepContext) -> Effect {
    guard let table = inputs.table, let old = inputs.object else { return Effect(.missing) }
    let change = ObjectChange(
      operation: .delete, table: table, id: old.id, row: old.row, sequence: context.nextSequence,
      previous: old.sequence, updatedAt: max(old.updatedAt, context.second), own: old.own, hidden: old.hidden)
    var kept = links(from: old, to: nil, inputs, context)
    if table.model.name == context.appUser {
      var user = inputs.kept?.user ?? UserRecord(id: old.id)
      user.objectWasDeleted(at: context.instant)
      var changes = kept ?? KeptChanges()
      changes.user = KeptChanges.UserChange(old: inputs.kept?.user, new: user)
      changes.endsSessions = true
      kept = changes
    }
    return Effect(.deleted, object: change, kept: kept)
  }
}
