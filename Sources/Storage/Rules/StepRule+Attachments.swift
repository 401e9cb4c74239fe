import Wire

// Which attachments an object links, and bytes that come on their own.

extension StepRule {
  // MARK: Needs.

  static func needs(linking values: [StoredValue], in table: WrittenTable, _ context: StepContext) -> KeptNeeds? {
    guard table.attachments.contains(where: { !values[$0].isNull }) else { return nil }
    var needs = KeptNeeds()
    for position in table.attachments { needs.add(values[position], context) }
    return needs
  }

  static func needs(
    relinking old: FoundObject, to values: [StoredValue], in table: WrittenTable, _ context: StepContext
  ) -> KeptNeeds? {
    var needs = KeptNeeds()
    let before = table.values(old.own, old.hidden)
    for position in table.attachments where before[position] != values[position] {
      needs.add(values[position], context)
      needs.add(old.own[position], context)
    }
    // Which hidden columns the update empties is for `update` to say: what they link is rare and few.
    for index in table.hiddenAttachments { needs.add(old.hidden[index], context) }
    return needs.attachments.isEmpty ? nil : needs
  }

  static func needs(
    deleting id: ObjectID, of model: StoredModel, _ inputs: StepInputs, _ context: StepContext
  ) -> KeptNeeds? {
    guard let table = inputs.table, let old = inputs.object, table.links || model.name == context.appUser else {
      return nil
    }
    var needs = KeptNeeds()
    for position in table.attachments { needs.add(old.own[position], context) }
    for index in table.hiddenAttachments { needs.add(old.hidden[index], context) }
    if model.name == context.appUser { needs.user = id }
    return needs.attachments.isEmpty && needs.user == nil ? nil : needs
  }

  static func needs(receiving attachment: NewAttachment) -> KeptNeeds {
    var needs = KeptNeeds()
    needs.attachments = [attachment.id]
    needs.blobs = [attachment.hash]
    return needs
  }

  static func needs(receiving attachment: NewAttachment, _ kept: KeptRows?) -> KeptNeeds? {
    guard let row = kept?.attachments[attachment.id], row.links > 0, LedgerDraft(kept, at: 0).canReceive(row) else {
      return nil
    }
    var needs = KeptNeeds()
    needs.holders = attachment.id
    return needs
  }

  // MARK: Changes.

  /// The values with the present attachment wherever a new one is the same: same bytes, same name.
  static func settled(
    _ values: [StoredValue], over old: [StoredValue], _ table: WrittenTable, _ context: StepContext,
    _ draft: inout LedgerDraft
  ) -> [StoredValue] {
    if context.attachments.isEmpty || table.attachments.isEmpty { return values }
    var values = values
    for position in table.attachments {
      guard case .id(let id) = values[position], let new = context.attachments[id],
        case .id(let present) = old[position], draft.holds(present, theSameAs: new)
      else { continue }
      values[position] = old[position]
      draft.note(new.key, isLost: false)
    }
    return values
  }

  /// Counts who links which attachment, after an object went from one state to another; nil where nothing
  /// changes.
  static func links(
    from old: FoundObject?, to new: ObjectChange?, _ inputs: StepInputs, _ context: StepContext
  ) -> KeptChanges? {
    guard let table = inputs.table, table.links else { return nil }
    // A new object that links nothing, as most do.
    if old == nil, let new, table.attachments.allSatisfy({ new.own[$0].isNull }) { return nil }
    return links(from: old, to: new, table, context, LedgerDraft(inputs.kept, at: context.second))
  }

  static func links(
    from old: FoundObject?, to new: ObjectChange?, _ table: WrittenTable, _ context: StepContext, _ draft: LedgerDraft
  ) -> KeptChanges? {
    guard table.links else { return nil }
    var draft = draft
    for position in table.attachments {
      draft.relink(
        from: old?.own[position] ?? .null, to: new?.own[position] ?? .null, bringing: context.attachments)
    }
    for index in table.hiddenAttachments {
      let after = new.flatMap { $0.hidden.isEmpty ? nil : $0.hidden[index] } ?? .null
      draft.relink(from: old?.hidden[index] ?? .null, to: after, bringing: context.attachments)
    }
    return changes(of: draft)
  }

  static func changes(of draft: LedgerDraft) -> KeptChanges? {
    guard draft.isChanged else { return nil }
    var changes = KeptChanges()
    draft.put(into: &changes)
    return changes
  }

  /// Bytes that come on their own, and what that changes of the objects that wait for them.
  static func receive(_ attachment: NewAttachment, _ kept: KeptRows?, _ context: StepContext) -> Effect {
    var draft = LedgerDraft(kept, at: context.second)
    guard let links = draft.receive(attachment) else { return Effect(.idInUse) }
    var changes = KeptChanges()
    draft.put(into: &changes)
    if links > 0 {
      var last = context.lastSequence
      for var object in kept?.holders ?? [] {
        last = SequenceRule.next(after: last, milliseconds: context.milliseconds)
        object.sequence = last
        object.updatedAt = max(object.updatedAt, context.second)
        changes.linking.append(object)
      }
    }
    return Effect(.created(nil), kept: changes)
  }
}

extension KeptNeeds {
  /// The attachment, and the bytes that the plan brings for it.
  fileprivate mutating func add(_ value: StoredValue, _ context: StepContext) {
    guard case .id(let id) = value else { return }
    attachments.append(id)
    if let new = context.attachments[id] { blobs.append(new.hash) }
  }
}
