import Wire

/// What a write means: which rows a step needs, and what it does to them. Pure: engines read what `needs` names and
/// store what `apply` says, and decide nothing.
///
/// ```
/// needs(step)          the object, or rows beside the objects   one reading
/// needs(step, inputs)  what those rows name                     one more, for few steps
/// stale(step, inputs, conditions)  where a precondition fails, and nothing is done
/// apply(step, inputs, context) -> Effect
/// ```
package enum StepRule {
  /// - Parameter isConditional: whether the plan has a precondition on the step's object.
  package static func needs(_ step: WriteStep, isConditional: Bool = false) -> StepNeeds {
    switch step {
    case .refused: .nothing
    case .create(let model, let id, _), .createNew(let model, let id, _):
      isConditional ? .object(model, id) : .nothing
    case .put(let model, let id, _), .patch(let model, let id, _), .delete(let model, let id): .object(model, id)
    case .receive(let attachment): .kept(needs(receiving: attachment))
    case .kept(let step): .kept(needs(step))
    }
  }

  /// The id whose last deletion is to be looked for, so that the history of an object that comes again goes on; nil
  /// where the step makes no object, or makes one under an id that nothing ever had.
  package static func idToLookFor(_ step: WriteStep, _ inputs: StepInputs) -> ObjectID? {
    switch step {
    case .create(_, let id, _): id
    case .put(_, let id, _): inputs.object == nil ? id : nil
    case .createNew, .patch, .delete, .receive, .refused, .kept: nil
    }
  }

  /// What the rows that were read make necessary; nil where nothing, as for most steps.
  package static func needs(_ step: WriteStep, _ inputs: StepInputs, in context: StepContext) -> KeptNeeds? {
    switch step {
    case .refused: return nil
    case .receive(let attachment): return needs(receiving: attachment, inputs.kept)
    case .kept(let step): return needs(step, inputs.kept)
    case .delete(let model, let id): return needs(deleting: id, of: model, inputs, context)
    case .create(_, _, let values), .createNew(_, _, let values), .put(_, _, let values):
      guard let table = inputs.table, table.links else { return nil }
      return inputs.object.map { needs(relinking: $0, to: values, in: table, context) }
        ?? needs(linking: values, in: table, context)
    case .patch(_, _, let fields):
      guard let table = inputs.table, table.links, let old = inputs.object else { return nil }
      return needs(relinking: old, to: merged(old, with: fields, in: table), in: table, context)
    }
  }

  /// What a step comes to whose object is not as the plan's preconditions want it; nil where all hold. What was
  /// refused before stays refused.
  package static func stale(
    _ step: WriteStep, _ inputs: StepInputs, _ conditions: [ObjectCondition]
  ) -> StepOutcome? {
    if conditions.isEmpty { return nil }
    if case .refused = step { return nil }
    let object = inputs.object
    return conditions.allSatisfy { $0.holds(for: object) } ? nil : .stale(sequence: object?.sequence)
  }

  /// An effect that is a failure changes nothing.
  package static func apply(_ step: WriteStep, _ inputs: StepInputs, in context: StepContext) -> Effect {
    switch step {
    case .refused: return Effect(.refused)
    case .create(_, let id, let values), .createNew(_, let id, let values):
      return create(id, values, inputs, context)
    case .put(_, let id, let values):
      guard let old = inputs.object else { return create(id, values, inputs, context) }
      return update(old, to: values, naming: nil, inputs, context)
    case .patch(_, _, let fields):
      guard let old = inputs.object, let table = inputs.table else { return Effect(.missing) }
      return update(old, to: merged(old, with: fields, in: table), naming: fields, inputs, context)
    case .delete: return delete(inputs, context)
    case .receive(let attachment): return receive(attachment, inputs.kept, context)
    case .kept(let step): return apply(step, inputs.kept ?? KeptRows(), context)
    }
  }
}
